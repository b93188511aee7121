import { type Argument, Command, type Option } from '../cli/commander.ts';
import type { CommandContext } from '../cli/commands/context.ts';
import { COMMANDS } from '../cli/commands/index.ts';
import type { Terminal } from '../cli/terminal.ts';
import { code, markdownTable } from './markdown.ts';

/** Defaults that come from the machine or its environment. */
const SURROUNDINGS: Readonly<Record<string, string>> = {
  '--jobs': 'number of processors, `CHPSIM_JOBS`',
  '--out': '`out`, `CHPSIM_OUT`',
  '--redis': '`CHPSIM_REDIS`',
};

/** Every command with its arguments and options, as `--help` has them. */
export function commandReference(): string {
  const program = new Command('chpsim');
  for (const add of COMMANDS) add(program, HELP_ONLY);
  return program.commands.flatMap(withSubcommands).map(sectionOf).join('\n');
}

const withSubcommands = (command: Command): Command[] =>
  command.commands.length === 0 ? [command] : [...command.commands];

function sectionOf(command: Command): string {
  const rows = [
    ...command.registeredArguments.map((argument) => [
      code(argumentName(argument)),
      '',
      argument.description,
    ]),
    ...command.options.map((option) => [code(option.flags), defaultOf(option), option.description]),
  ];
  const table =
    rows.length === 0 ? '' : `\n${markdownTable(['argument or option', 'default', 'meaning'], rows)}`;
  return `### ${code(nameOf(command))}\n\n${sentence(command.description())}\n${table}`;
}

function nameOf(command: Command): string {
  const { parent } = command;
  return parent === null ? command.name() : `${nameOf(parent)} ${command.name()}`;
}

function argumentName(argument: Argument): string {
  const name = argument.variadic ? `${argument.name()}...` : argument.name();
  return argument.required ? `<${name}>` : `[${name}]`;
}

function defaultOf({ long, defaultValue, argChoices }: Option): string {
  const surroundings = SURROUNDINGS[long ?? ''];
  if (surroundings !== undefined) return surroundings;
  const isOff = defaultValue === undefined || defaultValue === false || defaultValue === true;
  const given = isOff || Array.isArray(defaultValue) ? '' : code(String(defaultValue));
  const choices = argChoices === undefined ? '' : `one of ${argChoices.map(code).join(', ')}`;
  return [given, choices].filter((part) => part !== '').join('; ');
}

const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;

/** Commands that are only described are never carried out, so that nothing of a terminal but its variables is asked for. */
const HELP_ONLY: CommandContext = {
  terminal: { env: {}, processors: 1 } as unknown as Terminal,
  info: { name: 'chpsim', version: '', commit: null, build: null },
  argv: [],
  end() {},
};
