import type { TraceFormatName } from '../../../src/workload/traces/formats.ts';
import type { TraceBytes } from '../../../src/workload/traces/trace-bytes.ts';
import { type TraceOptions, TraceReader } from '../../../src/workload/traces/trace-reader.ts';
import { newRecord, SKIP_NAMES, type TraceRecord } from '../../../src/workload/traces/trace-row.ts';

/** A trace in memory that hands out at most `most` bytes at a time. */
export function textTrace(text: string | Uint8Array, most = Number.POSITIVE_INFINITY): TraceBytes {
  const bytes = typeof text === 'string' ? new TextEncoder().encode(text) : text;
  return {
    read(position, into) {
      const length = Math.min(into.length, most, Math.max(0, bytes.length - position));
      into.set(bytes.subarray(position, position + length));
      return length;
    },
  };
}

export const optionsFor = (format: TraceFormatName, others: Partial<TraceOptions> = {}): TraceOptions => ({
  format,
  events: 'Q',
  waits: 'us',
  window: 64,
  ...others,
});

/** What a reader made of a whole trace. */
export interface ReadTrace {
  readonly records: readonly TraceRecord[];
  readonly devices: readonly string[];
  /** Rows by reason, without those of which there are none. */
  readonly skipped: Readonly<Record<string, number>>;
  /** `line:col: message` */
  readonly problems: readonly string[];
  readonly rows: number;
}

export function readTrace(source: TraceBytes, options: TraceOptions): ReadTrace {
  const reader = new TraceReader(source, options);
  const records: TraceRecord[] = [];
  const record = newRecord();
  while (reader.next(record)) records.push({ ...record });
  const skipped = SKIP_NAMES.map((name, reason) => [name, reader.skipped[reason]] as const);
  return {
    records,
    devices: reader.devices.names,
    skipped: Object.fromEntries(skipped.filter(([, count]) => count > 0)),
    problems: reader.problems.map(({ line, col, message }) => `${line}:${col}: ${message}`),
    rows: reader.rows,
  };
}
