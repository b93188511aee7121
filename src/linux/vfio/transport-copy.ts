import type { Orb } from '../../zarch/orb.ts';
import { commandBytes, decodeTcw, encodeTcw, TCW_BYTES, Tcw } from '../../zarch/tcw.ts';
import { decodeTidaw, encodeTidaw, TIDAW_BYTES, TIDAW_FLAG, Tidaw } from '../../zarch/tidaw.ts';
import { TSB_BYTES } from '../../zarch/tsb.ts';
import { E, type Errno } from '../errno.ts';
import { type GuestMemory, PAGE_BYTES } from './guest-memory.ts';
import type { KernelArena } from './kernel-arena.ts';

/** Words that a list may have. */
const LIST_LIMIT = 512;
const { LAST, SKIP, TRANSFER } = TIDAW_FLAG;

/**
 * The copy of a program in transport mode in guest storage that the host can start. No kernel makes one: it is a proposal, built as
 * `ccw-chains.ts` is for command mode. Control word and control block are copied, so that the guest cannot change them any more;
 * every list becomes one of host addresses, and an area without a list gets one, because it need not be contiguous in the host;
 * the pages of data and of the status block are pinned. What is wrong with the program is copied, too, as far as it can be
 * copied: to tell the guest is the channel subsystem's part.
 */
export class TransportCopy {
  private readonly arena: KernelArena;
  private memory!: GuestMemory;
  private guestTcw = 0;
  private hostTcw = 0;
  private readonly tcw = new Tcw();
  private readonly tidaw = new Tidaw();
  private readonly word = new Uint8Array(TIDAW_BYTES);
  /** Guest addresses of the pages that are pinned, as often as they are. */
  private readonly pinned: number[] = [];

  constructor(arena: KernelArena) {
    this.arena = arena;
  }

  get pages(): number {
    return this.pinned.length;
  }

  /** Where the copy of the control word is. */
  get hostAddress(): number {
    return this.hostTcw;
  }

  /** The part of cp_init: control word and control block. −EINVAL: they are not in the guest's memory, or on no boundary. */
  copy(orb: Readonly<Orb>, memory: GuestMemory): Errno {
    this.memory = memory;
    this.forget();
    this.guestTcw = orb.programAddress;
    if (this.guestTcw % TCW_BYTES !== 0) return E.INVAL;
    const bytes = new Uint8Array(TCW_BYTES);
    const rc = this.fetch(this.guestTcw, bytes);
    if (rc !== E.OK) return rc;
    decodeTcw(bytes, this.tcw);
    return this.copyCommands();
  }

  private copyCommands(): Errno {
    const { tcw } = this;
    const block = new Uint8Array(commandBytes(tcw));
    const rc = tcw.commandsIndirect === 1 ? this.gather(block) : this.fetch(tcw.commandsAddress, block);
    if (rc !== E.OK) return rc;
    const room = this.arena.allocate(block.length + 2 * TCW_BYTES);
    if (room === 0) return E.NOMEM;
    this.hostTcw = Math.ceil(room / TCW_BYTES) * TCW_BYTES;
    tcw.commandsIndirect = 0;
    tcw.commandsAddress = this.hostTcw + TCW_BYTES;
    // The guest's is not started by the host, which asks by a program of its own if it asks at all.
    tcw.interrogateAddress = 0;
    this.arena.storage.store(tcw.commandsAddress, block);
    return E.OK;
  }

  /** The part of cp_prefetch: data and status block. After an error the caller frees the program. */
  pin(): Errno {
    const { tcw } = this;
    const status = this.pinArea(tcw.statusAddress, TSB_BYTES);
    if (status < 0) return status as Errno;
    tcw.statusAddress = status;
    const rc = this.pinData();
    if (rc !== E.OK) return rc;
    this.arena.storage.store(this.hostTcw, encodeTcw(tcw));
    return E.OK;
  }

  /** The part of cp_free. */
  free(): void {
    for (const iova of this.pinned) this.memory.unpinPage(iova);
    this.forget();
    this.arena.free();
  }

  /** The guest's address for that of the copy; another one stays as it is. */
  guestAddress(hostAddress: number): number {
    return hostAddress === this.hostTcw ? this.guestTcw : hostAddress;
  }

  hasPinned(iova: number, bytes: number): boolean {
    return this.pinned.some((page) => page < iova + bytes && iova < page + PAGE_BYTES);
  }

  private forget(): void {
    this.pinned.length = 0;
  }

  private pinData(): Errno {
    const { tcw } = this;
    if (tcw.write === 1 && tcw.outputCount > 0) {
      const list = this.copyList(tcw.outputAddress, tcw.outputIndirect === 1, tcw.outputCount);
      if (list < 0) return list as Errno;
      tcw.outputAddress = list;
      tcw.outputIndirect = 1;
    }
    if (tcw.read === 1 && tcw.inputCount > 0) {
      const list = this.copyList(tcw.inputAddress, tcw.inputIndirect === 1, tcw.inputCount);
      if (list < 0) return list as Errno;
      tcw.inputAddress = list;
      tcw.inputIndirect = 1;
    }
    return E.OK;
  }

  /** A list of host addresses for an area or list of the guest: where it is, or an error. */
  private copyList(address: number, indirect: boolean, count: number): number {
    // An area takes no more words than a list may have, whatever its count says.
    if (!indirect && count > LIST_LIMIT * PAGE_BYTES) return E.INVAL;
    const words = indirect ? this.wordsOf(address) : pagesOf(address, count);
    return typeof words === 'number' ? words : this.storeList(words);
  }

  /** The words of a list of the guest, without transfers. */
  private wordsOf(list: number): Readonly<Tidaw>[] | Errno {
    const words: Tidaw[] = [];
    let at = list;
    for (let fetched = 0; fetched < LIST_LIMIT; fetched++) {
      const rc = this.fetch(at, this.word);
      if (rc !== E.OK) return rc;
      const tidaw = new Tidaw();
      if (!decodeTidaw(this.word, tidaw)) return E.INVAL;
      at = (tidaw.flags & TRANSFER) === 0 ? at + TIDAW_BYTES : tidaw.address;
      if ((tidaw.flags & TRANSFER) !== 0) continue;
      words.push(tidaw);
      if ((tidaw.flags & LAST) !== 0) return words;
    }
    return E.INVAL;
  }

  /** One block after the other, each but the last ending with a transfer to the next. */
  private storeList(words: readonly Readonly<Tidaw>[]): number {
    const perBlock = PAGE_BYTES / TIDAW_BYTES - 1;
    const blocks = Math.ceil(words.length / perBlock);
    const room = this.arena.allocate((words.length + blocks) * TIDAW_BYTES + PAGE_BYTES);
    if (room === 0) return E.NOMEM;
    const list = Math.ceil(room / PAGE_BYTES) * PAGE_BYTES;
    const { tidaw } = this;
    for (const [at, word] of words.entries()) {
      const block = list + Math.floor(at / perBlock) * PAGE_BYTES;
      const slot = at % perBlock;
      if (slot === 0 && at > 0) this.storeTransfer(block - TIDAW_BYTES, block);
      const address = (word.flags & SKIP) === 0 ? this.pinArea(word.address, word.count) : 0;
      if (address < 0) return address;
      tidaw.flags = word.flags;
      tidaw.count = word.count;
      tidaw.address = address;
      this.arena.storage.store(block + slot * TIDAW_BYTES, encodeTidaw(tidaw, this.word));
    }
    return list;
  }

  private storeTransfer(at: number, to: number): void {
    const { tidaw } = this;
    tidaw.flags = TRANSFER;
    tidaw.count = 0;
    tidaw.address = to;
    this.arena.storage.store(at, encodeTidaw(tidaw, this.word));
  }

  /** Pins the page of an area, which must not leave it: its address in the host, or an error. */
  private pinArea(iova: number, count: number): number {
    const into = iova % PAGE_BYTES;
    if (into + count > PAGE_BYTES) return E.INVAL;
    const page = this.memory.pinPage(iova);
    if (page < 0) return page;
    this.pinned.push(iova - into);
    return page + into;
  }

  /** The bytes of the control block, which stand in a list. */
  private gather(block: Uint8Array): Errno {
    const words = this.wordsOf(this.tcw.commandsAddress);
    if (typeof words === 'number') return words;
    let done = 0;
    for (const { count, address } of words) {
      const part = Math.min(count, block.length - done);
      const rc = this.fetch(address, block, done, part);
      if (rc !== E.OK) return rc;
      done += part;
    }
    return done === block.length ? E.OK : E.INVAL;
  }

  private fetch(iova: number, into: Uint8Array, at = 0, length = into.length): Errno {
    for (let done = 0; done < length; ) {
      const from = iova + done;
      const part = Math.min(length - done, PAGE_BYTES - (from % PAGE_BYTES));
      const address = this.memory.translate(from);
      if (address < 0) return E.INVAL;
      this.arena.storage.fetch(address, into, at + done, part);
      done += part;
    }
    return E.OK;
  }
}

/** The words of a list for an area, one for each page that it has a part of. */
function pagesOf(address: number, count: number): Readonly<Tidaw>[] {
  const words: Tidaw[] = [];
  for (let done = 0; done < count; ) {
    const tidaw = new Tidaw();
    tidaw.address = address + done;
    tidaw.count = Math.min(count - done, PAGE_BYTES - (tidaw.address % PAGE_BYTES));
    done += tidaw.count;
    if (done === count) tidaw.flags = LAST;
    words.push(tidaw);
  }
  return words;
}
