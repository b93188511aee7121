import { fetchWord } from './word-layout.ts';

/**
 * Indirect-data-address words and modified indirect-data-address words (Principles of Operation, "Channel Indirect Data
 * Addressing" and "Modified Indirect Data Addressing"; architecture reference A.7).
 */
export const IDAW_FORMAT_1_BYTES = 4;
export const IDAW_FORMAT_2_BYTES = 8;
/** A format-1 word reaches up to the next 2 KiB boundary, a format-2 word up to the next 2 or 4 KiB boundary. */
export const IDAW_BLOCK_2K = 2_048;
export const IDAW_BLOCK_4K = 4_096;

export const MIDAW_BYTES = 16;
/** A list of modified words and each of their areas stay inside one block of this size. */
export const MIDAW_BLOCK = 4_096;
export const MIDAW_FLAG = { LAST: 0x80, SKIP: 0x40, DATA_TRANSFER_INTERRUPTION: 0x20 } as const;
const MIDAW_RESERVED_FLAGS = 0x1f;
const MIDAW_FLAGS_AT = 5;

/** One area of a modified indirect-data-address list. */
export class Midaw {
  flags = 0;
  count = 0;
  /** Below 2^64: rounded when it is above 2^53, where there is no storage. */
  address = 0;
}

/** Bit 0 of a format-1 word must be zero. */
export const isValidIdaw1 = (bytes: Uint8Array): boolean => (bytes[0] & 0x80) === 0;

/** The address in a format-1 or format-2 word. */
export const idawAddress = (bytes: Uint8Array, format2: boolean): number =>
  format2 ? fetchWord(bytes, 0) * 2 ** 32 + fetchWord(bytes, 4) : fetchWord(bytes, 0);

/** Fetches a modified word. False: bits that must be zero are not. */
export function decodeMidaw(bytes: Uint8Array, midaw: Midaw): boolean {
  midaw.flags = bytes[MIDAW_FLAGS_AT];
  midaw.count = (bytes[6] << 8) | bytes[7];
  midaw.address = fetchWord(bytes, 8) * 2 ** 32 + fetchWord(bytes, 12);
  for (let at = 0; at < MIDAW_FLAGS_AT; at++) {
    if (bytes[at] !== 0) return false;
  }
  return (midaw.flags & MIDAW_RESERVED_FLAGS) === 0;
}
