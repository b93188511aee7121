import type { Manifest } from '../../output/manifest.ts';
import type { Command } from '../commander.ts';
import type { ExitCode } from '../exit-codes.ts';
import type { Terminal } from '../terminal.ts';

/** What commands are given to do their work with, and to say how it ended. */
export interface CommandContext {
  readonly terminal: Terminal;
  readonly info: Manifest['program'];
  readonly argv: readonly string[];
  readonly end: (code: ExitCode) => void;
}

/** Adds a command with its arguments and options to the program. */
export type AddCommand = (program: Command, context: CommandContext) => void;
