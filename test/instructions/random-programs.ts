import fc from 'fast-check';
import { Orb } from '../../src/zarch/orb.ts';
import type { Storage } from '../../src/zarch/storage.ts';
import { FLAG, storeCcw, TIC } from './stored-ccw.ts';

/**
 * Storage full of things that look like channel programs and are none: random bytes, endless transfers in channel,
 * address lists that lead to themselves, counts of zero, addresses outside of storage, every flag, both formats.
 */
export interface RandomProgram {
  readonly format: 0 | 1;
  readonly words: readonly RandomWord[];
  /** Words of the indirect-address lists that the program may designate. */
  readonly list: readonly Place[];
  readonly orb: Partial<Orb>;
  /** Where the program starts: at one of the words, or somewhere else. */
  readonly start: Place;
}

export interface RandomWord {
  readonly command: number;
  readonly flags: number;
  readonly count: number;
  readonly at: Place;
}

/** Somewhere in or out of storage; addresses are made of it when the program is laid out. */
export type Place =
  | { readonly in: 'program' | 'list' | 'area' | 'protected' | 'end'; readonly offset: number }
  | { readonly in: 'anywhere'; readonly offset: number };

const BASE = 0x10000;
const LIST = 0x12000;
const DATA = 0x14000;
/** A page whose key no program of these has. */
export const PROTECTED = 0x20000;
const PROTECTED_KEY = 0x78;
const WORDS = 16;

const place: fc.Arbitrary<Place> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      in: fc.constantFrom('program' as const),
      offset: fc.nat(WORDS - 1).map((at) => 8 * at),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      in: fc.constantFrom('list', 'area', 'area', 'protected', 'end' as const),
      offset: fc.oneof(fc.constantFrom(0, 8, 16, 0x7f8, 0x800, 0xff8, 0xfff), fc.nat(0xfff)),
    }),
  },
  { weight: 1, arbitrary: fc.record({ in: fc.constant('anywhere' as const), offset: fc.nat(0xffffffff) }) },
) as fc.Arbitrary<Place>;

const flags = fc.oneof(
  fc.constantFrom(FLAG.CC, FLAG.CC | FLAG.SLI, FLAG.SLI, FLAG.CD, 0),
  fc.constantFrom(FLAG.IDA | FLAG.CC | FLAG.SLI, FLAG.MIDA | FLAG.CC, FLAG.CD | FLAG.IDA, FLAG.S | FLAG.CC),
  fc.nat(0xff),
);

const random: fc.Arbitrary<RandomWord> = fc.record({
  command: fc.oneof(
    fc.constantFrom(0x03, 0x03, 0x04, 0xe4, 0xe4, 0x64, 0xfa),
    fc.constant(TIC),
    fc.nat(0xff),
  ),
  flags,
  count: fc.oneof(fc.constantFrom(0, 1, 7, 12, 32, 64, 256, 4096, 0xffff), fc.nat(0xffff)),
  at: place,
});

/** A transfer in channel as it should be, mostly back into the program. */
const transfer: fc.Arbitrary<RandomWord> = fc.record({
  command: fc.constant(TIC),
  flags: fc.constant(0),
  count: fc.constant(0),
  at: place,
});

const bit = fc.constantFrom(0, 1);

export const randomProgram: fc.Arbitrary<RandomProgram> = fc.record({
  format: fc.constantFrom(0 as const, 1 as const),
  words: fc.array(fc.oneof({ weight: 5, arbitrary: random }, { weight: 1, arbitrary: transfer }), {
    minLength: 1,
    maxLength: WORDS,
  }),
  list: fc.array(place, { maxLength: 24 }),
  start: fc.oneof(
    { weight: 8, arbitrary: fc.constant<Place>({ in: 'program', offset: 0 }) },
    { weight: 1, arbitrary: place },
  ),
  orb: fc.record({
    key: fc.constantFrom(0, 0, 1, 15),
    suspendControl: bit,
    prefetch: bit,
    initialStatus: bit,
    addressLimit: bit,
    suppressSuspended: bit,
    idaw64: bit,
    idawBlock2k: bit,
    incorrectLengthSuppression: bit,
    midaw: bit,
    lpm: fc.constantFrom(0xff, 0xff, 0xff, 0x80, 0x00),
  }),
});

/** Where a place is in this storage, as far as 31 bits reach. */
export function addressOf(where: Place, storage: Storage): number {
  switch (where.in) {
    case 'program':
      return BASE + where.offset;
    case 'list':
      return LIST + (where.offset & 0xff);
    case 'area':
      return DATA + where.offset;
    case 'protected':
      return PROTECTED + where.offset;
    case 'end':
      return Math.min(storage.bytes, 0x80000000) - 0x800 + where.offset;
    case 'anywhere':
      return where.offset;
  }
}

/** Lays a program out; returns the ORB that designates it. */
export function layOut(program: RandomProgram, storage: Storage): Orb {
  const orb = Object.assign(new Orb(), program.orb, { format1: program.format });
  orb.programAddress = addressOf(program.start, storage) & 0x7fffffff;
  for (const [at, word] of program.words.entries()) {
    storeCcw(
      storage,
      BASE + 8 * at,
      { ...word, address: addressOf(word.at, storage) & 0x7fffffff },
      program.format,
    );
  }
  let at = LIST;
  for (const entry of program.list) {
    if (orb.idaw64 === 1) storage.storeWord(at, 0);
    storage.storeWord(at + (orb.idaw64 === 1 ? 4 : 0), addressOf(entry, storage) >>> 0);
    at += orb.idaw64 === 1 ? 8 : 4;
  }
  storage.setKey(PROTECTED, PROTECTED_KEY);
  for (const page of [BASE, LIST, LIST + 0x1000, DATA, DATA + 0x1000])
    storage.setKey(page, (orb.key << 4) & 0xf0);
  return orb;
}

/** Whether the very first CCW is one that no channel may execute, whatever the device. */
export function firstWordIsInvalid(program: RandomProgram, orb: Orb, storage: Storage): boolean {
  const limit = program.format === 0 ? 0x1000000 : 0x80000000;
  const { programAddress } = orb;
  if (programAddress % 8 !== 0 || programAddress >= limit || programAddress + 8 > storage.bytes) return true;
  if (program.start.in !== 'program' || program.start.offset / 8 >= program.words.length) return false;
  const word = program.words[program.start.offset / 8];
  if ((word.command & 0xf) === 0) return true;
  if (program.format === 1 && (word.command & 0xf) === TIC && word.command !== TIC) return true;
  return program.format === 0 && (word.command & 0xf) !== TIC && word.count === 0;
}
