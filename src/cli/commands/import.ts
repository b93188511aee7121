import { Argument } from '../commander.ts';
import {
  type ImportOptions,
  importMachineCommand,
  importTraceCommand,
  MACHINE_TOOLS,
} from '../import-command.ts';
import type { AddCommand } from './context.ts';
import { collect } from './options.ts';

const SOURCES = [...MACHINE_TOOLS, 'ftrace'] as const;

export const addImport: AddCommand = (program, { terminal, end }) => {
  program
    .command('import')
    .description('make a scenario from what a real machine shows')
    .addArgument(new Argument('<what>', 'tool that printed the files, or a trace').choices(SOURCES))
    .argument('<file...>', 'its output, - for standard input; several files of a tool are put together')
    .option('--lscss <file>', 'output of lscss on the same machine (repeatable)', collect, [])
    .option('--lschp <file>', 'output of lschp on the same machine (repeatable)', collect, [])
    .option('--lsdasd <file>', 'output of lsdasd on the same machine, in any form (repeatable)', collect, [])
    .option('--output <file>', 'write the scenario there, and not to standard output')
    .option('--force', 'overwrite files that are there', false)
    .action((what: (typeof SOURCES)[number], files: string[], options: ImportOptions) =>
      end(
        what === 'ftrace'
          ? importTraceCommand(terminal, files, options)
          : importMachineCommand(terminal, what, files, options),
      ),
    );
};
