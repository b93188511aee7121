import { type DiffTraceOptions, diffTraceCommand } from '../diff-trace-command.ts';
import type { AddCommand } from './context.ts';
import { collectNames, wholeOption } from './options.ts';

export const addDiffTrace: AddCommand = (program, { terminal, end }) => {
  program
    .command('diff-trace')
    .description('lay a run beside a recorded trace of a real system')
    .argument('<recording>', 'ftrace text or log of QEMU')
    .argument('<run>', 'folder or manifest of a run, or a trace that it wrote')
    .option('--from <time>', 'only what the run did from here on: a time, or a phase from its beginning')
    .option('--to <time>', 'only what it did before: a time, or a phase up to its end')
    .option('--system <name>', 'whose trace, when the run has several systems')
    .option(
      '--events <tracepoint>',
      'only these events (repeatable, or separated by commas)',
      collectNames,
      [],
    )
    .option('--context <lines>', 'lines shown around the first difference', '5')
    .action(async (recording: string, run: string, { context, ...flags }: DiffTraceFlags) => {
      const lines = wholeOption('--context', context, 0, 'a number of lines');
      end(await diffTraceCommand(terminal, recording, run, { ...flags, context: lines }));
    });
};

interface DiffTraceFlags extends Omit<DiffTraceOptions, 'context'> {
  readonly context: string;
}
