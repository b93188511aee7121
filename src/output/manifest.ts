import type { FileEntry } from './out-file.ts';

/**
 * What a run folder is: where its numbers come from, what it holds, and how to have it again. Everything but `execution`
 * depends on scenario, seed, strategy and program alone.
 */
export interface Manifest {
  readonly schemaVersion: 1;
  readonly program: {
    readonly name: string;
    readonly version: string;
    /** Null when the program does not run from a repository. */
    readonly commit: string | null;
    /** Digest of the program's files in a repository, where they may differ from the commit's; null elsewhere. */
    readonly build: string | null;
  };
  readonly scenario: {
    readonly name: string;
    /** Digest of the file as it was read. */
    readonly sha256: string;
    readonly resolved: unknown;
    readonly resolvedSha256: string;
  };
  /** `--set` and other changes of the scenario by the command line, in order. */
  readonly overrides: readonly string[];
  readonly run: string;
  readonly seed: string;
  readonly strategy: unknown;
  readonly trace: {
    readonly level: string;
    readonly filter: readonly string[];
    readonly formats: readonly string[];
  };
  /** Numbers drawn from each random stream. */
  readonly streams: Readonly<Record<string, number>>;
  /** End asked for by the command line; null: the scenario's. */
  readonly untilNs: number | null;
  readonly endNs: number;
  readonly eventCount: number;
  readonly termination: string;
  readonly fingerprint: ManifestFingerprint;
  readonly files: readonly FileEntry[];
  readonly thresholds: readonly unknown[];
  readonly expectations: readonly unknown[];
  readonly execution: Execution;
}

export interface ManifestFingerprint {
  /** Of all kernel events: time, kind, target, argument. */
  readonly events: string;
  readonly every: number;
  /** After every `every` events, so that the first difference between two runs can be found. */
  readonly checkpoints: readonly string[];
}

/** What happened on this machine this time: outside all digests. */
export interface Execution {
  readonly node: string;
  readonly v8: string;
  readonly platform: string;
  readonly argv: readonly string[];
  /** Folder of the scenario, from which it names traces; missing in older manifests. */
  readonly folder?: string;
  readonly started: string;
  readonly wallSeconds: number;
  readonly eventsPerSecond: number;
  readonly peakMemoryBytes: number;
}

/** Readable JSON, one field per line; the scenario and the checkpoints, which are long, on one line each. */
export function formatManifest(manifest: Manifest, canonicalJson: (value: unknown) => string): string {
  const lines = Object.entries(manifest).map(([key, value]) => {
    const text = key === 'files' ? fileLines(manifest.files, canonicalJson) : canonicalJson(value);
    return `  ${JSON.stringify(key)}: ${text}`;
  });
  return `{\n${lines.join(',\n')}\n}\n`;
}

const fileLines = (files: readonly FileEntry[], canonicalJson: (value: unknown) => string): string =>
  files.length === 0 ? '[]' : `[\n${files.map((file) => `    ${canonicalJson(file)}`).join(',\n')}\n  ]`;

/** Reads a manifest back; null when the text is none. */
export function parseManifest(text: string): Manifest | null {
  try {
    const value: unknown = JSON.parse(text);
    return isManifest(value) ? value : null;
  } catch {
    return null;
  }
}

type Check = (value: unknown) => boolean;

const isText: Check = (value) => typeof value === 'string';
const isWhole: Check = (value) => Number.isSafeInteger(value);
const isTextOrNull: Check = (value) => value === null || isText(value);
const isWholeOrNull: Check = (value) => value === null || isWhole(value);
const isObject: Check = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);
/** A name that is part of a path, and leads nowhere else. */
const isName: Check = (value) => typeof value === 'string' && /^(?!\.)[^/\\\0]+$/.test(value);
const isListOf =
  (check: Check): Check =>
  (value) =>
    Array.isArray(value) && value.every(check);
const has =
  (fields: Readonly<Record<string, Check>>): Check =>
  (value) =>
    isObject(value) &&
    Object.entries(fields).every(([name, check]) => check((value as Record<string, unknown>)[name]));

const isResolved = has({ name: isName, run: isName, seed: isText });

/** What this program relies on when it reads a manifest that anyone may have edited. */
const isManifest = has({
  schemaVersion: (value) => value === 1,
  program: has({ name: isText, version: isText, commit: isTextOrNull, build: isTextOrNull }),
  scenario: has({ name: isText, sha256: isText, resolved: isResolved, resolvedSha256: isText }),
  overrides: isListOf(isText),
  untilNs: isWholeOrNull,
  endNs: isWhole,
  eventCount: isWhole,
  termination: isText,
  fingerprint: has({ events: isText, every: isWhole, checkpoints: isListOf(isText) }),
  files: isListOf(has({ name: isText, rows: isWhole, bytes: isWhole, sha256: isText })),
  execution: isObject,
}) as (value: unknown) => value is Manifest;
