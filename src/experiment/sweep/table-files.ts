import { type CsvValue, csvLine } from '../../output/csv.ts';
import type { FileSystem } from '../../output/file-system.ts';
import { type ParquetRow, type ParquetValue, writeParquet } from '../../output/parquet.ts';
import { ReplacedFile } from '../../output/replaced-file.ts';
import type { RecordStore } from './record-store.ts';
import type { SweepTable } from './result-table.ts';
import type { SweepRun } from './sweep-runs.ts';

/** Rows that a Parquet file may have: unlike CSV it is made as a whole in memory. */
const MOST_PARQUET_ROWS = 4_000_000;

export interface WrittenTable {
  readonly rows: number;
  readonly csv: string;
  /** Null: too many rows. */
  readonly parquet: string | null;
}

/** Where tables go. */
export interface TableFolder {
  readonly files: FileSystem;
  readonly folder: string;
  /** Of this process, which names what is half-written. */
  readonly pid: number;
}

/** Writes `NAME.csv` and `NAME.parquet` anew from what the store holds: the bytes depend on nothing else. */
export function writeTable(
  { files, folder, pid }: TableFolder,
  name: string,
  table: SweepTable,
  runs: readonly SweepRun[],
  store: RecordStore,
): WrittenTable {
  const csv = new ReplacedFile(files, folder, `${name}.csv`, pid);
  const kept: CsvValue[][] = [];
  let count = 0;
  try {
    csv.write(csvLine(table.columns.map((column) => column.name)));
    for (const run of runs) {
      const rows = table.rowsOf(run, store.find(run.key));
      csv.write(rows.map(csvLine).join(''));
      count += rows.length;
      if (count > MOST_PARQUET_ROWS) kept.length = 0;
      else kept.push(...rows);
    }
    csv.complete();
  } catch (error) {
    csv.abandon();
    throw error;
  }
  const written = { rows: count, csv: `${folder}/${name}.csv` };
  if (count > MOST_PARQUET_ROWS) return { ...written, parquet: null };
  const parquet = new ReplacedFile(files, folder, `${name}.parquet`, pid);
  parquet.write(
    writeParquet(
      kept.map((row) => parquetRow(table, row)),
      table.columns,
    ),
  );
  parquet.complete();
  return { ...written, parquet: `${folder}/${name}.parquet` };
}

/** An empty cell of numbers holds nothing; one of texts holds the empty text. */
function parquetRow({ columns }: SweepTable, row: readonly CsvValue[]): ParquetRow<string> {
  const cells: Record<string, ParquetValue> = {};
  for (const [at, { name, type }] of columns.entries()) {
    cells[name] = row[at] === '' && type !== 'text' ? null : row[at];
  }
  return cells;
}
