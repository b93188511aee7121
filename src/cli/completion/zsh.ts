import type { CompletedArgument, CompletedCommand, CompletedOption } from './commands.ts';
import type { CompletedValue } from './values.ts';

/** Completion functions for zsh, one per command, in the words of its own _arguments. */
export function zshCompletion(commands: readonly CompletedCommand[]): string {
  return `#compdef chpsim
# Completion of chpsim for zsh: keep it as _chpsim in a folder of $fpath, or source it after compinit.

${commands.map(commandFunction).join('\n')}
if [[ $funcstack[1] == _chpsim ]]; then _chpsim "$@"; else compdef _chpsim chpsim; fi
`;
}

const functionName = (words: readonly string[]): string =>
  ['_chpsim', ...words.map((word) => word.replaceAll('-', '_'))].join('_');

function commandFunction(command: CompletedCommand): string {
  const { words, commands, options, arguments: given } = command;
  const specs = [...options.map(optionSpec), ...given.map(argumentSpec)];
  if (commands.length === 0) return functionText(words, [`_arguments -s ${lines(specs)}`]);
  const inner = commands.map(({ name }) => `    ${name}) ${functionName([...words, name])} ;;`);
  return functionText(words, [
    'local state line',
    `local -a commands=(\n${commands.map((one) => `    ${quoted(`${one.name}:${one.description}`)}`).join('\n')}\n  )`,
    `_arguments -C ${lines([...specs, "'1: :->command'", "'*:: :->arguments'"])}`,
    `case $state in\n    command) _describe command commands ;;\n    arguments)\n      case $line[1] in\n${inner.map((one) => `    ${one}`).join('\n')}\n      esac\n      ;;\n  esac`,
  ]);
}

const functionText = (words: readonly string[], statements: readonly string[]): string =>
  `${functionName(words)}() {\n${statements.map((statement) => `  ${statement}\n`).join('')}}\n`;

const lines = (specs: readonly string[]): string => specs.map((spec) => `\\\n    ${spec}`).join(' ');

function optionSpec({ long, short, description, value, isRepeatable }: CompletedOption): string {
  const names = [short, long].filter((name) => name !== '');
  const explained = `[${description.replaceAll(/[[\]\\]/g, '\\$&')}]`;
  const action = value === null ? '' : `:value:${actionOf(value)}`;
  if (isRepeatable)
    return names.map((name) => quoted(`*${assigned(name, value)}${explained}${action}`)).join(' ');
  return names
    .map((name) => quoted(`(${names.join(' ')})${assigned(name, value)}${explained}${action}`))
    .join(' ');
}

/** A value may be the next word, or follow an equals sign. */
const assigned = (name: string, value: CompletedValue | null): string =>
  value !== null && name.startsWith('--') ? `${name}=` : name;

const argumentSpec = ({ name, value, isLast }: CompletedArgument): string =>
  quoted(`${isLast ? '*' : ''}:${name}:${actionOf(value)}`);

function actionOf(value: CompletedValue): string {
  switch (value.kind) {
    case 'words':
      return `(${value.words.join(' ')})`;
    case 'files':
      return value.endings.length === 0 ? '_files' : `_files -g "*.(${value.endings.join('|')})(-.)"`;
    case 'folders':
      return '_directories';
    case 'free':
      return ' ';
  }
}

const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
