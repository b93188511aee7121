import type { CompletedArgument, CompletedCommand, CompletedOption } from './commands.ts';
import type { CompletedValue } from './values.ts';

/** Completions for fish: one line per option, argument and command, each with the place where it holds. */
export function fishCompletion(commands: readonly CompletedCommand[]): string {
  const valued = commands.flatMap(({ words, options }) =>
    options.filter(({ value }) => value !== null).map(({ long }) => quoted(spaced([...words, long]))),
  );
  const inner = commands.flatMap(({ words, commands: below }) =>
    below.map(({ name }) => quoted(spaced([...words, name]))),
  );
  return `# Completion of chpsim for fish: source it, or keep it as ~/.config/fish/completions/chpsim.fish

# Whether the words before the cursor lead to this command, with so many arguments after it where a number is given.
function __chpsim_at
    set -l command
    set -l count 0
    set -l skip 0
    for word in (commandline -opc)[2..-1]
        if test $skip = 1
            set skip 0
            continue
        end
        switch "$command $word"
            case ${valued.join(' ')}
                set skip 1
            case ${inner.join(' ')}
                set command "$command $word"
            case '* -?*'
            case '*'
                set count (math $count + 1)
        end
    end
    test "$command" = "$argv[1]"; or return 1
    test (count $argv) = 1; or test $count = $argv[2]
end

complete -c chpsim -f
${commands.flatMap(commandLines).join('\n')}
`;
}

const spaced = (words: readonly string[]): string => words.map((word) => ` ${word}`).join('');

function commandLines({ words, commands, options, arguments: given }: CompletedCommand): string[] {
  const place = spaced(words);
  return [
    ...commands.map(
      ({ name, description }) => `${at(place, '0')} -a ${quoted(name)} -d ${quoted(description)}`,
    ),
    ...given.map((argument, index) => argumentLine(place, argument, index)),
    ...options.map((option) => optionLine(place, option)),
  ].filter((line) => line !== '');
}

const at = (place: string, count = ''): string =>
  `complete -c chpsim -n ${quoted(`__chpsim_at ${quoted(place)}${count === '' ? '' : ` ${count}`}`)}`;

function argumentLine(place: string, { value, isLast }: CompletedArgument, index: number): string {
  if (value.kind === 'free') return '';
  return `${at(place, isLast ? '' : String(index))} ${valueFlags(value)}`;
}

function optionLine(place: string, { long, short, description, value }: CompletedOption): string {
  const name = `-l ${long.slice(2)}${short === '' ? '' : ` -s ${short.slice(1)}`}`;
  const takes = value === null ? '' : value.kind === 'free' ? ' -x' : ` ${valueFlags(value)}`;
  return `${at(place)} ${name}${takes} -d ${quoted(description)}`;
}

function valueFlags(value: Exclude<CompletedValue, { kind: 'free' }>): string {
  switch (value.kind) {
    case 'words':
      return `-x -a ${quoted(value.words.join(' '))}`;
    case 'files':
      if (value.endings.length === 0) return '-r -F';
      // Fish's own helper takes one ending; it puts such files first and all others after them.
      return `-x -k -a ${quoted(`(__fish_complete_suffix .${value.endings[0]})`)}`;
    case 'folders':
      return "-x -a '(__fish_complete_directories)'";
  }
}

/** In single quotes fish knows two escapes. */
const quoted = (text: string): string => `'${text.replaceAll(/['\\]/g, '\\$&')}'`;
