import type { FileSystem } from './file-system.ts';
import { OutputError } from './output-error.ts';
import { writeAll } from './whole-file.ts';

/**
 * A file that is there whole or not at all: it is written beside its place and renamed into it. Whoever is killed in the
 * midst of it leaves the file as it was before, and `.NAME.partial-PID` beside it.
 */
export class ReplacedFile {
  private readonly files: FileSystem;
  private readonly path: string;
  private readonly partial: string;
  private readonly descriptor: number;

  constructor(files: FileSystem, folder: string, name: string, pid: number) {
    this.files = files;
    this.path = `${folder}/${name}`;
    this.partial = `${folder}/.${name}.partial-${pid}`;
    this.descriptor = OutputError.guard(`cannot create ${this.path}`, () =>
      files.openSync(this.partial, 'w'),
    );
  }

  write(chunk: string | Uint8Array): void {
    const bytes = typeof chunk === 'string' ? new TextEncoder().encode(chunk) : chunk;
    OutputError.guard(`cannot write ${this.path}`, () => writeAll(this.files, this.descriptor, bytes));
  }

  /** Puts the file in its place. */
  complete(): void {
    OutputError.guard(`cannot write ${this.path}`, () => {
      this.files.closeSync(this.descriptor);
      this.files.renameSync(this.partial, this.path);
    });
  }

  /** Leaves nothing behind. */
  abandon(): void {
    this.files.closeSync(this.descriptor);
    this.files.rmSync(this.partial, { recursive: true, force: true });
  }
}
