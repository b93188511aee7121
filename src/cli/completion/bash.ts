import type { CompletedCommand } from './commands.ts';
import type { CompletedValue } from './values.ts';

/**
 * A completion function for bash 3.2 and later that needs nothing but bash's own compgen. It finds out where in the
 * command line it is by going over the words before the cursor, then looks in three tables of patterns.
 */
export function bashCompletion(commands: readonly CompletedCommand[]): string {
  return `# Completion of chpsim for bash: source it, or keep it as
# ~/.local/share/bash-completion/completions/chpsim
_chpsim_words() {
  COMPREPLY=($(compgen -W "$1" -- "$cur"))
}
_chpsim_files() {
  local IFS=$'\\n' ending
  [[ $1 == '*' ]] || COMPREPLY=($(compgen -d -- "$cur"))
  for ending in "$@"; do COMPREPLY+=($(compgen -f -X "!$ending" -- "$cur")); done
  compopt -o filenames 2> /dev/null
}
_chpsim() {
  local cur=\${COMP_WORDS[COMP_CWORD]} command= option= count=0 at word
  COMPREPLY=()
  for ((at = 1; at < COMP_CWORD; at++)); do
    word=\${COMP_WORDS[at]}
    case $word in
      =) ;; # --option=value comes as three words
      -?*)
        option=
        case "$command $word" in
${row(10, valuedOptions(commands), 'option=$word')}
        esac
        ;;
      *)
        if [[ -n $option ]]; then
          option=
        else
          case "$command $word" in
${row(12, subcommands(commands), 'command="$command $word"')}
            *) count=$((count + 1)) ;;
          esac
        fi
        ;;
    esac
  done
  [[ $cur == = ]] && cur=
  if [[ -n $option ]]; then
    case "$command $option" in
${optionValues(commands)}
    esac
  elif [[ $cur == -* ]]; then
    case $command in
${optionNames(commands)}
    esac
  else
    case "$command $count" in
${argumentValues(commands)}
    esac
  fi
}
complete -F _chpsim chpsim
`;
}

/** A pattern for words of a command line, with a blank before each. */
const pattern = (words: readonly string[]): string => `'${words.map((word) => ` ${word}`).join('')}'`;
const inCommand = ({ words }: CompletedCommand, last: string): string => pattern([...words, last]);

const valuedOptions = (commands: readonly CompletedCommand[]): string[] =>
  commands.flatMap((command) =>
    command.options.filter(({ value }) => value !== null).map(({ long }) => inCommand(command, long)),
  );

const subcommands = (commands: readonly CompletedCommand[]): string[] =>
  commands.flatMap((command) => command.commands.map(({ name }) => inCommand(command, name)));

/** One branch of a case statement. */
const row = (indent: number, patterns: readonly string[], action: string): string =>
  `${' '.repeat(indent)}${patterns.join(' | ')}) ${action} ;;`;

function optionValues(commands: readonly CompletedCommand[]): string {
  const actions = new Map<string, string[]>();
  for (const command of commands) {
    for (const { long, value } of command.options) {
      if (value === null || value.kind === 'free') continue;
      const action = actionOf(value);
      actions.set(action, [...(actions.get(action) ?? []), inCommand(command, long)]);
    }
  }
  return [...actions].map(([action, patterns]) => row(6, patterns, action)).join('\n');
}

const optionNames = (commands: readonly CompletedCommand[]): string =>
  commands
    .map(({ words, options }) => {
      const names = options.flatMap(({ short, long }) => [long, short]).filter((name) => name !== '');
      return row(6, [pattern(words)], `_chpsim_words '${names.join(' ')}'`);
    })
    .join('\n');

function argumentValues(commands: readonly CompletedCommand[]): string {
  const rows = commands.flatMap((command) => {
    const names = command.commands.map(({ name }) => name);
    const own =
      names.length === 0
        ? []
        : [row(6, [inCommand(command, '0')], actionOf({ kind: 'words', words: names }))];
    return [
      ...own,
      ...command.arguments.flatMap(({ value, isLast }, at) => {
        if (value.kind === 'free') return [];
        const place = isLast ? `${inCommand(command, '')}*` : inCommand(command, String(at));
        return [row(6, [place], actionOf(value))];
      }),
    ];
  });
  return rows.join('\n');
}

function actionOf(value: Exclude<CompletedValue, { kind: 'free' }>): string {
  switch (value.kind) {
    case 'words':
      return `_chpsim_words '${value.words.join(' ')}'`;
    case 'files':
      return `_chpsim_files ${value.endings.length === 0 ? "'*'" : value.endings.map((ending) => `'*.${ending}'`).join(' ')}`;
    case 'folders':
      return '_chpsim_files';
  }
}
