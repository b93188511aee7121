import { reportCommand } from '../report-command.ts';
import type { AddCommand } from './context.ts';

export const addReport: AddCommand = (program, { terminal, end }) => {
  program
    .command('report')
    .description('say what runs have found, in Markdown or as a page with figures; nothing is simulated')
    .argument('<run...>', 'folders of runs of one scenario, or a folder that holds them')
    .option('--html <file>', 'write one page that needs no other file instead')
    .action(async (targets: string[], { html }: { html?: string }) =>
      end(await reportCommand(terminal, targets, { html: html ?? null })),
    );
};
