import { Argument } from '../commander.ts';
import {
  type ImportOptions,
  importMachineCommand,
  MACHINE_TOOLS,
  type MachineTool,
} from '../import-command.ts';
import type { AddCommand } from './context.ts';
import { collect } from './options.ts';

export const addImport: AddCommand = (program, { terminal, end }) => {
  program
    .command('import')
    .description('make a scenario from what a real machine shows')
    .addArgument(new Argument('<what>', 'tool that printed the files').choices(MACHINE_TOOLS))
    .argument('<file...>', 'its output, - for standard input; several files are put together')
    .option('--lscss <file>', 'output of lscss on the same machine (repeatable)', collect, [])
    .option('--lschp <file>', 'output of lschp on the same machine (repeatable)', collect, [])
    .option('--lsdasd <file>', 'output of lsdasd on the same machine, in any form (repeatable)', collect, [])
    .option('--output <file>', 'write the scenario there, and not to standard output')
    .option('--force', 'overwrite files that are there', false)
    .action((what: MachineTool, files: string[], options: ImportOptions) =>
      end(importMachineCommand(terminal, what, files, options)),
    );
};
