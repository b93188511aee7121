import fs from 'node:fs';
import { OutputError } from './output-error.ts';

/** Where two text files differ first; the header line is line 1. */
export interface Difference {
  readonly line: number;
  /** Up to ten lines before, which are equal. */
  readonly before: readonly string[];
  /** The line itself in each file; null where the file has ended. */
  readonly left: string | null;
  readonly right: string | null;
}

const CHUNK_BYTES = 1 << 20;
/** Room for eleven rows before the difference and one after it. */
const WINDOW_BYTES = 1 << 16;
const CONTEXT_LINES = 10;
const NEWLINE = 0x0a;

/** Compares two files piece by piece, so that their size does not matter; null when they are equal. */
export function firstDifference(leftPath: string, rightPath: string): Difference | null {
  return OutputError.guard(`cannot compare ${leftPath} with ${rightPath}`, () => {
    const left = fs.openSync(leftPath, 'r');
    const right = fs.openSync(rightPath, 'r');
    try {
      const offset = differingByte(left, right);
      return offset < 0 ? null : describe(left, right, offset);
    } finally {
      fs.closeSync(left);
      fs.closeSync(right);
    }
  });
}

function differingByte(left: number, right: number): number {
  const ours = Buffer.alloc(CHUNK_BYTES);
  const theirs = Buffer.alloc(CHUNK_BYTES);
  for (let offset = 0; ; offset += CHUNK_BYTES) {
    const leftLength = readFully(left, ours, offset);
    const rightLength = readFully(right, theirs, offset);
    const common = Math.min(leftLength, rightLength);
    if (leftLength !== rightLength || ours.compare(theirs, 0, common, 0, common) !== 0) {
      let at = 0;
      while (at < common && ours[at] === theirs[at]) at++;
      return offset + at;
    }
    if (leftLength < CHUNK_BYTES) return -1;
  }
}

function describe(left: number, right: number, offset: number): Difference {
  const start = Math.max(0, offset - WINDOW_BYTES);
  const window = Buffer.alloc(offset - start + WINDOW_BYTES);
  const leftText = window.toString('utf8', 0, readFully(left, window, start));
  const rightText = window.toString('utf8', 0, readFully(right, window, start));
  const common = Buffer.alloc(offset - start);
  readFully(left, common, start);
  const lines = common.toString('utf8').split('\n');
  const complete = lines.slice(0, -1);
  const whole = start === 0 ? complete : complete.slice(1);
  return {
    line: countNewlines(left, offset) + 1,
    before: whole.slice(-CONTEXT_LINES),
    left: lineAt(leftText, complete.length),
    right: lineAt(rightText, complete.length),
  };
}

function lineAt(text: string, line: number): string | null {
  const found = text.split('\n')[line];
  return found === undefined || found === '' ? null : found;
}

function countNewlines(file: number, end: number): number {
  const chunk = Buffer.alloc(CHUNK_BYTES);
  let count = 0;
  for (let offset = 0; offset < end; offset += CHUNK_BYTES) {
    const length = Math.min(readFully(file, chunk, offset), end - offset);
    for (let at = 0; at < length; at++) if (chunk[at] === NEWLINE) count++;
  }
  return count;
}

function readFully(file: number, into: Buffer, offset: number): number {
  let length = 0;
  while (length < into.length) {
    const read = fs.readSync(file, into, length, into.length - length, offset + length);
    if (read === 0) break;
    length += read;
  }
  return length;
}
