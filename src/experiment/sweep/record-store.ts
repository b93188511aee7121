import { assert } from '../../kernel/assert.ts';
import type { FileSystem } from '../../output/file-system.ts';
import { OutputError } from '../../output/output-error.ts';
import { ReplacedFile } from '../../output/replaced-file.ts';
import { canonicalJson } from '../../scenario/canonical.ts';
import type { RunRecord } from './run-record.ts';

/**
 * The finished runs of a sweep, one file each, named by what the run depends on. A file is written beside its place and
 * renamed, so a sweep that was killed goes on where it was, several may write to one store, and stores of several
 * machines are put together by copying.
 */
export class RecordStore {
  private readonly files: FileSystem;
  private readonly folder: string;
  private readonly pid: number;

  /** `pid`: of this process, so that two of them do not write to one file. */
  constructor(files: FileSystem, folder: string, pid: number) {
    this.files = files;
    this.folder = folder;
    this.pid = pid;
  }

  /** Makes the folder, and removes what earlier processes left half-written. */
  open(isAlive: (pid: number) => boolean): void {
    const { files, folder } = this;
    OutputError.guard(`cannot create ${folder}`, () => files.mkdirSync(folder, { recursive: true }));
    for (const name of OutputError.guard(`cannot read ${folder}`, () => files.readdirSync(folder))) {
      const writer = /^\..+\.partial-(\d+)$/.exec(name)?.[1];
      if (writer === undefined || isAlive(Number(writer))) continue;
      OutputError.guard(`cannot remove ${folder}/${name}`, () =>
        files.rmSync(`${folder}/${name}`, { recursive: true, force: true }),
      );
    }
  }

  has(key: string): boolean {
    return this.find(key) !== null;
  }

  /** Null: not finished yet, or damaged since. */
  find(key: string): RunRecord | null {
    const file = this.fileOf(key);
    if (!this.files.existsSync(file)) return null;
    const text = OutputError.guard(`cannot read ${file}`, () => this.files.readFileSync(file, 'utf8'));
    return parseRecord(text, key);
  }

  put(key: string, record: RunRecord): void {
    assert(/^run-[0-9a-f]+$/.test(key), `a key is a digest, not ${key}`);
    const file = new ReplacedFile(this.files, this.folder, `${key}.json`, this.pid);
    file.write(`${canonicalJson({ key, ...record })}\n`);
    file.complete();
  }

  private fileOf(key: string): string {
    return `${this.folder}/${key}.json`;
  }
}

function parseRecord(text: string, key: string): RunRecord | null {
  try {
    const { key: named, ...record } = JSON.parse(text) as RunRecord & { readonly key: string };
    return named === key && record.schemaVersion === 1 && typeof record.metrics === 'object' ? record : null;
  } catch {
    return null;
  }
}
