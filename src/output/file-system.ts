import fs from 'node:fs';

/** The part of Node's file system that run folders use, so that a test can fill the disk. */
export interface FileSystem {
  openSync(path: string, flags: string): number;
  writeSync(descriptor: number, bytes: Uint8Array, offset: number, length: number): number;
  closeSync(descriptor: number): void;
  mkdirSync(path: string, options: { recursive: true }): void;
  renameSync(from: string, to: string): void;
  rmSync(path: string, options: { recursive: true; force: true }): void;
  existsSync(path: string): boolean;
  readdirSync(path: string): string[];
  readFileSync(path: string, encoding: 'utf8'): string;
}

export const NODE_FILES: FileSystem = {
  openSync: (path, flags) => fs.openSync(path, flags),
  writeSync: (descriptor, bytes, offset, length) => fs.writeSync(descriptor, bytes, offset, length),
  closeSync: (descriptor) => fs.closeSync(descriptor),
  mkdirSync: (path, options) => void fs.mkdirSync(path, options),
  renameSync: (from, to) => fs.renameSync(from, to),
  rmSync: (path, options) => fs.rmSync(path, options),
  existsSync: (path) => fs.existsSync(path),
  readdirSync: (path) => fs.readdirSync(path),
  readFileSync: (path, encoding) => fs.readFileSync(path, encoding),
};
