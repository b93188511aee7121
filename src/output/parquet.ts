import { type ColumnSource, parquetWriteBuffer, type SchemaElement } from 'hyparquet-writer';
import { assert } from '../kernel/assert.ts';

/**
 * Tables of results as Apache Parquet, for tools that read columns (pandas, DuckDB, R). This is the only file that
 * imports hyparquet-writer. The columns are typed by what they hold, not guessed from the first row; the bytes depend
 * on the table alone.
 */
export type ParquetType =
  /** UTF-8. */
  | 'text'
  /** A whole number up to 2^53 either way: counts, and times in ns. Stored as INT64. */
  | 'integer'
  /** Stored as DOUBLE. */
  | 'number'
  | 'boolean';

export type ParquetValue = string | number | boolean | null;

export interface ParquetColumn<Name extends string = string> {
  readonly name: Name;
  readonly type: ParquetType;
}

export type ParquetRow<Name extends string> = Readonly<Record<Name, ParquetValue>>;

/** The whole table as the bytes of a file; a value that is not there is null. */
export function writeParquet<Name extends string>(
  rows: readonly ParquetRow<Name>[],
  columns: readonly ParquetColumn<Name>[],
): Uint8Array {
  const columnData = columns.map(
    (column): ColumnSource => ({
      name: column.name,
      data: rows.map((row) => stored(column, row[column.name])),
    }),
  );
  const root: SchemaElement = { name: 'root', num_children: columns.length };
  const schema = [root, ...columns.map(({ name, type }) => ({ name, ...ELEMENTS[type] }))];
  return new Uint8Array(
    parquetWriteBuffer({
      columnData,
      schema,
      codec: 'SNAPPY',
      statistics: true,
      rowGroupSize: ROWS_PER_GROUP,
      pageSize: BYTES_PER_PAGE,
      createdBy: 'chpsim',
    }),
  );
}

const ROWS_PER_GROUP = 100_000;
const BYTES_PER_PAGE = 1_048_576;

/** Parquet's physical type of each kind of column, with what a reader shall take it for. */
const ELEMENTS = {
  text: { type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'OPTIONAL' },
  integer: { type: 'INT64', repetition_type: 'OPTIONAL' },
  number: { type: 'DOUBLE', repetition_type: 'OPTIONAL' },
  boolean: { type: 'BOOLEAN', repetition_type: 'OPTIONAL' },
} as const satisfies Record<ParquetType, Omit<SchemaElement, 'name'>>;

/** JavaScript's type of the values of each kind of column. */
const HELD = {
  text: 'string',
  integer: 'number',
  number: 'number',
  boolean: 'boolean',
} as const satisfies Record<ParquetType, string>;

function stored(
  { name, type }: ParquetColumn,
  value: ParquetValue,
): string | bigint | number | boolean | null {
  if (value === null) return null;
  assert(typeof value === HELD[type], `column ${name} holds ${type}, not ${typeof value} ${value}`);
  if (type !== 'integer') return value;
  assert(Number.isSafeInteger(value), `column ${name} holds whole numbers, not ${value}`);
  return BigInt(value);
}
