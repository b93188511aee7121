import path from 'node:path';
import type { FileSystem } from './file-system.ts';
import { type FileEntry, OutFile } from './out-file.ts';
import { OutputError } from './output-error.ts';

export const MANIFEST = 'manifest.json';

/**
 * The folder of one run. Files go to a hidden sibling, which gets the run's name in one rename when everything has been
 * written, so a folder with a manifest is complete whatever happened to the program.
 *
 *   out/<scenario>/.<run>.partial-<pid>/  ──rename──►  out/<scenario>/<run>/
 */
export class RunFolder {
  readonly path: string;
  private readonly files: FileSystem;
  private readonly parent: string;
  private readonly partial: string;
  /** Topmost folder that had to be created, absolute; null when all were there. */
  private created: string | null = null;
  private readonly open: OutFile[] = [];
  private readonly written: FileEntry[] = [];

  /** Creates the sibling and clears away what earlier, killed runs of the same name left behind. */
  constructor(files: FileSystem, parent: string, name: string, isAlive: (pid: number) => boolean) {
    this.files = files;
    this.parent = parent;
    this.path = path.join(parent, name);
    this.partial = path.join(parent, `.${name}.partial-${process.pid}`);
    OutputError.guard(`cannot create ${this.path}`, () => {
      const created = files.mkdirSync(parent, { recursive: true });
      this.created = created === undefined ? null : path.resolve(created);
      for (const entry of files.readdirSync(parent)) {
        const pid = partialPid(entry, name);
        const isLeftOver = pid === process.pid || (pid > 0 && !isAlive(pid));
        if (isLeftOver) files.rmSync(path.join(parent, entry), { recursive: true, force: true });
      }
      files.mkdirSync(this.partial, { recursive: true });
    });
  }

  /** A file that is written piece by piece; `finish` lists it. */
  file(name: string): OutFile {
    const file = new OutFile(this.files, path.join(this.partial, name), name);
    this.open.push(file);
    return file;
  }

  finish(file: OutFile, rows: number): void {
    this.written.push(file.finish(rows));
  }

  /** A file that is written at once. */
  write(name: string, text: string, rows = 0): void {
    const file = this.file(name);
    file.write(new TextEncoder().encode(text));
    this.finish(file, rows);
  }

  /** Files written so far, by name. */
  get entries(): readonly FileEntry[] {
    return [...this.written].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** Writes the manifest last and gives the folder its name; a folder of that name is replaced. */
  complete(manifest: string): void {
    this.write(MANIFEST, manifest);
    OutputError.guard(`cannot replace ${this.path}`, () => {
      const old = `${this.partial}-old`;
      const replaces = this.files.existsSync(this.path);
      if (replaces) this.files.renameSync(this.path, old);
      this.files.renameSync(this.partial, this.path);
      if (replaces) this.files.rmSync(old, { recursive: true, force: true });
    });
  }

  /** Removes everything: the run failed. What cannot be removed is cleared away by the next run of this name. */
  abandon(): void {
    for (const file of this.open) {
      try {
        file.close();
      } catch (error) {
        // A file that could not be written may fail to close for the same reason; it is removed next.
        if (!(error instanceof OutputError)) throw error;
      }
    }
    try {
      OutputError.guard(`cannot remove ${this.partial}`, () => {
        this.files.rmSync(this.partial, { recursive: true, force: true });
        this.removeEmptyFolders();
      });
    } catch (error) {
      // The error that made the run fail says more.
      if (!(error instanceof OutputError)) throw error;
    }
  }

  /** Folders that were created for this run, as far as nothing else has been put there since. */
  private removeEmptyFolders(): void {
    const { files, parent, created } = this;
    if (created === null) return;
    for (let folder = parent; ; folder = path.dirname(folder)) {
      if (files.readdirSync(folder).length > 0) return;
      files.rmdirSync(folder);
      if (path.resolve(folder) === created) return;
    }
  }
}

/** Process that was writing a partial folder of this run, from the folder's name; 0 when it is something else. */
function partialPid(entry: string, name: string): number {
  const prefix = `.${name}.partial-`;
  return entry.startsWith(prefix) ? Number.parseInt(entry.slice(prefix.length), 10) || 0 : 0;
}
