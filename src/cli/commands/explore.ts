import { type ExploreCommandOptions, exploreCommand } from '../explore-command.ts';
import type { AddCommand } from './context.ts';
import { outFolder, progressOption, scenarioOptions } from './options.ts';

export const addExplore: AddCommand = (program, { terminal, info, end }) => {
  scenarioOptions(program.command('explore'))
    .description('run a scenario in every order of the events in its window and look for one that fails')
    .argument('<scenario>', 'scenario file, - for standard input')
    .option('--out <folder>', 'folder for the order that fails', outFolder(terminal))
    .option('--events', 'list the events of the window in their natural order', false)
    .option('--json', 'print one JSON object', false)
    .addOption(progressOption())
    .option('--no-color', 'print without colour')
    .action(async (file: string, options: ExploreCommandOptions) =>
      end(await exploreCommand(terminal, info, file, options)),
    );
};
