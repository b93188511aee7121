import { explainCommand } from '../explain-command.ts';
import type { AddCommand } from './context.ts';

export const addExplain: AddCommand = (program, { terminal, end }) => {
  program
    .command('explain')
    .description('say what an event, metric, column of a comparison, error or exit code is')
    .argument('<topic>', 'for instance crw.channel-path, io.response.p99 or 3')
    .action((topic: string) => end(explainCommand(terminal, topic)));
};
