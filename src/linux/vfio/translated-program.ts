import { copyOrb } from '../../zarch/block-copy.ts';
import type { Ccw, ChannelProgram } from '../../zarch/ccw.ts';
import { Orb } from '../../zarch/orb.ts';
import type { PathMask } from '../../zarch/path-mask.ts';
import type { Scsw } from '../../zarch/scsw.ts';
import { E, type Errno } from '../errno.ts';
import { CcwChains, CHAIN_LIMIT } from './ccw-chains.ts';
import { movesData } from './data-transfer.ts';
import { type GuestMemory, PAGE_BYTES } from './guest-memory.ts';
import type { KernelArena } from './kernel-arena.ts';
import { TransportCopy } from './transport-copy.ts';

/** What kernels of different age do differently with channel programs. */
export interface TranslationFeatures {
  readonly vfioAnyPrefetch: boolean;
  readonly vfioAllIdawFormats: boolean;
  readonly vfioIdleAfterProgramOnly: boolean;
}

/**
 * The channel program of a guest that a subchannel is given (`struct channel_program`), from its copy to its end.
 *
 * A program in guest storage is copied (`ccw-chains.ts`). One that comes as a whole has no addresses that would have to
 * be translated: the host starts the same object, and only CCWs and pages are counted. Both mean the same, as long as
 * nobody changes such an object before its status is there: the guest's program is taken as it is when it is started.
 */
export class TranslatedProgram {
  /** What the host's START SUBCHANNEL is given. */
  readonly orb = new Orb();
  isInitialized = false;
  /** CCWs of the program, of which one in transport mode counts as one; and pages of data. */
  ccws = 0;
  pages = 0;
  private readonly features: TranslationFeatures;
  private readonly arena: KernelArena | null;
  /** The copy of a program in guest storage; there is room for one from the first such program on. */
  private chains: CcwChains | null = null;
  /** The copy from before the last resumption, in which the channel subsystem may still be, and room for the next one. */
  private former: CcwChains | null = null;
  /** The copy of a program in transport mode, which has the same room, and of which there is one at a time. */
  private transport: TransportCopy | null = null;
  private memory!: GuestMemory;

  /** `arena` null: no program stands in guest storage. */
  constructor(features: TranslationFeatures, arena: KernelArena | null) {
    this.features = features;
    this.arena = arena;
  }

  /**
   * cp_init. Kernels that were idle too early may get here while the program before is still there, and forget it with
   * everything that it has pinned.
   */
  init(guest: Readonly<Orb>, memory: GuestMemory): Errno {
    const { features } = this;
    this.ccws = 0;
    if (this.isInitialized && features.vfioIdleAfterProgramOnly) return E.BUSY;
    const isTransport = guest.transportMode === 1;
    if (guest.prefetch === 0 && !isTransport && !features.vfioAnyPrefetch) return E.OPNOTSUPP;
    if (this.isInitialized) this.memory.forgotten += this.pages;
    copyOrb(guest, this.orb);
    this.memory = memory;
    const rc = guest.program === null ? this.initCopy(guest) : this.initDirect(guest.program);
    this.isInitialized = rc === E.OK;
    return rc;
  }

  /** cp_prefetch: pins the pages of the data. After an error the caller frees the program. */
  prefetch(): Errno {
    if (this.orb.program === null) {
      const rc = this.isTransport ? this.transport!.pin() : this.chains!.fetch();
      this.pages = this.isTransport ? this.transport!.pages : this.chains!.pages;
      return rc;
    }
    this.pages = pagesOf(this.orb.program);
    const rc = this.memory.pinUnaddressed(this.pages);
    if (rc !== E.OK) this.pages = 0;
    return rc;
  }

  /** cp_get_orb: completes the host's ORB; false when the program has been freed in the meantime. */
  complete(intparm: number, lpm: PathMask): boolean {
    if (!this.isInitialized) return false;
    const { orb } = this;
    orb.intparm = intparm;
    if (!this.isTransport) orb.format1 = 1;
    orb.key = 0;
    if (orb.lpm === 0) orb.lpm = lpm;
    return true;
  }

  /**
   * What no kernel has: the program goes on as it stands in guest storage now, from each CCW on that may suspend it. The
   * guest has changed it before it executes RESUME SUBCHANNEL, and what was copied at the start has the suspend flag on. The
   * caller knows that no resumption is pending, so that the channel subsystem is in the present copy. −EFAULT: it cannot be
   * copied, and stays suspended.
   */
  renew(): Errno {
    const { chains, former } = this;
    if (!this.isInitialized || this.orb.program !== null || this.isTransport) return E.OK;
    const rc = former!.renew(chains!);
    this.pages = former!.pages + chains!.pages;
    if (rc !== E.OK) return E.FAULT;
    // Without a CCW that could suspend it there is nothing new.
    if (!former!.isUsed) return E.OK;
    this.chains = former;
    this.former = chains;
    this.ccws = former!.ccws;
    return E.OK;
  }

  /** cp_free. */
  free(): void {
    if (!this.isInitialized) return;
    this.isInitialized = false;
    if (this.orb.program === null) this.freeCopies();
    else this.memory.unpinUnaddressed(this.pages);
    this.pages = 0;
  }

  /** cp_update_scsw: the CCW address as the guest knows it. */
  updateScsw(scsw: Scsw): void {
    if (!this.isInitialized || this.orb.program !== null) return;
    const { ccwAddress } = scsw;
    if (this.isTransport) {
      scsw.ccwAddress = this.transport!.guestAddress(ccwAddress);
      return;
    }
    const guestAddress = this.chains!.guestAddress(ccwAddress);
    scsw.ccwAddress = guestAddress !== ccwAddress ? guestAddress : this.former!.guestAddress(ccwAddress);
  }

  /** cp_iova_pinned. */
  hasPinned(iova: number, bytes: number): boolean {
    if (!this.isInitialized || this.orb.program !== null) return false;
    if (this.isTransport) return this.transport!.hasPinned(iova, bytes);
    return this.chains!.hasPinned(iova, bytes) || this.former!.hasPinned(iova, bytes);
  }

  private get isTransport(): boolean {
    return this.orb.transportMode === 1;
  }

  private freeCopies(): void {
    if (this.isTransport) {
      this.transport!.free();
      return;
    }
    this.chains!.free();
    if (this.former!.isUsed) this.former!.free();
  }

  private initDirect({ length }: ChannelProgram): Errno {
    this.ccws = this.isTransport ? 1 : length;
    return length > CHAIN_LIMIT ? E.INVAL : E.OK;
  }

  private initCopy(guest: Readonly<Orb>): Errno {
    if (!this.isTransport) return this.initStored(guest);
    if (this.arena === null) return E.INVAL;
    this.transport ??= new TransportCopy(this.arena.sibling());
    this.ccws = 1;
    const rc = this.transport.copy(guest, this.memory);
    this.orb.programAddress = this.transport.hostAddress;
    if (rc !== E.OK) this.transport.free();
    return rc;
  }

  private initStored(guest: Readonly<Orb>): Errno {
    const { orb, features } = this;
    if (this.arena === null) return E.INVAL;
    if (this.chains === null) {
      const [first, second] = this.arena.halves();
      this.chains = new CcwChains(first, features.vfioAllIdawFormats);
      this.former = new CcwChains(second, features.vfioAllIdawFormats);
    }
    const { chains } = this;
    this.former!.forget();
    const rc = chains.copy(guest, this.memory);
    this.ccws = chains.ccws;
    if (rc !== E.OK) return rc;
    // All lists of the copy have 64-bit words, each for as much as a word of the guest's.
    if (features.vfioAllIdawFormats && guest.idaw64 === 0) orb.idawBlock2k = 1;
    orb.idaw64 = 1;
    orb.programAddress = chains.hostAddress;
    return E.OK;
  }
}

/**
 * Pages of the data areas of a program without addresses, each of which begins with a page. The control data of one in transport
 * mode are in its control block, which is copied; its status block is in a page, too.
 */
function pagesOf({ ccws, length, transport }: ChannelProgram): number {
  let pages = transport === true ? 1 : 0;
  for (let at = 0; at < length; at++) {
    const ccw: Ccw = ccws[at];
    if (transport === true && ccw.versions === null) continue;
    if (movesData(ccw)) pages += Math.ceil(ccw.count / PAGE_BYTES);
  }
  return pages;
}
