import { CSTAT } from '../../zarch/scsw.ts';
import type { Storage } from '../../zarch/storage.ts';
import {
  checkBytesBehind,
  decodeTidaw,
  TIDAW_BLOCK,
  TIDAW_BYTES,
  TIDAW_FLAG,
  Tidaw,
} from '../../zarch/tidaw.ts';
import { checkOfAccess } from '../stored-program/ccw-fetch.ts';

/** How one address of a transport-control word is to be used. */
export interface AreaUse {
  readonly address: number;
  /** The address leads to a list of areas. */
  readonly indirect: boolean;
  readonly access: 'fetch' | 'store';
  readonly key: number;
  /** Bytes that the areas have room for, with check bytes: what the transport-control word counts. */
  readonly total: number;
}

const { LAST, SKIP, DATA_INTERRUPTION, TRANSFER, INSERT_CHECK } = TIDAW_FLAG;

/**
 * The bytes that one address of a transport-control word leads to: an area, or a list of transport-indirect-data-address
 * words with an area each (Principles of Operation, "Transport-Indirect-Data Addressing"). A list is read as its words are
 * used; the word that says that it is the last one must stand where the count ends.
 */
export class TransportArea {
  /** Why the last move stopped short: zero, program check or protection check. */
  check = 0;
  /** A word was used that asks for an interruption when its data have moved. */
  interruption = false;
  /** Check bytes that are inserted into output. */
  checkBytes = 0;
  /** Bytes moved. */
  moved = 0;
  private readonly storage: Storage;
  private readonly word = new Uint8Array(TIDAW_BYTES);
  private readonly tidaw = new Tidaw();

  constructor(storage: Storage) {
    this.storage = storage;
  }

  /** Moves up to `length` bytes between the area and `bytes`. False: `check` says why it stopped. */
  move(use: AreaUse, bytes: Uint8Array, length: number): boolean {
    this.interruption = false;
    this.checkBytes = 0;
    this.moved = 0;
    this.check = use.indirect
      ? this.moveList(use, bytes, length)
      : this.movePart(use, use.address, bytes, length);
    return this.check === 0;
  }

  private moveList(use: AreaUse, bytes: Uint8Array, length: number): number {
    let at = use.address;
    let isFirst = true;
    while (this.moved < length) {
      const check = this.fetchWord(at, use.key, isFirst);
      if (check !== 0) return check;
      // The word that a transfer leads to is no transfer.
      if ((this.tidaw.flags & TRANSFER) !== 0) {
        at = this.tidaw.address;
        const after = this.fetchWord(at, use.key, true);
        if (after !== 0) return after;
        if ((this.tidaw.flags & TRANSFER) !== 0) return CSTAT.PROGRAM_CHECK;
      }
      const used = this.useWord(use, bytes, length);
      if (used !== 0 || (this.tidaw.flags & LAST) !== 0) return used;
      at += TIDAW_BYTES;
      isFirst = false;
    }
    return 0;
  }

  /** A list goes on behind a block boundary by a transfer only. */
  private fetchWord(at: number, key: number, mayBeginBlock: boolean): number {
    if (at % TIDAW_BYTES !== 0 || (!mayBeginBlock && at % TIDAW_BLOCK === 0)) return CSTAT.PROGRAM_CHECK;
    const refused = this.storage.check(at, TIDAW_BYTES, key, 'fetch');
    if (refused !== 0) return checkOfAccess(refused);
    this.storage.fetch(at, this.word);
    if (!decodeTidaw(this.word, this.tidaw)) return CSTAT.PROGRAM_CHECK;
    const { flags, count } = this.tidaw;
    const isTransfer = (flags & TRANSFER) !== 0;
    return isTransfer && (flags !== TRANSFER || count !== 0) ? CSTAT.PROGRAM_CHECK : 0;
  }

  private useWord(use: AreaUse, bytes: Uint8Array, length: number): number {
    const { flags, count, address } = this.tidaw;
    const left = use.total - this.moved - this.checkBytes;
    if (!isValidArea(this.tidaw, use.access, left)) return CSTAT.PROGRAM_CHECK;
    const part = Math.min(count, length - this.moved);
    if ((flags & SKIP) !== 0) this.moved += part;
    else {
      const check = this.movePart(use, address, bytes, part);
      if (check !== 0) return check;
    }
    if ((flags & DATA_INTERRUPTION) !== 0) this.interruption = true;
    if ((flags & INSERT_CHECK) !== 0) this.checkBytes += checkBytesBehind(this.moved + this.checkBytes);
    return 0;
  }

  private movePart(use: AreaUse, address: number, bytes: Uint8Array, length: number): number {
    const { storage, moved } = this;
    const refused = length === 0 ? 0 : storage.check(address, length, use.key, use.access);
    if (refused !== 0) return checkOfAccess(refused);
    if (use.access === 'fetch') storage.fetch(address, bytes, moved, length);
    else storage.store(address, bytes, moved, length);
    this.moved += length;
    return 0;
  }
}

/** An area lies in one block. Only input is skipped, and only output that is not the last has check bytes inserted. */
function isValidArea({ flags, count, address }: Tidaw, access: 'fetch' | 'store', left: number): boolean {
  const isLast = (flags & LAST) !== 0;
  if (count === 0 || count > left || isLast !== (count === left)) return false;
  const isInput = access === 'store';
  if ((flags & INSERT_CHECK) !== 0 && (isInput || isLast)) return false;
  if ((flags & SKIP) !== 0) return isInput;
  return (address % TIDAW_BLOCK) + count <= TIDAW_BLOCK;
}
