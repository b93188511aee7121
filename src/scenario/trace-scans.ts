import { detectFormat, type TraceFormatName } from '../workload/traces/formats.ts';
import { readContents, type TraceContents } from '../workload/traces/trace-contents.ts';
import { ScenarioError } from './errors.ts';
import { type Parsed, parsed, refused } from './parsed.ts';
import type { ParsedReplay } from './schema-replay.ts';
import { HashedBytes, TraceFile } from './trace-file.ts';

/** A trace that has been read to its end. */
export interface ScannedTrace extends TraceContents {
  readonly format: TraceFormatName;
  readonly sha256: string;
  /** Rows that cannot be read, as errors with their place in the trace. */
  readonly errors: readonly ScenarioError[];
}

/** The traces of one scenario, each read once, whatever number of runs replays it. */
export class TraceScans {
  private readonly folder: string;
  private readonly scans = new Map<string, Parsed<ScannedTrace>>();

  /** `folder`: where the scenario lies. */
  constructor(folder: string) {
    this.folder = folder;
  }

  /** Refused is a file of which nothing can be read; what is wrong with single rows stands in the scan. */
  scan(replay: ParsedReplay): Parsed<ScannedTrace> {
    const { file, format, events, waits, window } = replay;
    const key = JSON.stringify([file, format, events, waits, window]);
    const known = this.scans.get(key) ?? this.read(replay);
    this.scans.set(key, known);
    return known;
  }

  private read(replay: ParsedReplay): Parsed<ScannedTrace> {
    const file = new TraceFile(this.folder, replay.file);
    const reason = file.refusal();
    if (reason !== null) return refused(`cannot be read: ${reason}`, hintFor(file.path));
    try {
      return scanFile(file, replay);
    } catch (error) {
      if (error instanceof ScenarioError) return refused(error.problem, hintFor(file.path));
      throw error;
    }
  }
}

function scanFile(file: TraceFile, { format, events, waits, window }: ParsedReplay): Parsed<ScannedTrace> {
  const found = format === 'auto' ? detectFormat(file) : format;
  if (typeof found !== 'string') return refused(found.reason, found.hint);
  const bytes = new HashedBytes(file);
  const contents = readContents(bytes, { format: found, events, waits, window });
  const errors = contents.problems.map(
    ({ line, col, message, hint }) =>
      new ScenarioError('invalid', { file: file.path, line, col }, '', message, hint),
  );
  return parsed({ ...contents, format: found, sha256: bytes.digest(), errors });
}

const hintFor = (path: string): string => `looked for ${path}`;
