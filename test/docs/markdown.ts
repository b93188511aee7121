import { readFileSync } from 'node:fs';

/** One table of a document with the heading it stands under, backticks removed from headings. */
export interface Table {
  readonly heading: string;
  readonly columns: readonly string[];
  /** Cells as written, backticks kept. */
  readonly rows: readonly (readonly string[])[];
}

/** All tables of a Markdown file, in order. */
export function tablesOf(file: string): Table[] {
  const tables: Table[] = [];
  let heading = '';
  let block: string[][] = [];
  for (const line of [...readFileSync(file, 'utf8').split('\n'), '']) {
    if (line.startsWith('|')) {
      block.push(cells(line));
      continue;
    }
    // The second row of a table only draws a line.
    if (block.length > 0) tables.push({ heading, columns: block[0], rows: block.slice(2) });
    block = [];
    if (/^#+ /.test(line)) heading = plain(line.replace(/^#+ /, ''));
  }
  return tables;
}

export const plain = (cell: string): string => cell.replaceAll('`', '');

/** The words of a cell that are set as code. */
export const codeOf = (cell: string): string[] => [...cell.matchAll(/`([^`]+)`/g)].map(([, word]) => word);

const cells = (line: string): string[] =>
  line
    .slice(1, line.lastIndexOf('|'))
    .split(/(?<!\\)\|/)
    .map((cell) => cell.trim());
