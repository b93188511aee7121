import { COMMAND } from './commands.ts';
import { fetchWord, storeWord, WordLayout } from './word-layout.ts';

/** Channel-command words and channel programs (Principles of Operation, "Channel-Command Word"). */
export const CCW_FLAG = {
  CHAIN_DATA: 0x80,
  CHAIN_COMMAND: 0x40,
  SUPPRESS_LENGTH: 0x20,
  SKIP: 0x10,
  PCI: 0x08,
  INDIRECT: 0x04,
  SUSPEND: 0x02,
  MODIFIED_INDIRECT: 0x01,
} as const;

/**
 * One command with its data area, to which it refers directly, whether or not the program stands in main storage.
 * Control data and sense-like data are real bytes; of a data block that the model's own systems move only the version is
 * carried (see `dasd/`), in `versions`.
 */
export interface Ccw {
  command: number;
  flags: number;
  /** Byte count of the data area. */
  count: number;
  /** Control or response bytes; shorter than `count` when the rest is zero, null for pure data blocks. */
  data: Uint8Array | null;
  /** For commands that move 4 KiB blocks: the version of each block, read or written. */
  versions: Float64Array | null;
}

/** A format-1 channel program: CCWs in storage order, chained as their flags say. */
export interface ChannelProgram {
  readonly ccws: Ccw[];
  /** CCWs of `ccws` that belong to the program, from the first. */
  length: number;
  /** Whose commands they are: COMMAND_SET; those that all devices know and those of DASD when there is none. */
  readonly commandSet?: number;
  /** The commands travel together, in a transport-command control block. */
  readonly transport?: boolean;
}

/** A CCW as it stands in storage, with an address in place of a data area. */
export class StoredCcw {
  command = 0;
  flags = 0;
  count = 0;
  /** 24 bits in format 0, 31 bits in format 1. */
  address = 0;
}

/** Bytes of a CCW of either format. */
export const CCW_BYTES = 8;

const FORMAT_0_WORDS = [
  new WordLayout({ command: [0, 7], address: [8, 31] }),
  new WordLayout({ flags: [0, 7], count: [16, 31] }),
] as const;
const FORMAT_1_WORDS = [
  new WordLayout({ command: [0, 7], flags: [8, 15], count: [16, 31] }),
  new WordLayout({ address: [1, 31] }),
] as const;

/** Stores a CCW in format 0 or 1. */
export function encodeCcw(
  ccw: StoredCcw,
  format: 0 | 1,
  bytes = new Uint8Array(CCW_BYTES),
  at = 0,
): Uint8Array {
  const words = format === 0 ? FORMAT_0_WORDS : FORMAT_1_WORDS;
  storeWord(bytes, at, words[0].pack(ccw));
  storeWord(bytes, at + 4, words[1].pack(ccw));
  return bytes;
}

/** Fetches a CCW in format 0 or 1. */
export function decodeCcw(bytes: Uint8Array, format: 0 | 1, ccw = new StoredCcw(), at = 0): StoredCcw {
  const words = format === 0 ? FORMAT_0_WORDS : FORMAT_1_WORDS;
  words[0].unpack(fetchWord(bytes, at), ccw);
  words[1].unpack(fetchWord(bytes, at + 4), ccw);
  return ccw;
}

/** Whether a command code is a transfer in channel; format 0 looks at its right four bits only. */
export const isTransferInChannel = (command: number, format: 0 | 1): boolean =>
  (format === 0 ? command & 0xf : command) === COMMAND.tic;
