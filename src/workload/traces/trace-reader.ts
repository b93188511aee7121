import type { SimTime } from '../../kernel/time.ts';
import { DeviceNames } from './device-names.ts';
import { createFormat, type TraceFormatName } from './formats.ts';
import { RowCursor } from './row-cursor.ts';
import { RowReader } from './row-reader.ts';
import { SortWindow } from './sort-window.ts';
import type { TraceBytes } from './trace-bytes.ts';
import type { FormatOptions, TraceFormat } from './trace-format.ts';
import { newRecord, ROW, SKIP_NAMES, type TraceProblem, type TraceRecord } from './trace-row.ts';

export interface TraceOptions extends FormatOptions {
  readonly format: TraceFormatName;
  /** Records that are read ahead and put in order of time. */
  readonly window: number;
}

/** Broken rows after which a trace is given up: the next thousand would say the same. */
const MAX_PROBLEMS = 10;
const COMMENT = 0x23;

/**
 * A trace as a sequence of reads and writes in order of time. Memory does not grow with the trace.
 *
 *   bytes ──► rows ──► format ──► record ──► window, in order of time ──► next
 */
export class TraceReader {
  /** What is wrong with rows so far; there is nothing of such a trace to be replayed. */
  readonly problems: TraceProblem[] = [];
  /** Rows that are no reads or writes, by code of `ROW`. */
  readonly skipped = new Float64Array(SKIP_NAMES.length);
  readonly devices = new DeviceNames();
  private readonly rowReader: RowReader;
  private readonly format: TraceFormat;
  private readonly window: SortWindow;
  private readonly cursor = new RowCursor();
  private readonly record = newRecord();
  private isAtEnd = false;
  /** Time of the record that was given out last. */
  private givenNs: SimTime = -Infinity;

  constructor(source: TraceBytes, options: TraceOptions) {
    this.rowReader = new RowReader(source);
    this.format = createFormat(options.format, options);
    this.window = new SortWindow(options.window);
  }

  /** Rows read so far, and records among them that wait for their turn. */
  get rows(): number {
    return this.rowReader.rows;
  }

  get waiting(): number {
    return this.window.size;
  }

  /** Gives the next read or write in order of time; false at the end of the trace. */
  next(record: TraceRecord): boolean {
    const { window } = this;
    while (!this.isAtEnd && window.size < window.capacity) this.readRow();
    if (window.size === 0) return false;
    window.take(record);
    this.givenNs = record.atNs;
    return true;
  }

  private readRow(): void {
    const { cursor, record } = this;
    if (!this.rowReader.next(cursor)) {
      this.isAtEnd = true;
      if (cursor.problem !== null) this.problems.push(cursor.problem);
      return;
    }
    const first = cursor.peek();
    if (first < 0 || first === COMMENT) {
      this.skipped[ROW.BLANK]++;
      return;
    }
    const result = this.format.read(cursor, record, this.devices);
    if (result === ROW.USED) this.take(cursor, record);
    else if (result === ROW.BROKEN) this.note(cursor);
    else this.skipped[result]++;
  }

  private take(cursor: RowCursor, record: TraceRecord): void {
    if (record.atNs >= this.givenNs) {
      this.window.add(record);
      return;
    }
    const lateNs = this.givenNs - record.atNs;
    cursor.rewind();
    cursor.word();
    cursor.broken(
      `is ${lateNs} ns earlier than a request that lies ${this.window.capacity} requests before it`,
      'sort the trace by time, or read more of it ahead with "window"',
    );
    this.note(cursor);
  }

  private note({ problem }: RowCursor): void {
    this.problems.push(problem!);
    this.isAtEnd = this.problems.length === MAX_PROBLEMS;
  }
}
