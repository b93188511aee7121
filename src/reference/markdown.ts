/** A Markdown table. Cells may hold anything but line breaks. */
export function markdownTable(columns: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(escaped).join(' | ')} |\n`;
  return [line(columns), `|${columns.map(() => '---|').join('')}\n`, ...rows.map(line)].join('');
}

const escaped = (cell: string): string => cell.replaceAll('|', '\\|');

export const code = (text: string): string => `\`${text}\``;

/** What stands at the head of a document that nobody edits. */
export const GENERATED =
  '<!-- Written by `npm run reference` from the tables of the program; do not edit. -->\n';
