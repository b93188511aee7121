import { BLOCKS, storeFields } from '../program/block-fields.ts';
import { hexOf } from '../program/hex.ts';
import { CCW_FLAG } from '../zarch/ccw.ts';
import { storeWord } from '../zarch/word-layout.ts';

/** What scripts store before instructions, in the layouts of the Principles of Operation. All results are hexadecimal. */

/** Flags of a CCW as the manuals abbreviate them. */
export const CCW_FLAGS: Readonly<Record<string, number>> = {
  CD: CCW_FLAG.CHAIN_DATA,
  CC: CCW_FLAG.CHAIN_COMMAND,
  SLI: CCW_FLAG.SUPPRESS_LENGTH,
  SKIP: CCW_FLAG.SKIP,
  PCI: CCW_FLAG.PCI,
  IDA: CCW_FLAG.INDIRECT,
  S: CCW_FLAG.SUSPEND,
  MIDA: CCW_FLAG.MODIFIED_INDIRECT,
};

export interface CcwFields {
  readonly command: number;
  readonly flags: number;
  readonly count: number;
  readonly address: number;
}

/** Addresses keep the bits that their format has no room for in front of them: a script may set reserved bits. */
export function ccwBytes({ command, flags, count, address }: CcwFields, format: number): string {
  return format === 0
    ? wordBytes([(command << 24) | (address & 0xffffff), (flags << 24) | count])
    : wordBytes([(command << 24) | (flags << 16) | count, address]);
}

/** Format 1: 31-bit words; format 2: doublewords. */
export function idawBytes(address: number, format: number): string {
  return format === 1 ? wordBytes([address]) : wordBytes([Math.floor(address / 2 ** 32), address % 2 ** 32]);
}

/** Five reserved bytes, flags, count, 64-bit address. */
export function midawBytes(flags: number, count: number, address: number): string {
  return wordBytes([0, (flags << 16) | count, Math.floor(address / 2 ** 32), address % 2 ** 32]);
}

/** An ORB with these fields; what has no name is zero. */
export function orbBytes(fields: Readonly<Record<string, number>>): string {
  const block = new Uint8Array(BLOCKS.orb.bytes);
  storeFields(block, 'orb', fields);
  return hexOf(block);
}

export function wordBytes(words: readonly number[]): string {
  const bytes = new Uint8Array(words.length * 4);
  words.forEach((word, at) => {
    storeWord(bytes, at * 4, word >>> 0);
  });
  return hexOf(bytes);
}
