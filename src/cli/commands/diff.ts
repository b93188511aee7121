import { type DiffOptions, diffCommand } from '../diff-command.ts';
import type { AddCommand } from './context.ts';
import { progressOption, wholeOption } from './options.ts';

export const addDiff: AddCommand = (program, { terminal, end }) => {
  program
    .command('diff')
    .description('find where two runs part, and what their scenarios differ in')
    .argument('<left>', 'manifest.json or the folder of a run')
    .argument('<right>', 'the run to lay beside it')
    .option('--context <events>', 'events shown before and after the first difference', '10')
    .addOption(progressOption())
    .action(async (left: string, right: string, flags: DiffFlags) =>
      end(await diffCommand(terminal, left, right, diffOptions(flags))),
    );
};

interface DiffFlags extends Pick<DiffOptions, 'progress'> {
  readonly context: string;
}

const diffOptions = ({ context, progress }: DiffFlags): DiffOptions => ({
  context: wholeOption('--context', context, 0, 'a number of events'),
  progress,
});
