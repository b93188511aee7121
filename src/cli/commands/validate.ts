import { schemaText, type ValidateOptions, validateCommand } from '../validate-command.ts';
import type { AddCommand } from './context.ts';
import { scenarioOptions } from './options.ts';

export const addValidate: AddCommand = (program, { terminal, end }) => {
  scenarioOptions(program.command('validate'))
    .description('report every mistake in scenarios, simulate nothing')
    .argument('[scenario...]', 'scenario files, - for standard input')
    .option('--print-resolved', 'print the runs with all defaults filled in', false)
    .option('--print-schema', 'print the JSON Schema of scenarios', false)
    .action((files: string[], options: ValidateOptions) => end(validateCommand(terminal, files, options)));
};

export const addSchema: AddCommand = (program, { terminal }) => {
  program
    .command('schema')
    .description('print the JSON Schema of scenarios')
    .action(() => terminal.out(schemaText()));
};
