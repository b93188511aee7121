import { Argument } from '../commander.ts';
import type { ProgressMode } from '../progress.ts';
import { SHOWN, type ShowKind, showCommand } from '../show-command.ts';
import type { AddCommand } from './context.ts';
import { progressOption, timeOption } from './options.ts';

export const addShow: AddCommand = (program, { terminal, end }) => {
  program
    .command('show')
    .description('show the state at a simulated time as lschp, lscss or lsdasd would')
    .addArgument(new Argument('<what>', 'chp, css or dasd').choices(SHOWN))
    .argument('<run>', 'manifest.json or the folder of a run')
    .requiredOption('--at <time>', 'simulated time (12.5s, 300ms); the run is made again up to there')
    .option('--system <name>', 'only what this Linux shows')
    .option('--vpm', 'css: with the mask of the paths that passed verification', false)
    .addOption(progressOption())
    .action(async (what: ShowKind, run: string, { at, system, vpm, progress }: ShowFlags) =>
      end(
        await showCommand(terminal, what, run, {
          atNs: timeOption('--at', at),
          system: system ?? null,
          vpm,
          progress,
        }),
      ),
    );
};

interface ShowFlags {
  readonly at: string;
  readonly system?: string;
  readonly vpm: boolean;
  readonly progress: ProgressMode;
}
