import { checkBaseline, saveBaseline } from '../baseline-command.ts';
import type { ProgressMode } from '../progress.ts';
import type { AddCommand } from './context.ts';
import { collect, jobsFrom, jobsOption, progressOption, repetitionsFrom } from './options.ts';

export const addBaseline: AddCommand = (program, { terminal, end }) => {
  const baseline = program
    .command('baseline')
    .description('write down what scenarios measure, and tell later what has changed');
  baseline
    .command('save')
    .description('measure scenarios and write a file to be committed')
    .argument('<file>', 'the baseline, JSON')
    .argument('<scenario...>', 'scenario files')
    .option('--reps <number>', 'repetitions of each run', '5')
    .option('--set <path=value>', 'change one value of the scenarios (repeatable)', collect, [])
    .addOption(jobsOption(terminal))
    .addOption(progressOption())
    .action(async (file: string, scenarios: string[], { reps, ...flags }: SaveFlags) =>
      end(
        await saveBaseline(terminal, file, scenarios, {
          ...flags,
          reps: repetitionsFrom('--reps', reps),
          jobs: jobsFrom(flags.jobs),
        }),
      ),
    );
  baseline
    .command('check')
    .description('measure again and end with code 4 when a figure changed beyond chance')
    .argument('<file>', 'the baseline')
    .argument('[scenario...]', 'only these of its scenarios')
    .option('--strict', 'fail when the events are others, even if no figure tells', false)
    .addOption(jobsOption(terminal))
    .addOption(progressOption())
    .action(async (file: string, scenarios: string[], flags: CheckFlags) =>
      end(await checkBaseline(terminal, file, scenarios, { ...flags, jobs: jobsFrom(flags.jobs) })),
    );
};

interface CheckFlags {
  readonly jobs: string;
  readonly progress: ProgressMode;
  readonly strict: boolean;
}

interface SaveFlags {
  readonly jobs: string;
  readonly progress: ProgressMode;
  readonly reps: string;
  readonly set: readonly string[];
}
