import { createHash } from 'node:crypto';
import type { FileSystem } from './file-system.ts';
import { OutputError } from './output-error.ts';
import { writeAll } from './whole-file.ts';

/** A finished file of a run folder, as the manifest lists it. */
export interface FileEntry {
  readonly name: string;
  /** Data rows of a table, without the header; 0 for other files. */
  readonly rows: number;
  readonly bytes: number;
  readonly sha256: string;
}

/** One file being written: appends bytes and keeps their digest. */
export class OutFile {
  readonly name: string;
  private readonly files: FileSystem;
  private readonly path: string;
  private readonly descriptor: number;
  private readonly hash = createHash('sha256');
  private bytes = 0;
  private open = true;

  constructor(files: FileSystem, path: string, name: string) {
    this.files = files;
    this.path = path;
    this.name = name;
    this.descriptor = OutputError.guard(`cannot create ${path}`, () => files.openSync(path, 'wx'));
  }

  write(chunk: Uint8Array): void {
    this.hash.update(chunk);
    this.bytes += chunk.length;
    OutputError.guard(`cannot write ${this.path}`, () => writeAll(this.files, this.descriptor, chunk));
  }

  finish(rows: number): FileEntry {
    this.close();
    return { name: this.name, rows, bytes: this.bytes, sha256: this.hash.digest('hex') };
  }

  close(): void {
    if (!this.open) return;
    this.open = false;
    OutputError.guard(`cannot write ${this.path}`, () => this.files.closeSync(this.descriptor));
  }
}
