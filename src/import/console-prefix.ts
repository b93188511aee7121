import { ScenarioError } from '../scenario/errors.ts';

/** What consoles and logs put in front of a line: a time, and a blank. No tool prints a line that begins so. */
const PREFIXES: readonly { readonly name: string; readonly pattern: RegExp }[] = [
  // Kernel log (dmesg), also with its level.
  { name: '[seconds]', pattern: /^(?:<\d+>)?\[ *\d+\.\d{6}\](?:\s|$)/ },
  // Hercules' console, terminal programs, ts.
  { name: 'time of day', pattern: /^(?:\[\d\d:\d\d:\d\d(?:[.,]\d+)?\]|\d\d:\d\d:\d\d(?:[.,]\d+)?)(?:\s|$)/ },
  {
    name: 'date and time',
    pattern:
      /^\[?\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d)?\]?(?: [^\s:]+ [^\s:]+:)?(?:\s|$)/,
  },
  // syslog and the journal: date, host, who says it.
  { name: 'date, host and name', pattern: /^[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \S+ [^\s:]+:(?:\s|$)/ },
];

const NOTHING = /^/;
/** Blank, or a comment of a person who has written something into the text. */
const EMPTY = /^\s*(#|$)/;

/**
 * The pattern of what stands in front of each line of a text; that of nothing where it is not so. Where most lines have it and
 * some do not, `errors` names those: they were broken, or are of somebody else.
 */
export function consolePrefix(
  file: string,
  lines: readonly string[],
): { readonly pattern: RegExp; readonly errors: readonly ScenarioError[] } {
  const counts = PREFIXES.map(() => 0);
  let told = 0;
  for (const line of lines) {
    if (EMPTY.test(line)) continue;
    told++;
    const kind = PREFIXES.findIndex(({ pattern }) => pattern.test(line));
    if (kind >= 0) counts[kind]++;
  }
  const kind = counts.findIndex((count) => count > 0 && 2 * count >= told);
  if (kind < 0) return { pattern: NOTHING, errors: [] };
  const { name, pattern } = PREFIXES[kind];
  const hint = 'what a console puts in front must be on each line, or on none';
  const errors = lines.flatMap((line, index) =>
    EMPTY.test(line) || pattern.test(line)
      ? []
      : [
          new ScenarioError(
            'invalid',
            { file, line: index + 1, col: 1 },
            '',
            `does not begin with ${name}, as other lines do`,
            hint,
          ),
        ],
  );
  return { pattern, errors };
}
