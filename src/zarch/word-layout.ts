import { assert } from '../kernel/assert.ts';

/** Where each field of a 32-bit word stands: first and last bit, numbered from the left as the manuals do. */
type BitRanges<Field extends string> = Readonly<Record<Field, readonly [first: number, last: number]>>;

const ALL_ONES = 0xffffffff;

/**
 * A 32-bit word of unsigned fields. Codecs are written as layouts, so that they can be read beside the figures of the
 * Principles of Operation. Bits that no field covers are stored as zeros and ignored when fetched.
 */
export class WordLayout<Field extends string> {
  private readonly fields: readonly Field[];
  private readonly shifts: readonly number[];
  private readonly limits: readonly number[];

  constructor(ranges: BitRanges<Field>) {
    this.fields = Object.keys(ranges) as Field[];
    this.shifts = this.fields.map((field) => 31 - ranges[field][1]);
    this.limits = this.fields.map((field) => ALL_ONES >>> (31 - ranges[field][1] + ranges[field][0]));
  }

  /** The word of these field values. A value that does not fit is a defect: nothing may spill into a neighbour. */
  pack(values: Readonly<Record<Field, number>>): number {
    let word = 0;
    for (let index = 0; index < this.fields.length; index++) {
      const field = this.fields[index];
      const value = values[field];
      assert(value >= 0 && value <= this.limits[index], `field ${field} cannot hold ${value}`);
      word |= value << this.shifts[index];
    }
    return word >>> 0;
  }

  /** Sets the fields of `into` from a word. */
  unpack(word: number, into: Record<Field, number>): void {
    for (let index = 0; index < this.fields.length; index++) {
      into[this.fields[index]] = (word >>> this.shifts[index]) & this.limits[index];
    }
  }
}

/** Fetches a big-endian word, unsigned. */
export const fetchWord = (bytes: Uint8Array, at: number): number =>
  ((bytes[at] << 24) | (bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3]) >>> 0;

/** Stores a big-endian word. */
export function storeWord(bytes: Uint8Array, at: number, word: number): void {
  assert(at + 4 <= bytes.length, 'a word is stored inside its block');
  bytes[at] = word >>> 24;
  bytes[at + 1] = word >>> 16;
  bytes[at + 2] = word >>> 8;
  bytes[at + 3] = word;
}

/** Fetches a big-endian doubleword, unsigned: rounded when it is above 2^53, where there is no storage. */
export const fetchDoubleword = (bytes: Uint8Array, at: number): number =>
  fetchWord(bytes, at) * 2 ** 32 + fetchWord(bytes, at + 4);

/** Stores a big-endian doubleword below 2^53. */
export function storeDoubleword(bytes: Uint8Array, at: number, doubleword: number): void {
  storeWord(bytes, at, Math.floor(doubleword / 2 ** 32));
  storeWord(bytes, at + 4, doubleword % 2 ** 32);
}
