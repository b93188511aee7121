import { stringify } from 'csv-stringify/sync';

/**
 * CSV as every file of a run has it: header row, LF, UTF-8 without byte-order mark, fields quoted only where they must
 * be. This is the only file that imports csv-stringify, which defines these bytes; its options are all passed here,
 * because it accepts a misspelt one silently.
 */
export type CsvValue = string | number;

export interface CsvTable<Column extends string> {
  readonly columns: readonly Column[];
  readonly rows: Iterable<Readonly<Record<Column, CsvValue>>>;
}

/** The whole table as text, header first. */
export function formatCsv<Column extends string>({ columns, rows }: CsvTable<Column>): string {
  return csvLine(columns) + stringify(values(columns, rows), OPTIONS);
}

/** One row with its line end. */
export const csvLine = (row: readonly CsvValue[]): string => stringify([[...row]], OPTIONS);

/** One value as it stands in a row: quoted when it holds a comma, a quote or a line end. */
export const csvField = (text: string): string => csvLine([text, '']).slice(0, -2);

const OPTIONS = {
  bom: false,
  delimiter: ',',
  encoding: 'utf8',
  escape: '"',
  header: false,
  quote: '"',
  record_delimiter: '\n',
} as const;

function values<Column extends string>(
  columns: readonly Column[],
  rows: Iterable<Readonly<Record<Column, CsvValue>>>,
): CsvValue[][] {
  return Array.from(rows, (row) => columns.map((column) => row[column]));
}
