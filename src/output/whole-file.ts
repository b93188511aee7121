import type { FileSystem } from './file-system.ts';
import { OutputError } from './output-error.ts';

/**
 * Writes a file that the user named. It is written in place, since it may be a device or a pipe; one that was not there
 * before is removed again when it cannot be written whole.
 */
export function writeWholeFile(files: FileSystem, path: string, text: string): void {
  const isNew = !files.existsSync(path);
  OutputError.guard(`cannot write ${path}`, () => {
    const descriptor = files.openSync(path, 'w');
    try {
      writeAll(files, descriptor, new TextEncoder().encode(text));
    } catch (error) {
      if (isNew) files.rmSync(path, { recursive: true, force: true });
      throw error;
    } finally {
      files.closeSync(descriptor);
    }
  });
}

/** A full disk may take part of the bytes before it refuses the rest. */
export function writeAll(files: FileSystem, descriptor: number, bytes: Uint8Array): void {
  for (let done = 0; done < bytes.length; ) {
    done += files.writeSync(descriptor, bytes, done, bytes.length - done);
  }
}
