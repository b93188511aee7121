import { Option } from '../commander.ts';
import { FORMATS, type Format } from '../result-formats.ts';
import { type RunOptions, runCommand } from '../run-command.ts';
import type { AddCommand } from './context.ts';
import { outFolder, progressOption, scenarioOptions, timeOption } from './options.ts';

export const addRun: AddCommand = (program, { terminal, info, argv, end }) => {
  scenarioOptions(program.command('run'))
    .description('simulate every run of a scenario and write its results')
    .argument('<scenario>', 'scenario file, - for standard input')
    .option('--until <time>', 'end the run at this simulated time (2s, 300ms)')
    .option('--out <folder>', 'folder for results', outFolder(terminal))
    .addOption(
      new Option('--format <format>', 'what is printed: text for people, or one of the others for programs')
        .choices(FORMATS)
        .default('text'),
    )
    .option('--json', 'short for --format json')
    .option('--junit <file>', 'write thresholds and expectations as JUnit XML')
    .option('--details', 'print all figures of each run, where several are compared', false)
    .option('--steps', 'list every check of an instruction script, not only those that failed', false)
    .option('--fingerprint <hex>', 'end with code 4 unless the run has this fingerprint')
    .option('--dry-run', 'check the scenario and name its runs, simulate nothing', false)
    .option('--force', 'run again what has been run already', false)
    .addOption(progressOption())
    .option('--no-color', 'print without colour')
    .action(async (file: string, flags: RunFlags) =>
      end(await runCommand(terminal, info, argv, file, runOptions(flags))),
    );
};

interface RunFlags extends Omit<RunOptions, 'untilNs' | 'format'> {
  readonly format: Format;
  readonly json?: boolean;
}

function runOptions({ json, ...flags }: RunFlags): RunOptions {
  const untilNs = flags.until === undefined ? null : timeOption('--until', flags.until);
  return { ...flags, untilNs, format: json === true ? 'json' : flags.format };
}
