import { fetchDoubleword, fetchWord, storeDoubleword, storeWord } from './word-layout.ts';

/**
 * Transport-indirect-data-address word: one area of a list in which data or commands of a program in transport mode stand
 * (Principles of Operation, "Transport-Indirect-Data-Address Word"; architecture reference A.8, asm/fcx.h: struct tidaw).
 */
export class Tidaw {
  flags = 0;
  count = 0;
  /** Below 2^64: rounded when it is above 2^53, where there is no storage. */
  address = 0;
}

/** Bytes of a word, and the boundary on which lists stand. */
export const TIDAW_BYTES = 16;
/** Areas, and lists that do not go on with a transfer, stay inside one block of this size. */
export const TIDAW_BLOCK = 4_096;

export const TIDAW_FLAG = {
  LAST: 0x80,
  /** Input for the area is not stored. */
  SKIP: 0x40,
  /** An interruption is asked for when the data of the area have moved. */
  DATA_INTERRUPTION: 0x20,
  /** Transfer in channel: the list goes on at the address. */
  TRANSFER: 0x10,
  /** Check bytes follow the data of the area. */
  INSERT_CHECK: 0x08,
} as const;
const RESERVED_FLAGS = 0x07;

/** Stores a word. */
export function encodeTidaw(tidaw: Readonly<Tidaw>, bytes = new Uint8Array(TIDAW_BYTES), at = 0): Uint8Array {
  storeWord(bytes, at, (tidaw.flags << 24) >>> 0);
  storeWord(bytes, at + 4, tidaw.count);
  storeDoubleword(bytes, at + 8, tidaw.address);
  return bytes;
}

/** Fetches a word into `tidaw`. False: bits that must be zero are not. */
export function decodeTidaw(bytes: Uint8Array, tidaw: Tidaw, at = 0): boolean {
  const first = fetchWord(bytes, at);
  tidaw.flags = first >>> 24;
  tidaw.count = fetchWord(bytes, at + 4);
  tidaw.address = fetchDoubleword(bytes, at + 8);
  return (first & 0xffffff) === 0 && (tidaw.flags & RESERVED_FLAGS) === 0;
}

/** Bytes that are inserted behind `count` bytes of output: filled up to a word, and a word of check bytes. */
export const checkBytesBehind = (count: number): number => 4 + ((4 - (count % 4)) % 4);
