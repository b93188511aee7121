import { assert } from '../kernel/assert.ts';
import { PROGRAM_INTERRUPTION } from './program-interruption.ts';

const PAGE_SHIFT = 12;
const PAGE_BYTES = 1 << PAGE_SHIFT;
const PAGE_MASK = PAGE_BYTES - 1;
/** Store counts are kept per doubleword: a channel-command word is one. */
const DOUBLEWORDS = PAGE_BYTES >> 3;

/** Bits of a storage key (Principles of Operation, "Storage Key"): access-control bits and fetch protection. */
export const STORAGE_KEY = { ACCESS_SHIFT: 4, FETCH_PROTECTION: 0x08 } as const;

/** What an access comes to: allowed, or the program-interruption code that a program would see. */
export type Access = 0 | typeof PROGRAM_INTERRUPTION.PROTECTION | typeof PROGRAM_INTERRUPTION.ADDRESSING;

interface Page {
  readonly bytes: Uint8Array;
  /** How often each doubleword was stored into. */
  readonly stores: Uint32Array;
}

/** A place in a storage, for one that is a part of it: that of a guest in its host's. */
export interface StoragePlace {
  readonly storage: Storage;
  /** A multiple of 4096. */
  readonly address: number;
}

/**
 * Absolute storage of one system, allocated page by page as it is stored into; what was never stored is zero. It knows
 * storage keys, and how often every doubleword was stored, so that a channel-command word can carry the version with
 * which it was fetched.
 */
export class Storage {
  readonly bytes: number;
  private readonly pages: Map<number, Page>;
  private readonly keys: Map<number, number>;
  /** Number of the first page in the storage that this one is a part of. */
  private readonly firstPage: number;

  /** `bytes`: size, a multiple of 4096, at most 2^53. `within`: where in another storage it is; left out: it is one of its own. */
  constructor(bytes: number, within?: StoragePlace) {
    assert(bytes > 0 && bytes % PAGE_BYTES === 0, 'storage consists of whole 4 KiB blocks');
    this.bytes = bytes;
    this.pages = within?.storage.pages ?? new Map();
    this.keys = within?.storage.keys ?? new Map();
    this.firstPage = pageOf(within?.address ?? 0);
    if (within === undefined) return;
    const { storage, address } = within;
    assert(address % PAGE_BYTES === 0, 'storage is within another from a 4 KiB boundary on');
    assert(address >= 0 && address + bytes <= storage.bytes, 'storage is within another as a whole');
    this.firstPage += storage.firstPage;
  }

  /** Whether `length` bytes from `address` may be fetched or stored with an access key, 0 … 15. */
  check(address: number, length: number, key: number, access: 'fetch' | 'store'): Access {
    if (address < 0 || address + length > this.bytes) return PROGRAM_INTERRUPTION.ADDRESSING;
    if (key === 0 || this.keys.size === 0) return 0;
    const last = this.firstPage + pageOf(address + length - 1);
    for (let page = this.firstPage + pageOf(address); page <= last; page++) {
      if (!allows(this.keys.get(page) ?? 0, key, access)) return PROGRAM_INTERRUPTION.PROTECTION;
    }
    return 0;
  }

  /** SET STORAGE KEY EXTENDED for the block that contains `address`; `key` as STORAGE_KEY says. */
  setKey(address: number, key: number): void {
    this.keys.set(this.firstPage + pageOf(address), key);
  }

  /** Fetches into `into`; the caller has checked the access. */
  fetch(address: number, into: Uint8Array, at = 0, length = into.length - at): void {
    for (let done = 0; done < length; ) {
      const from = (address + done) % PAGE_BYTES;
      const part = Math.min(length - done, PAGE_BYTES - from);
      const page = this.pages.get(this.firstPage + pageOf(address + done));
      if (page === undefined) into.fill(0, at + done, at + done + part);
      else into.set(page.bytes.subarray(from, from + part), at + done);
      done += part;
    }
  }

  /** Stores `length` bytes of `from`; the caller has checked the access. */
  store(address: number, from: Uint8Array, at = 0, length = from.length - at): void {
    assert(address >= 0 && address + length <= this.bytes, 'a store stays inside storage');
    for (let done = 0; done < length; ) {
      const to = (address + done) % PAGE_BYTES;
      const part = Math.min(length - done, PAGE_BYTES - to);
      const page = this.page(this.firstPage + pageOf(address + done));
      page.bytes.set(from.subarray(at + done, at + done + part), to);
      const last = (to + part - 1) >> 3;
      for (let doubleword = to >> 3; doubleword <= last; doubleword++) page.stores[doubleword]++;
      done += part;
    }
  }

  /** How often the doubleword that contains `address` was stored into. */
  storesTo(address: number): number {
    const page = this.pages.get(this.firstPage + pageOf(address));
    return page === undefined ? 0 : page.stores[(address & PAGE_MASK) >> 3];
  }

  /** A big-endian word, unsigned; the caller has checked the access. */
  word(address: number): number {
    this.fetch(address, WORD);
    return ((WORD[0] << 24) | (WORD[1] << 16) | (WORD[2] << 8) | WORD[3]) >>> 0;
  }

  /** Stores a big-endian word; the caller has checked the access. */
  storeWord(address: number, word: number): void {
    WORD[0] = word >>> 24;
    WORD[1] = word >>> 16;
    WORD[2] = word >>> 8;
    WORD[3] = word;
    this.store(address, WORD);
  }

  private page(number: number): Page {
    let page = this.pages.get(number);
    if (page === undefined) {
      page = { bytes: new Uint8Array(PAGE_BYTES), stores: new Uint32Array(DOUBLEWORDS) };
      this.pages.set(number, page);
    }
    return page;
  }
}

const WORD = new Uint8Array(4);

const pageOf = (address: number): number => Math.floor(address / PAGE_BYTES);

function allows(storageKey: number, key: number, access: 'fetch' | 'store'): boolean {
  if (storageKey >> STORAGE_KEY.ACCESS_SHIFT === key) return true;
  return access === 'fetch' && (storageKey & STORAGE_KEY.FETCH_PROTECTION) === 0;
}
