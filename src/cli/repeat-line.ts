/** The command line that makes a run again, quoted for a POSIX shell. */
export const repeatLine = (argv: readonly string[]): string => ['chpsim', ...argv].map(quote).join(' ');

const quote = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
