import { Option } from '../commander.ts';
import { type NewOptions, newCommand, STARTER_KINDS } from '../new-command.ts';
import type { AddCommand } from './context.ts';

export const addNew: AddCommand = (program, { terminal, end }) => {
  program
    .command('new')
    .description('write a commented scenario to begin with')
    .argument('<scenario>', 'the file, - for standard output')
    .addOption(
      new Option(
        '--kind <kind>',
        'Linux in a partition, a KVM host with a guest, or a program of I/O instructions',
      )
        .choices(STARTER_KINDS)
        .default('partition'),
    )
    .option('--force', 'overwrite the file when it is there', false)
    .action((file: string, options: NewOptions) => end(newCommand(terminal, file, options)));
};
