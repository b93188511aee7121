import { createHash, type Hash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import type { TraceBytes } from '../workload/traces/trace-bytes.ts';
import { ScenarioError } from './errors.ts';
import { fileProblem } from './scenario-file.ts';

const CHUNK_BYTES = 1 << 18;

/** A trace in the file system. It is opened for each read and closed again. */
export class TraceFile implements TraceBytes {
  /** As errors name it. */
  readonly path: string;

  /** `file`: as the scenario names it, from the scenario's `folder`. */
  constructor(folder: string, file: string) {
    this.path = path.isAbsolute(file) ? file : path.join(folder, file);
  }

  /** Throws a ScenarioError when the file cannot be read. */
  read(position: number, into: Uint8Array): number {
    try {
      const descriptor = fs.openSync(this.path, 'r');
      try {
        return fs.readSync(descriptor, into, 0, into.length, position);
      } finally {
        fs.closeSync(descriptor);
      }
    } catch (error) {
      throw this.unreadable(fileProblem(error));
    }
  }

  /** What can only be read once, from a pipe, could not be looked through before the run. Null: nothing speaks against it. */
  refusal(): string | null {
    try {
      return fs.statSync(this.path).isFile() ? null : 'it is no file';
    } catch (error) {
      return fileProblem(error);
    }
  }

  /** Digest of the whole file. */
  sha256(): string {
    const bytes = new HashedBytes(this);
    const chunk = new Uint8Array(CHUNK_BYTES);
    for (let position = 0; ; ) {
      const length = bytes.read(position, chunk);
      if (length === 0) return bytes.digest();
      position += length;
    }
  }

  unreadable(reason: string): ScenarioError {
    const place = { file: this.path, line: 0, col: 0 };
    return new ScenarioError('unreadable', place, '', `the trace cannot be read: ${reason}`, 'bring it back');
  }
}

/** Takes the digest of a trace that is read once from its beginning to its end. */
export class HashedBytes implements TraceBytes {
  private readonly source: TraceBytes;
  private readonly hash: Hash = createHash('sha256');

  constructor(source: TraceBytes) {
    this.source = source;
  }

  read(position: number, into: Uint8Array): number {
    const length = this.source.read(position, into);
    this.hash.update(into.subarray(0, length));
    return length;
  }

  digest(): string {
    return this.hash.digest('hex');
  }
}
