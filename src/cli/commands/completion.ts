import { Argument, type Command } from '../commander.ts';
import { bashCompletion } from '../completion/bash.ts';
import { type CompletedCommand, completedCommands } from '../completion/commands.ts';
import { fishCompletion } from '../completion/fish.ts';
import { zshCompletion } from '../completion/zsh.ts';
import type { AddCommand } from './context.ts';

const SHELLS = { bash: bashCompletion, zsh: zshCompletion, fish: fishCompletion } as const satisfies Readonly<
  Record<string, (commands: readonly CompletedCommand[]) => string>
>;
type Shell = keyof typeof SHELLS;

export const addCompletion: AddCommand = (program: Command, { terminal }) => {
  program
    .command('completion')
    .description('print what a shell needs to complete commands, options and their values')
    .addArgument(new Argument('<shell>', 'your shell').choices(Object.keys(SHELLS)))
    .action((shell: Shell) => terminal.out(SHELLS[shell](completedCommands(program))));
};
