import type { RowCursor } from './row-cursor.ts';
import type { TraceBytes } from './trace-bytes.ts';
import type { TraceProblem } from './trace-row.ts';

/** Bytes that are in memory at one time. */
const CHUNK_BYTES = 1 << 18;
/** A longer row belongs to no text: what follows may never end. */
export const MAX_ROW_BYTES = 4096;
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/** Goes through a trace row by row, with a fixed part of it in memory. Rows end with LF or CR LF; the last one need not. */
export class RowReader {
  /** Rows read so far. */
  rows = 0;
  private readonly source: TraceBytes;
  private readonly chunk = new Uint8Array(CHUNK_BYTES);
  /** Position in the trace of what comes after the chunk. */
  private position = 0;
  private at = 0;
  private filled = 0;
  private isLast = false;

  constructor(source: TraceBytes) {
    this.source = source;
  }

  /** Places the cursor on the next row; false at the end of the trace, or with `cursor.problem` set where there is no row. */
  next(cursor: RowCursor): boolean {
    let lineEnd = this.lineEnd();
    if (lineEnd < 0 && !this.isLast) {
      this.fill();
      lineEnd = this.lineEnd();
    }
    const start = this.at;
    const end = lineEnd < 0 ? this.filled : lineEnd;
    if (end - start > MAX_ROW_BYTES) return this.tooLong(cursor);
    if (lineEnd < 0 && start === this.filled) {
      cursor.problem = null;
      return false;
    }
    this.at = lineEnd < 0 ? end : end + 1;
    this.rows++;
    const hasReturn = end > start && this.chunk[end - 1] === CARRIAGE_RETURN;
    cursor.place(this.chunk, start, hasReturn ? end - 1 : end, this.rows);
    return true;
  }

  private lineEnd(): number {
    const end = this.chunk.indexOf(LINE_FEED, this.at);
    return end < this.filled ? end : -1;
  }

  /** Moves the row that was begun to the front and reads on behind it. */
  private fill(): void {
    this.chunk.copyWithin(0, this.at, this.filled);
    this.filled -= this.at;
    this.at = 0;
    while (this.filled < CHUNK_BYTES) {
      const length = this.source.read(this.position, this.chunk.subarray(this.filled));
      this.position += length;
      this.filled += length;
      this.isLast = length === 0;
      if (this.isLast) return;
    }
  }

  private tooLong(cursor: RowCursor): false {
    const message = `has a row of more than ${MAX_ROW_BYTES} bytes`;
    const problem: TraceProblem = { line: this.rows + 1, col: 1, message, hint: 'a trace is a text' };
    cursor.problem = problem;
    return false;
  }
}
