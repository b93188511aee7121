import { tieOrder } from '../../scenario/tie-order.ts';
import { Option } from '../commander.ts';
import type { RepeatOptions } from '../repeat-command.ts';
import { FORMATS, type Format } from '../result-formats.ts';
import { type RunOptions, runCommand } from '../run-command.ts';
import { UsageError } from '../usage-error.ts';
import type { AddCommand } from './context.ts';
import {
  collect,
  jobsFrom,
  jobsOption,
  outFolder,
  precisionFrom,
  progressOption,
  repetitionsFrom,
  scenarioOptions,
  timeOption,
  wholeOption,
} from './options.ts';

export const addRun: AddCommand = (program, { terminal, info, argv, end }) => {
  scenarioOptions(program.command('run'))
    .description('simulate every run of a scenario and write its results')
    .argument('<scenario>', 'scenario file, - for standard input')
    .option('--until <time>', 'end the run at this simulated time (2s, 300ms)')
    .option('--reps <number>', 'make each run with so many seeds and print means with intervals', '1')
    .addOption(jobsOption(terminal))
    .option(
      '--batches <number>',
      'confidence intervals of one long run, by batch means (30 are usual)',
      batchesFrom,
    )
    .option(
      '--until-precision <metric=percent%>',
      'repeat until the interval of this metric is so narrow, for instance io.response.p99=2% (repeatable)',
      collect,
      [],
    )
    .option('--max-reps <number>', 'most repetitions for --until-precision', '100')
    .option(
      '--ties <order>',
      'order of events of equal time and priority: fifo, lifo, shuffle:SEED',
      checkTies,
    )
    .option('--out <folder>', 'folder for results', outFolder(terminal))
    .addOption(
      new Option('--format <format>', 'what is printed: text for people, or one of the others for programs')
        .choices(FORMATS)
        .default('text'),
    )
    .option('--json', 'short for --format json')
    .option('--hlog', 'write response times of each interval as HdrHistograms (response.hlog)', false)
    .option('--junit <file>', 'write thresholds and expectations as JUnit XML')
    .option('--details', 'print all figures of each run, where several are compared', false)
    .option(
      '--theory',
      'print exact values of queueing theory beside the simulation, where there are any',
      false,
    )
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

/** The scenario's own key has the same limits. */
const batchesFrom = (text: string): string =>
  String(wholeOption('--batches', text, 2, 'a number of batches, 2 to 1000'));

function checkTies(name: string): string {
  if (tieOrder(name) !== null) return name;
  throw new UsageError(`--ties ${name}: expected fifo, lifo, or shuffle: and a seed (shuffle:1)`);
}

interface RunFlags extends Omit<RunOptions, 'untilNs' | 'format' | keyof RepeatOptions> {
  readonly reps: string;
  readonly jobs: string;
  readonly untilPrecision: readonly string[];
  readonly maxReps: string;
  readonly format: Format;
  readonly json?: boolean;
}

function runOptions({ json, reps, jobs, untilPrecision, maxReps, ...flags }: RunFlags): RunOptions {
  const untilNs = flags.until === undefined ? null : timeOption('--until', flags.until);
  return {
    ...flags,
    untilNs,
    format: json === true ? 'json' : flags.format,
    reps: repetitionsFrom('--reps', reps),
    jobs: jobsFrom(jobs),
    precision: untilPrecision.map(precisionFrom),
    maxReps: repetitionsFrom('--max-reps', maxReps),
  };
}
