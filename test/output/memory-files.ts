import path from 'node:path';
import type { FileSystem } from '../../src/output/file-system.ts';

/** A file system in memory with a given capacity: writing beyond it fails as a full disk does, after a partial write. */
export class MemoryFiles implements FileSystem {
  readonly files = new Map<string, Uint8Array>();
  readonly folders = new Set<string>();
  capacity = Number.POSITIVE_INFINITY;
  /** Operations after which everything fails, as if the program had been killed; null: never. */
  operationsLeft: number | null = null;
  private readonly open: (string | null)[] = [];

  openSync(name: string, flags: string): number {
    this.operation();
    if (flags === 'wx' && this.files.has(name)) throw this.error('EEXIST');
    this.files.set(name, new Uint8Array(0));
    return this.open.push(name) - 1;
  }

  writeSync(descriptor: number, bytes: Uint8Array, offset: number, length: number): number {
    this.operation();
    const name = this.open[descriptor]!;
    const used = [...this.files.values()].reduce((sum, file) => sum + file.length, 0);
    const fits = Math.min(length, this.capacity - used);
    if (fits <= 0) throw this.error('ENOSPC');
    const old = this.files.get(name)!;
    const grown = new Uint8Array(old.length + fits);
    grown.set(old);
    grown.set(bytes.subarray(offset, offset + fits), old.length);
    this.files.set(name, grown);
    return fits;
  }

  closeSync(descriptor: number): void {
    this.operation();
    this.open[descriptor] = null;
  }

  mkdirSync(name: string): string | undefined {
    this.operation();
    const missing: string[] = [];
    for (let at = path.normalize(name); at !== '.' && at !== '/' && !this.folders.has(at); ) {
      missing.push(at);
      at = path.dirname(at);
    }
    for (const folder of missing) this.folders.add(folder);
    const topmost = missing.at(-1);
    return topmost === undefined ? undefined : path.resolve(topmost);
  }

  rmdirSync(name: string): void {
    this.operation();
    if (this.readdirSync(name).length > 0) throw this.error('ENOTEMPTY');
    this.folders.delete(name);
  }

  renameSync(from: string, to: string): void {
    this.operation();
    const file = this.files.get(from);
    if (file !== undefined) {
      this.files.set(to, file);
      this.files.delete(from);
      return;
    }
    for (const name of [...this.files.keys()].filter((file) => file.startsWith(`${from}/`))) {
      this.files.set(to + name.slice(from.length), this.files.get(name)!);
      this.files.delete(name);
    }
    this.folders.delete(from);
    this.folders.add(to);
  }

  rmSync(name: string): void {
    this.operation();
    for (const file of [...this.files.keys()].filter((it) => it === name || it.startsWith(`${name}/`))) {
      this.files.delete(file);
    }
    this.folders.delete(name);
  }

  existsSync(name: string): boolean {
    return this.files.has(name) || this.folders.has(name);
  }

  readdirSync(name: string): string[] {
    const inside = [...this.files.keys(), ...this.folders].filter((it) => it.startsWith(`${name}/`));
    return [...new Set(inside.map((it) => it.slice(name.length + 1).split('/')[0]))];
  }

  readFileSync(name: string): string {
    const bytes = this.files.get(name);
    if (bytes === undefined) throw this.error('ENOENT');
    return new TextDecoder().decode(bytes);
  }

  private operation(): void {
    if (this.operationsLeft === null) return;
    if (this.operationsLeft === 0) throw new Error('killed');
    this.operationsLeft--;
  }

  private error(code: string): Error {
    return Object.assign(new Error(code), { code });
  }
}
