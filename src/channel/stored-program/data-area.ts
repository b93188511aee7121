import { CCW_FLAG } from '../../zarch/ccw.ts';
import {
  decodeMidaw,
  IDAW_BLOCK_2K,
  IDAW_BLOCK_4K,
  IDAW_FORMAT_1_BYTES,
  IDAW_FORMAT_2_BYTES,
  idawAddress,
  isValidIdaw1,
  MIDAW_BLOCK,
  MIDAW_BYTES,
  MIDAW_FLAG,
  Midaw,
} from '../../zarch/idaw.ts';
import { CSTAT } from '../../zarch/scsw.ts';
import type { Storage } from '../../zarch/storage.ts';
import { checkOfAccess } from './ccw-fetch.ts';
import type { FetchedCcw } from './fetched-ccw.ts';
import type { ProgramRules } from './program-rules.ts';

/** Storage keys are kept for blocks of this size: inside of one, all bytes are alike. */
const KEY_BLOCK = 4_096;

const ADDRESSING = { DIRECT: 0, INDIRECT: 1, MODIFIED: 2, NONE: 3 } as const;

/**
 * The data area of one CCW: a walk over the bytes that it designates, directly or by a list of indirect-data-address
 * words. Words of a list and keys of storage are looked at when the walk gets there, so the count bounds every list.
 */
export class DataArea {
  /** Why the last move stopped short: zero, program check or protection check. */
  check = 0;
  /** A word was used that asks for an interruption when its data have moved; the user turns it off before a command. */
  interruption = false;
  private readonly storage: Storage;
  private readonly rules: ProgramRules;
  private addressing: number = ADDRESSING.DIRECT;
  /** Bytes of the CCW's count that have not been moved. */
  private remaining = 0;
  /** The part in use: address, bytes left, and whether its bytes are moved at all. */
  private address = 0;
  private left = 0;
  private skips = false;
  /** Next word of the list, and whether it is the first one. */
  private wordAt = 0;
  private isFirstWord = false;
  private isInput = false;
  private readonly word = new Uint8Array(MIDAW_BYTES);
  private readonly midaw = new Midaw();

  constructor(storage: Storage, rules: ProgramRules) {
    this.storage = storage;
    this.rules = rules;
  }

  /** Turns to the area of a CCW; returns the check that its specification comes to, zero when it is in order. */
  open(ccw: FetchedCcw, isInput: boolean): number {
    this.check = 0;
    this.remaining = ccw.count;
    this.left = 0;
    this.isFirstWord = true;
    this.wordAt = ccw.address;
    this.isInput = isInput;
    this.skips = isInput && ccw.has(CCW_FLAG.SKIP);
    this.addressing = addressingOf(ccw, this.skips);
    if (this.addressing !== ADDRESSING.DIRECT)
      return ccw.address % this.wordBytes === 0 ? 0 : CSTAT.PROGRAM_CHECK;
    this.address = ccw.address;
    this.left = ccw.count;
    return 0;
  }

  /** Fetches up to `length` bytes of the area; returns how many it could. */
  fetch(into: Uint8Array, at: number, length: number): number {
    return this.move(into, at, length, 'fetch');
  }

  /** Stores up to `length` bytes into the area; returns how many it could. */
  store(from: Uint8Array, at: number, length: number): number {
    return this.move(from, at, length, 'store');
  }

  private move(bytes: Uint8Array, at: number, length: number, access: 'fetch' | 'store'): number {
    const wanted = Math.min(length, this.remaining);
    let done = 0;
    while (done < wanted) {
      if (this.left === 0) this.check = this.nextPart();
      if (this.check !== 0) break;
      const part = Math.min(wanted - done, this.left, KEY_BLOCK - (this.address % KEY_BLOCK));
      this.check = this.skips ? 0 : this.checkPart(part, access);
      if (this.check !== 0) break;
      if (!this.skips && access === 'fetch') this.storage.fetch(this.address, bytes, at + done, part);
      else if (!this.skips) this.storage.store(this.address, bytes, at + done, part);
      this.address += part;
      this.left -= part;
      this.remaining -= part;
      done += part;
    }
    return done;
  }

  private checkPart(length: number, access: 'fetch' | 'store'): number {
    const { address, rules } = this;
    const end = this.addressing === ADDRESSING.DIRECT ? Math.min(rules.limit, rules.addressEnd) : rules.limit;
    if (address < rules.lowest || address + length > end) return CSTAT.PROGRAM_CHECK;
    const refused = this.storage.check(address, length, rules.key, access);
    return refused === 0 ? 0 : checkOfAccess(refused);
  }

  private get wordBytes(): number {
    if (this.addressing === ADDRESSING.MODIFIED) return MIDAW_BYTES;
    if (this.addressing === ADDRESSING.NONE) return 1;
    return this.rules.idaw64 ? IDAW_FORMAT_2_BYTES : IDAW_FORMAT_1_BYTES;
  }

  private nextPart(): number {
    const length = this.wordBytes;
    if (this.addressing === ADDRESSING.NONE) {
      this.left = this.remaining;
      return 0;
    }
    const refused = this.storage.check(this.wordAt, length, this.rules.key, 'fetch');
    if (refused !== 0) return checkOfAccess(refused);
    this.storage.fetch(this.wordAt, this.word, 0, length);
    const isValid = this.addressing === ADDRESSING.MODIFIED ? this.takeMidaw() : this.takeIdaw();
    this.wordAt += length;
    this.isFirstWord = false;
    return isValid ? 0 : CSTAT.PROGRAM_CHECK;
  }

  /** Only the first word may designate a byte inside of a block. */
  private takeIdaw(): boolean {
    const { idaw64, idawBlock2k } = this.rules;
    if (!idaw64 && !isValidIdaw1(this.word)) return false;
    const block = idaw64 && !idawBlock2k ? IDAW_BLOCK_4K : IDAW_BLOCK_2K;
    this.address = idawAddress(this.word, idaw64);
    const into = this.address % block;
    this.left = block - into;
    return this.isFirstWord || into === 0;
  }

  /** The counts of the list add up to the count of the CCW, with the word that says so as the last one. */
  private takeMidaw(): boolean {
    const { midaw } = this;
    if (!this.isFirstWord && this.wordAt % MIDAW_BLOCK === 0) return false;
    if (!decodeMidaw(this.word, midaw)) return false;
    const isLast = (midaw.flags & MIDAW_FLAG.LAST) !== 0;
    if (midaw.count === 0 || midaw.count > this.remaining) return false;
    if (isLast !== (midaw.count === this.remaining)) return false;
    this.address = midaw.address;
    this.left = midaw.count;
    this.skips = this.isInput && (midaw.flags & MIDAW_FLAG.SKIP) !== 0;
    if ((midaw.flags & MIDAW_FLAG.DATA_TRANSFER_INTERRUPTION) !== 0) this.interruption = true;
    return this.skips || (midaw.address % MIDAW_BLOCK) + midaw.count <= MIDAW_BLOCK;
  }
}

/** A skipped area is never looked at. */
function addressingOf(ccw: FetchedCcw, skips: boolean): number {
  if (skips) return ADDRESSING.NONE;
  if (ccw.has(CCW_FLAG.MODIFIED_INDIRECT)) return ADDRESSING.MODIFIED;
  return ccw.has(CCW_FLAG.INDIRECT) ? ADDRESSING.INDIRECT : ADDRESSING.DIRECT;
}
