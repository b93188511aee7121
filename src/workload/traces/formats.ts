import { Blkparse } from './blkparse.ts';
import { Disksim } from './disksim.ts';
import { FioIolog } from './fio-iolog.ts';
import { Msr } from './msr.ts';
import { Spc } from './spc.ts';
import type { TraceBytes } from './trace-bytes.ts';
import type { FormatOptions, TraceFormat } from './trace-format.ts';

/** Formats of traces by the names that scenarios use. */
const FORMATS = {
  fio: (options) => new FioIolog(options),
  blkparse: (options) => new Blkparse(options),
  spc: () => new Spc(),
  msr: () => new Msr(),
  disksim: () => new Disksim(),
} as const satisfies Record<string, (options: FormatOptions) => TraceFormat>;

export type TraceFormatName = keyof typeof FORMATS;
export const TRACE_FORMAT_NAMES = Object.keys(FORMATS) as [TraceFormatName, ...TraceFormatName[]];

export const createFormat = (name: TraceFormatName, options: FormatOptions): TraceFormat =>
  FORMATS[name](options);

/** Bytes at the start of a trace among which there is a row that tells its format. */
const START_BYTES = 1 << 16;

/** What a trace is by its first row; a text says why it is none that can be replayed. */
export function detectFormat(
  source: TraceBytes,
): TraceFormatName | { readonly reason: string; readonly hint: string } {
  const start = startOf(source);
  const magic = MAGICS.find(({ bytes }) => bytes.every((byte, at) => start[at] === byte));
  if (magic !== undefined) return magic;
  const rows = new TextDecoder('latin1').decode(start).split('\n');
  const row = rows.map((text) => text.trim()).find((text) => text !== '' && !text.startsWith('#'));
  if (row === undefined) return { reason: 'has no rows', hint: 'name a trace' };
  return (
    formatOfRow(row) ?? { reason: 'has a format that is not recognised', hint: 'say which with "format"' }
  );
}

const MAGICS = [
  { bytes: [0x1f, 0x8b], reason: 'is compressed', hint: 'unpack it first, for instance with gunzip' },
  {
    bytes: [0x28, 0xb5, 0x2f, 0xfd],
    reason: 'is compressed',
    hint: 'unpack it first, for instance with unzstd',
  },
  { bytes: [0x07, 0x74, 0x61, 0x65], reason: 'is binary', hint: 'make a text of it with blkparse -i' },
] as const;

function formatOfRow(row: string): TraceFormatName | null {
  const words = row.split(/[ \t]+/, 8);
  const fields = row.split(',', 8).map((field) => field.trim());
  if (words[0] === 'fio' && words[1] === 'version') return 'fio';
  if (/^\d{1,9},\d{1,9}$/.test(words[0]) && words.length >= 6) return 'blkparse';
  if (fields.length >= 6 && /^(timestamp|\d{15,20})$/i.test(fields[0])) return 'msr';
  if (fields.length >= 5 && /^[rw]$/i.test(fields[3])) return 'spc';
  if (words.length === 5 && words.slice(0, 4).every((word) => /^\d+(\.\d+)?$/.test(word))) return 'disksim';
  return null;
}

function startOf(source: TraceBytes): Uint8Array {
  const start = new Uint8Array(START_BYTES);
  let filled = 0;
  while (filled < START_BYTES) {
    const length = source.read(filled, start.subarray(filled));
    if (length === 0) break;
    filled += length;
  }
  return start.subarray(0, filled);
}
