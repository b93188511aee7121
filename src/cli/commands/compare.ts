import type { RegressionLimit } from '../../experiment/regression-limits.ts';
import { findMetric } from '../../scenario/metrics.ts';
import { Option } from '../commander.ts';
import { type CompareOptions, compareCommand } from '../compare-command.ts';
import { COMPARE_FORMATS, type CompareFormat } from '../compare-text.ts';
import { UsageError } from '../usage-error.ts';
import type { AddCommand } from './context.ts';
import {
  collect,
  jobsFrom,
  jobsOption,
  precisionFrom,
  progressOption,
  repetitionsFrom,
  scenarioOptions,
  shareOption,
  timeOption,
} from './options.ts';

export const addCompare: AddCommand = (program, { terminal, info, end }) => {
  scenarioOptions(program.command('compare'))
    .description('tell how runs differ, beyond chance; the first is the reference')
    .argument('<run...>', 'folders or manifests of runs, folders of repetitions, or one scenario')
    .option('--reps <number>', 'repetitions of each run of a scenario', '10')
    .addOption(jobsOption(terminal))
    .option('--until <time>', 'end the runs of a scenario at this simulated time (2s, 300ms)')
    .option('--metric <metric>', 'compare only this metric (repeatable)', collect, [])
    .option(
      '--max-regression <metric=percent%>',
      'end with code 4 when this metric is worse by more, for instance io.response.p99=5% (repeatable)',
      collect,
      [],
    )
    .option(
      '--until-precision <metric=percent%>',
      'repeat until the difference is known to so much of the reference, for instance io.response.p99=2% (repeatable)',
      collect,
      [],
    )
    .option('--max-reps <number>', 'most repetitions for --until-precision', '100')
    .addOption(new Option('--format <format>', 'what is printed').choices(COMPARE_FORMATS).default('text'))
    .option('--json', 'short for --format json')
    .option('--all', 'list every metric of every phase', false)
    .option('--force', 'compare as far as possible what is not comparable', false)
    .addOption(progressOption())
    .option('--no-color', 'print without colour')
    .action(async (targets: string[], flags: CompareFlags) =>
      end(await compareCommand(terminal, info, targets, compareOptions(flags))),
    );
};

interface CompareFlags
  extends Omit<CompareOptions, 'reps' | 'jobs' | 'untilNs' | 'limits' | 'format' | 'precision' | 'maxReps'> {
  readonly reps: string;
  readonly jobs: string;
  readonly maxRegression: readonly string[];
  readonly untilPrecision: readonly string[];
  readonly maxReps: string;
  readonly format: CompareFormat;
  readonly json?: boolean;
}

function compareOptions({
  reps,
  jobs,
  maxRegression,
  untilPrecision,
  maxReps,
  json,
  ...flags
}: CompareFlags): CompareOptions {
  const unknown = flags.metric.find((metric) => findMetric(metric) === undefined);
  if (unknown !== undefined) throw new UsageError(`--metric: there is no metric ${unknown}`);
  return {
    ...flags,
    reps: repetitionsFrom('--reps', reps),
    jobs: jobsFrom(jobs),
    precision: untilPrecision.map(precisionFrom),
    maxReps: repetitionsFrom('--max-reps', maxReps),
    untilNs: flags.until === undefined ? null : timeOption('--until', flags.until),
    limits: maxRegression.map((text): RegressionLimit => shareOption('--max-regression', text)),
    format: json === true ? 'json' : flags.format,
  };
}
