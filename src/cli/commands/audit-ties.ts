import { type AuditTiesOptions, auditTiesCommand } from '../audit-ties-command.ts';
import type { AddCommand } from './context.ts';
import { progressOption, scenarioOptions, wholeOption } from './options.ts';

export const addAuditTies: AddCommand = (program, { terminal, end }) => {
  scenarioOptions(program.command('audit-ties'))
    .description('find out whether results depend on the order of events of equal time and priority')
    .argument('<scenario>', 'scenario file, - for standard input')
    .option('--shuffles <number>', 'random orders that are tried besides the reversed one', '3')
    .addOption(progressOption())
    .action(async (file: string, { shuffles, ...flags }: AuditTiesFlags) =>
      end(
        await auditTiesCommand(terminal, file, {
          ...flags,
          shuffles: wholeOption('--shuffles', shuffles, 0, 'a number of orders'),
        }),
      ),
    );
};

interface AuditTiesFlags extends Omit<AuditTiesOptions, 'shuffles'> {
  readonly shuffles: string;
}
