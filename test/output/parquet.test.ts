import { parquetMetadata, parquetReadObjects } from 'hyparquet';
import { describe, expect, it } from 'vitest';
import { type ParquetColumn, type ParquetRow, writeParquet } from '../../src/output/parquet.ts';

const COLUMNS = [
  { name: 'strategy', type: 'text' },
  { name: 'seed', type: 'integer' },
  { name: 'response_p99_ms', type: 'number' },
  { name: 'met', type: 'boolean' },
] as const satisfies readonly ParquetColumn[];

type Row = ParquetRow<(typeof COLUMNS)[number]['name']>;

const ROWS: Row[] = [
  { strategy: 'native', seed: 1, response_p99_ms: 11.25, met: true },
  { strategy: 'größer', seed: Number.MAX_SAFE_INTEGER, response_p99_ms: 12, met: false },
  { strategy: '', seed: -4, response_p99_ms: null, met: null },
];

const fileOf = (bytes: Uint8Array): ArrayBuffer => bytes.slice().buffer as ArrayBuffer;

describe('a table in Parquet', () => {
  it('reads back as it was written', async () => {
    const rows = await parquetReadObjects({ file: fileOf(writeParquet(ROWS, COLUMNS)) });
    expect(rows).toEqual(ROWS.map((row) => ({ ...row, seed: BigInt(row.seed as number) })));
  });

  it('tells the types of its columns, whatever the rows hold', () => {
    const { schema, num_rows } = parquetMetadata(fileOf(writeParquet([], COLUMNS)));
    expect(schema.slice(1).map(({ name, type }) => [name, type])).toEqual([
      ['strategy', 'BYTE_ARRAY'],
      ['seed', 'INT64'],
      ['response_p99_ms', 'DOUBLE'],
      ['met', 'BOOLEAN'],
    ]);
    expect(num_rows).toBe(0n);
  });

  it('keeps a column of numbers a column of numbers when all happen to be whole', async () => {
    const columns = [{ name: 'mean', type: 'number' }] as const;
    const rows = await parquetReadObjects({ file: fileOf(writeParquet([{ mean: 2 }], columns)) });
    expect(rows).toEqual([{ mean: 2 }]);
  });

  it('gives the same bytes for the same table', () => {
    expect(writeParquet(ROWS, COLUMNS)).toEqual(writeParquet([...ROWS], COLUMNS));
  });

  it('refuses a value of another type than its column', () => {
    const columns = [{ name: 'count', type: 'integer' }] as const;
    expect(() => writeParquet([{ count: 1.5 }], columns)).toThrow('whole numbers');
    expect(() => writeParquet([{ count: 'one' }], columns)).toThrow('count');
  });
});
