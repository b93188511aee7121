import fs from 'node:fs';

/** The part of Node's file system that run folders use, so that a test can fill the disk. */
export interface FileSystem {
  openSync(path: string, flags: string): number;
  writeSync(descriptor: number, bytes: Uint8Array, offset: number, length: number): number;
  closeSync(descriptor: number): void;
  /** The topmost folder that was created; nothing when all were there. */
  mkdirSync(path: string, options: { recursive: true }): string | undefined;
  renameSync(from: string, to: string): void;
  /** Removes an empty folder. */
  rmdirSync(path: string): void;
  rmSync(path: string, options: { recursive: true; force: true }): void;
  existsSync(path: string): boolean;
  readdirSync(path: string): string[];
  readFileSync(path: string, encoding: 'utf8'): string;
}

export const NODE_FILES: FileSystem = {
  openSync: (path, flags) => fs.openSync(path, flags),
  writeSync: (descriptor, bytes, offset, length) => fs.writeSync(descriptor, bytes, offset, length),
  closeSync: (descriptor) => fs.closeSync(descriptor),
  mkdirSync: (path, options) => fs.mkdirSync(path, options),
  renameSync: (from, to) => fs.renameSync(from, to),
  rmdirSync: (path) => fs.rmdirSync(path),
  rmSync: (path, options) => fs.rmSync(path, options),
  existsSync: (path) => fs.existsSync(path),
  readdirSync: (path) => fs.readdirSync(path),
  readFileSync: (path, encoding) => fs.readFileSync(path, encoding),
};
