import type { TraceBytes } from './trace-bytes.ts';
import { type TraceOptions, TraceReader } from './trace-reader.ts';
import { newRecord, type TraceProblem } from './trace-row.ts';

/** What a trace has in it. */
export interface TraceContents {
  readonly rows: number;
  /** Reads and writes. */
  readonly records: number;
  /** In the order in which the trace names them; `endByte`: where the furthest request ends. */
  readonly devices: readonly { readonly name: string; readonly endByte: number }[];
  readonly problems: readonly TraceProblem[];
}

/** Reads a whole trace, as a run does it later, to know before the run that it can be read to its end. */
export function readContents(source: TraceBytes, options: TraceOptions): TraceContents {
  const reader = new TraceReader(source, options);
  const record = newRecord();
  const ends: number[] = [];
  let records = 0;
  while (reader.next(record)) {
    records++;
    const end = record.firstByte + record.bytes;
    if (!(ends[record.device] >= end)) ends[record.device] = end;
  }
  const { names } = reader.devices;
  return {
    rows: reader.rows,
    records,
    devices: names.map((name, device) => ({ name, endByte: ends[device] ?? 0 })),
    problems: reader.problems,
  };
}
