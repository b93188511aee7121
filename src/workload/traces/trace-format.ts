import type { DeviceNames } from './device-names.ts';
import { NO_NUMBER, type RowCursor } from './row-cursor.ts';
import { ROW, type RowResult, type TraceRecord } from './trace-row.ts';

/** What a format makes of a row. It may remember rows before it: a header, the time so far. */
export interface TraceFormat {
  /** Reads the row under the cursor; blank rows and comments do not come here. */
  read(row: RowCursor, record: TraceRecord, devices: DeviceNames): RowResult;
}

export interface FormatOptions {
  /** Of blkparse: the events that are requests; Q: a request is queued, D: the driver gets it. */
  readonly events: 'Q' | 'D';
  /** Of fio version 2: what the number of a wait means. */
  readonly waits: FioWaits;
}

/** Unit of fio's waits; without `since-start` each begins where the one before it ended. */
export const FIO_WAITS = ['us', 'ms', 'us-since-start', 'ms-since-start'] as const;
export type FioWaits = (typeof FIO_WAITS)[number];

/** Bytes of a sector, in which block layers and disk traces address a disk. */
export const SECTOR_BYTES = 512;
/** A larger request is a sign that something else was taken for its length. */
const MAX_REQUEST_BYTES = 2 ** 30;

/** The last two words are `unit`s: where a request begins, and how long it is. The cursor stands on the length. */
export function setExtent(
  row: RowCursor,
  record: TraceRecord,
  first: number,
  length: number,
  firstUnit: number,
  lengthUnit: number,
): RowResult {
  if (first === NO_NUMBER || length === NO_NUMBER) return ROW.BROKEN;
  if (length === 0) return ROW.ZERO_LENGTH;
  record.firstByte = first * firstUnit;
  record.bytes = length * lengthUnit;
  if (record.bytes > MAX_REQUEST_BYTES) {
    return row.broken(`a request of ${record.bytes} bytes`, 'look whether the format is the right one');
  }
  if (record.firstByte + record.bytes <= Number.MAX_SAFE_INTEGER) return ROW.USED;
  return row.broken(`a request at byte ${record.firstByte}`, 'look whether the format is the right one');
}
