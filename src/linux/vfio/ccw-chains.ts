import {
  CCW_BYTES,
  CCW_FLAG,
  decodeCcw,
  encodeCcw,
  isTransferInChannel,
  StoredCcw,
} from '../../zarch/ccw.ts';
import {
  IDAW_BLOCK_2K,
  IDAW_BLOCK_4K,
  IDAW_FORMAT_1_BYTES,
  IDAW_FORMAT_2_BYTES,
  idawAddress,
} from '../../zarch/idaw.ts';
import type { Orb } from '../../zarch/orb.ts';
import { storeWord } from '../../zarch/word-layout.ts';
import { E, type Errno } from '../errno.ts';
import {
  type CcwChain,
  isChained,
  isWithin,
  leadsInto,
  NO_TARGET,
  NOWHERE,
  nextTarget,
  type OpenChain,
  placeOf,
  type SuspendingCcw,
  toFormat1Tic,
} from './ccw-segments.ts';
import { movesData } from './data-transfer.ts';
import { type GuestMemory, PAGE_BYTES } from './guest-memory.ts';
import type { KernelArena } from './kernel-arena.ts';

/** CCWs that one segment may have, and that are fetched for each (CCWCHAIN_LEN_MAX). */
export const CHAIN_LIMIT = 256;

/**
 * The copy of a channel program in guest storage that the host can start (vfio_ccw_cp.c): all segments that are reached
 * through transfers in channel, in format 1, with every data area behind a list of host addresses.
 *
 *   copy ─► segments, one for each target of a TIC outside of those known ─► fetch ─► TICs to copies, IDALs, pins
 *
 * The copy is complete before the program is started: what the guest changes in it later is not seen.
 */
export class CcwChains {
  private readonly arena: KernelArena;
  private readonly allIdawFormats: boolean;
  private memory!: GuestMemory;
  private format: 0 | 1 = 1;
  /** Data areas may not stand in lists. */
  private refusesLists = false;
  private idaw64 = true;
  /** What one word of a list reaches up to, bytes. */
  private block = IDAW_BLOCK_4K;
  private readonly chains: CcwChain[] = [];
  /** Guest addresses of the pages that are pinned, as often as they are. */
  private readonly pinned: number[] = [];
  private readonly segment = new Uint8Array(CHAIN_LIMIT * CCW_BYTES);
  private readonly bytes = new Uint8Array(IDAW_FORMAT_2_BYTES);

  constructor(arena: KernelArena, allIdawFormats: boolean) {
    this.arena = arena;
    this.allIdawFormats = allIdawFormats;
  }

  /** CCWs copied. */
  get ccws(): number {
    return this.chains.reduce((sum, chain) => sum + chain.ccws.length, 0);
  }

  get pages(): number {
    return this.pinned.length;
  }

  /** Whether there is a copy. */
  get isUsed(): boolean {
    return this.chains.length > 0;
  }

  /** Where the copy begins. */
  get hostAddress(): number {
    return this.chains[0].hostAddress;
  }

  /** cp_init: copies the segments of the program that an ORB designates. */
  copy(orb: Readonly<Orb>, memory: GuestMemory): Errno {
    this.memory = memory;
    // What a kernel has not freed before, it forgets here.
    this.forget();
    this.format = orb.format1 === 1 ? 1 : 0;
    this.idaw64 = orb.idaw64 === 1;
    const has2kBlocks = !this.idaw64 || orb.idawBlock2k === 1;
    this.block = this.allIdawFormats && has2kBlocks ? IDAW_BLOCK_2K : IDAW_BLOCK_4K;
    this.refusesLists = has2kBlocks && !this.allIdawFormats;
    const rc = this.copyFrom(orb.programAddress);
    if (rc !== E.OK) this.free();
    return rc;
  }

  /**
   * Copies once more what a program does from those CCWs on that may suspend it, as it is now, and has its copy go on here:
   * there is a transfer in channel in the place of each of them. The caller knows that the channel subsystem is not in an
   * older copy. Where this fails `former` stays as it was.
   */
  renew(former: CcwChains): Errno {
    if (this.isUsed) this.free();
    this.memory = former.memory;
    this.format = former.format;
    this.idaw64 = former.idaw64;
    this.block = former.block;
    this.refusesLists = former.refusesLists;
    const rc = this.renewFrom(former.suspending());
    if (rc !== E.OK) this.free();
    else former.goOnIn(this);
    return rc;
  }

  /** cp_prefetch: gives the copies host addresses, and stores them. */
  fetch(): Errno {
    for (const chain of this.chains) {
      for (const ccw of chain.ccws) {
        const rc = isTransferInChannel(ccw.command, 1) ? this.fetchTic(ccw) : this.fetchData(ccw);
        if (rc !== E.OK) return rc;
      }
      this.store(chain);
    }
    return E.OK;
  }

  /** cp_free. */
  free(): void {
    for (const iova of this.pinned) this.memory.unpinPage(iova);
    this.forget();
    this.arena.free();
  }

  /** Whatever was copied is nobody's any more; its pages stay pinned. */
  forget(): void {
    this.pinned.length = 0;
    this.chains.length = 0;
  }

  /** cp_update_scsw: the guest's address for one of the host; an address that is in no copy stays as it is. */
  guestAddress(hostAddress: number): number {
    for (const { hostAddress: head, ccws, iova } of this.chains) {
      // After the last CCW the address is just behind it.
      if (hostAddress >= head && hostAddress <= head + ccws.length * CCW_BYTES)
        return iova + hostAddress - head;
    }
    return hostAddress;
  }

  hasPinned(iova: number, bytes: number): boolean {
    return this.pinned.some((page) => page < iova + bytes && iova < page + PAGE_BYTES);
  }

  private renewFrom(suspending: readonly SuspendingCcw[]): Errno {
    for (const { iova } of suspending) {
      const rc = this.copyFrom(iova);
      if (rc !== E.OK) return rc;
    }
    return this.fetch();
  }

  private suspending(): SuspendingCcw[] {
    return this.chains.flatMap((chain) =>
      chain.ccws.flatMap((ccw, at) => ((ccw.flags & CCW_FLAG.SUSPEND) === 0 ? [] : [placeOf(chain, at)])),
    );
  }

  private goOnIn(next: CcwChains): void {
    for (const { ccw, iova, hostAddress } of this.suspending()) {
      toFormat1Tic(ccw);
      ccw.address = next.hostAddressOf(iova);
      this.arena.storage.store(hostAddress, encodeCcw(ccw, 1));
    }
  }

  /** Depth first, as the transfers in channel are met (ccwchain_handle_ccw, ccwchain_loop_tic). */
  private copyFrom(first: number): Errno {
    const open: OpenChain[] = [];
    for (let target = first; target !== NO_TARGET; target = nextTarget(open)) {
      if (this.isCopied(target)) continue;
      const rc = this.copySegment(target);
      if (rc !== E.OK) return rc;
      open.push({ ccws: this.chains[this.chains.length - 1].ccws, at: 0 });
    }
    return E.OK;
  }

  private copySegment(iova: number): Errno {
    const rc = this.copyFromGuest(iova, this.segment);
    if (rc !== E.OK) return rc;
    const ccws: StoredCcw[] = [];
    for (;;) {
      if (ccws.length === CHAIN_LIMIT) return E.INVAL;
      const ccw = decodeCcw(this.segment, this.format, new StoredCcw(), ccws.length * CCW_BYTES);
      if (this.format === 0 && isTransferInChannel(ccw.command, 0)) toFormat1Tic(ccw);
      ccws.push(ccw);
      if (this.refusesLists && (ccw.flags & CCW_FLAG.INDIRECT) !== 0) return E.OPNOTSUPP;
      if (!isChained(ccw) && !leadsInto(ccw, iova, ccws.length)) break;
    }
    const hostAddress = this.arena.allocate(ccws.length * CCW_BYTES);
    if (hostAddress === 0) return E.NOMEM;
    this.chains.push({ iova, ccws, hostAddress });
    return E.OK;
  }

  private isCopied(address: number): boolean {
    return this.chains.some(({ iova, ccws }) => isWithin(address, iova, ccws.length));
  }

  private fetchTic(tic: StoredCcw): Errno {
    tic.address = this.hostAddressOf(tic.address);
    return tic.address === NOWHERE ? E.FAULT : E.OK;
  }

  /** Where the copy of a CCW is. */
  private hostAddressOf(address: number): number {
    for (const { iova, ccws, hostAddress } of this.chains) {
      if (isWithin(address, iova, ccws.length)) return address + hostAddress - iova;
    }
    return NOWHERE;
  }

  /** Pins the pages of a data area, and puts a list of their addresses in its place. */
  private fetchData(ccw: StoredCcw): Errno {
    const length = Math.max(1, ccw.count);
    const wordBytes = this.idaw64 ? IDAW_FORMAT_2_BYTES : IDAW_FORMAT_1_BYTES;
    const list = (ccw.flags & CCW_FLAG.INDIRECT) === 0 ? -1 : ccw.address;
    const first = list < 0 ? ccw.address : this.word(list, wordBytes);
    if (first < 0) return first;
    const words = Math.ceil(((first % this.block) + length) / this.block);
    const hostList = this.arena.allocate(words * IDAW_FORMAT_2_BYTES);
    if (hostList === 0) return E.NOMEM;
    for (let at = 0; at < words; at++) {
      const next = at === 0 ? first : first - (first % this.block) + at * this.block;
      const iova = list < 0 ? next : this.word(list + at * wordBytes, wordBytes);
      if (iova < 0) return iova;
      const page = movesData(ccw) ? this.pin(iova) : 0;
      if (page < 0) return page;
      this.storeIdaw(hostList + at * IDAW_FORMAT_2_BYTES, page + (iova % PAGE_BYTES));
    }
    ccw.address = hostList;
    ccw.flags |= CCW_FLAG.INDIRECT;
    return E.OK;
  }

  private pin(iova: number): number {
    const page = this.memory.pinPage(iova);
    if (page >= 0) this.pinned.push(iova - (iova % PAGE_BYTES));
    return page;
  }

  /** An indirect-data-address word of the guest; −EINVAL where nothing is mapped. */
  private word(iova: number, length: number): number {
    const rc = this.copyFromGuest(iova, this.bytes, length);
    return rc === E.OK ? idawAddress(this.bytes, length === IDAW_FORMAT_2_BYTES) : rc;
  }

  private copyFromGuest(iova: number, into: Uint8Array, length = into.length): Errno {
    for (let done = 0; done < length; ) {
      const from = iova + done;
      const part = Math.min(length - done, PAGE_BYTES - (from % PAGE_BYTES));
      const address = this.memory.translate(from);
      if (address < 0) return E.INVAL;
      this.arena.storage.fetch(address, into, done, part);
      done += part;
    }
    return E.OK;
  }

  private storeIdaw(at: number, address: number): void {
    storeWord(this.bytes, 0, Math.floor(address / 2 ** 32));
    storeWord(this.bytes, 4, address % 2 ** 32);
    this.arena.storage.store(at, this.bytes);
  }

  private store({ ccws, hostAddress }: CcwChain): void {
    ccws.forEach((ccw, at) => {
      this.arena.storage.store(hostAddress + at * CCW_BYTES, encodeCcw(ccw, 1));
    });
  }
}
