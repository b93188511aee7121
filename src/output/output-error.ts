/** Results cannot be written or read: no space, no permission, no such file. Ends the program with exit code 5. */
export class OutputError extends Error {
  override readonly name = 'OutputError';

  /** Runs a file operation; the system's error becomes an `OutputError` that says what was being done. */
  static guard<T>(doing: string, operation: () => T): T {
    try {
      return operation();
    } catch (cause) {
      if (!isSystemError(cause)) throw cause;
      throw new OutputError(`${doing}: ${systemReason(cause.code)}`, { cause });
    }
  }
}

interface SystemError extends Error {
  readonly code: string;
}

const isSystemError = (cause: unknown): cause is SystemError =>
  cause instanceof Error && 'code' in cause && typeof cause.code === 'string';

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EDQUOT: 'the disk quota is used up',
  EEXIST: 'it exists already',
  EFBIG: 'the file would become too large',
  EIO: 'input/output error',
  EISDIR: 'it is a directory',
  EMFILE: 'too many open files',
  ENOENT: 'no such file or directory',
  ENOSPC: 'no space left on the disk',
  ENOTDIR: 'a part of its path is not a directory',
  EPERM: 'operation not permitted',
  EROFS: 'the file system is read-only',
};

/** A system error's code in words. */
export const systemReason = (code: string): string => REASONS[code] ?? code;
