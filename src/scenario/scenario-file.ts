import { isUtf8 } from 'node:buffer';
import fs from 'node:fs';
import { ScenarioError } from './errors.ts';

/** Text beyond this is no scenario. It is refused before it is parsed, which takes seconds per ten megabytes. */
const MAX_BYTES = 10_000_000;
const CHUNK_BYTES = 1 << 16;
const STDIN = 0;

/** The bytes of a file; `-` is standard input. Reads no more than a scenario can have, so that a device may be named. */
export function readScenarioFile(file: string): Uint8Array | ScenarioError {
  try {
    if (file === '-') return readAll(file, STDIN);
    const status = fs.statSync(file);
    if (status.isDirectory()) return unreadable(file, 'is a directory', 'name a scenario file in it');
    if (status.size > MAX_BYTES) return tooLarge(file, `${status.size}`);
    const descriptor = fs.openSync(file, 'r');
    try {
      return readAll(file, descriptor);
    } finally {
      fs.closeSync(descriptor);
    }
  } catch (error) {
    return unreadable(file, `cannot be read: ${fileProblem(error)}`, 'check its name and permissions');
  }
}

/** Bytes as text, without the byte-order mark that some editors put in front. */
export function decodeScenario(file: string, bytes: Uint8Array): string | ScenarioError {
  if (bytes.length > MAX_BYTES) return tooLarge(file, `${bytes.length}`);
  if (isUtf8(bytes)) return new TextDecoder().decode(bytes);
  const { line, col } = firstMalformed(bytes);
  return new ScenarioError('invalid', { file, line, col }, '', 'is not UTF-8 text', 'save it as UTF-8');
}

/** All of standard input, however much it is. */
export const readStandardInput = (): Uint8Array =>
  readAll('-', STDIN, Number.POSITIVE_INFINITY) as Uint8Array;

function readAll(file: string, descriptor: number, most = MAX_BYTES): Uint8Array | ScenarioError {
  const chunks: Uint8Array[] = [];
  for (let size = 0; ; ) {
    const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
    const length = readChunk(descriptor, chunk);
    if (length === 0) return Buffer.concat(chunks);
    chunks.push(chunk.subarray(0, length));
    size += length;
    if (size > most) return tooLarge(file, `more than ${MAX_BYTES}`);
  }
}

/** A pipe whose writer is slow may be one that does not block: then there is nothing yet, which is not its end. */
function readChunk(descriptor: number, chunk: Buffer): number {
  for (;;) {
    try {
      return fs.readSync(descriptor, chunk);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
      Atomics.wait(NEVER_NOTIFIED, 0, 0, RETRY_MS);
    }
  }
}

const NEVER_NOTIFIED = new Int32Array(new SharedArrayBuffer(4));
const RETRY_MS = 10;

/** Line and column, from 1, of the first character that is not UTF-8. */
function firstMalformed(bytes: Uint8Array): { readonly line: number; readonly col: number } {
  let text = '';
  let wellFormed = 0;
  for (let malformed = bytes.length + 1; malformed - wellFormed > 1; ) {
    const middle = Math.floor((wellFormed + malformed) / 2);
    const start = decodeStart(bytes.subarray(0, middle));
    if (start === null) malformed = middle;
    else {
      wellFormed = middle;
      text = start;
    }
  }
  const lines = text.split('\n');
  return { line: lines.length, col: lines[lines.length - 1].length + 1 };
}

/** The whole characters that bytes begin with; null when there is more behind them than the start of another. */
function decodeStart(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true });
  } catch {
    return null;
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EISDIR: 'it is a directory',
  ELOOP: 'its links go in a circle',
  ENOTDIR: 'a part of its name is not a directory',
};

/** Why the file system refused. */
export function fileProblem(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code ?? '';
  return REASONS[code] ?? code;
}

const unreadable = (file: string, message: string, hint: string): ScenarioError =>
  new ScenarioError('unreadable', { file, line: 0, col: 0 }, '', message, hint);

const tooLarge = (file: string, size: string): ScenarioError =>
  new ScenarioError(
    'invalid',
    { file, line: 0, col: 0 },
    '',
    `has ${size} bytes`,
    `a scenario has at most ${MAX_BYTES}`,
  );
