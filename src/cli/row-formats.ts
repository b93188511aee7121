import { type CsvValue, formatCsv } from '../output/csv.ts';
import type { Manifest } from '../output/manifest.ts';

/** Rows of a table in the formats that programs read. Null: nothing was measured. */
export const ROW_FORMATS = ['json', 'jsonl', 'csv', 'pairs', 'markdown'] as const;
export type RowFormat = (typeof ROW_FORMATS)[number];

export type Row = Readonly<Record<string, CsvValue | null>>;

export interface RowTable {
  readonly columns: readonly string[];
  readonly rows: readonly Row[];
  readonly program: Manifest['program'];
  /** What else the JSON object says, besides `meta` and `rows`. */
  readonly more?: Readonly<Record<string, unknown>>;
}

export function formatRows(format: RowFormat, { columns, rows, program, more }: RowTable): string {
  switch (format) {
    case 'json':
      return `${JSON.stringify({ meta: { schemaVersion: 1, ...program }, ...more, rows })}\n`;
    case 'jsonl':
      return rows.map((row) => `${JSON.stringify(row)}\n`).join('');
    case 'csv':
      return formatCsv({ columns, rows: rows.map(asText) });
    case 'pairs':
      return rows.map((row) => `${columns.map((column) => pair(column, row[column])).join(' ')}\n`).join('');
    case 'markdown':
      return [
        `| ${columns.join(' | ')} |`,
        `|${columns.map(() => ' --- |').join('')}`,
        ...rows.map((row) => `| ${columns.map((column) => markdownCell(row[column])).join(' | ')} |`),
        '',
      ].join('\n');
  }
}

const asText = (row: Row): Record<string, CsvValue> =>
  Object.fromEntries(Object.entries(row).map(([column, value]) => [column, value ?? '']));

const pair = (column: string, value: CsvValue | null): string =>
  `${column}="${String(value ?? '').replaceAll(/["\\]/g, '\\$&')}"`;

const markdownCell = (value: CsvValue | null): string => String(value ?? '').replaceAll('|', '\\|');

/** A number for programs: JSON knows no NaN and no infinity. */
export const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);
