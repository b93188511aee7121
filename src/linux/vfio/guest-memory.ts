import { assert } from '../../kernel/assert.ts';
import type { Process, Steps } from '../../kernel/process.ts';
import { E, type Errno } from '../errno.ts';

/** Bytes of a page. */
export const PAGE_BYTES = 4_096;

/** Who is told that user space wants a range back in which it has pinned pages. */
export interface PinningDevice {
  hasPinned(iova: number, bytes: number): boolean;
  /** Gives back what it has pinned there. */
  unmapped(self: Process): Steps;
}

/** A range of guest addresses, and where it is in the storage of the host. */
interface Mapping {
  readonly iova: number;
  readonly bytes: number;
  readonly hostAddress: number;
}

export interface GuestMemoryOptions {
  /** Pages that may be pinned at the same time (RLIMIT_MEMLOCK). */
  readonly pinLimit: number;
}

/**
 * The memory of a process of user space as its devices see it: a vfio container with a type-1 IOMMU, through which guest
 * addresses lead to addresses of the host (vfio_iommu_type1.c). While a channel program runs, the pages of its data are
 * pinned; a page that several programs use is pinned as often.
 */
export class GuestMemory {
  /** Pages pinned and given back so far: equal whenever nothing is in progress. */
  pins = 0;
  unpins = 0;
  /** Those of them that no program knows any more: they stay pinned as long as the process lives. */
  forgotten = 0;
  private readonly pinLimit: number;
  private readonly mappings: Mapping[] = [];
  private readonly devices: PinningDevice[] = [];
  /** How often each page of the host is pinned. */
  private readonly references = new Map<number, number>();

  constructor(options: GuestMemoryOptions = { pinLimit: Number.MAX_SAFE_INTEGER }) {
    this.pinLimit = options.pinLimit;
  }

  get pinned(): number {
    return this.pins - this.unpins;
  }

  /** VFIO_IOMMU_MAP_DMA: whole pages. −EINVAL when they are not, or overlap what is mapped. */
  map(iova: number, bytes: number, hostAddress: number): Errno {
    if (bytes === 0 || (iova | bytes | hostAddress) % PAGE_BYTES !== 0) return E.INVAL;
    const overlaps = this.mappings.some((it) => iova < it.iova + it.bytes && it.iova < iova + bytes);
    if (overlaps) return E.INVAL;
    this.mappings.push({ iova, bytes, hostAddress });
    return E.OK;
  }

  /** VFIO_IOMMU_UNMAP_DMA: everything that lies in the range. A device that has pinned pages there must let go first. */
  *unmap(self: Process, iova: number, bytes: number): Steps {
    for (const device of this.devices) {
      if (device.hasPinned(iova, bytes)) yield* device.unmapped(self);
    }
    for (let at = this.mappings.length - 1; at >= 0; at--) {
      const mapping = this.mappings[at];
      if (mapping.iova >= iova && mapping.iova + mapping.bytes <= iova + bytes) this.mappings.splice(at, 1);
    }
  }

  attach(device: PinningDevice): void {
    this.devices.push(device);
  }

  detach(device: PinningDevice): void {
    const at = this.devices.indexOf(device);
    if (at >= 0) this.devices.splice(at, 1);
  }

  /** Where a guest address is in the host; negative (−EINVAL) when nothing is mapped there. */
  translate(iova: number): number {
    for (const mapping of this.mappings) {
      const at = iova - mapping.iova;
      if (at >= 0 && at < mapping.bytes) return mapping.hostAddress + at;
    }
    return E.INVAL;
  }

  /** vfio_pin_pages for one page: its address in the host; −EINVAL when it is not mapped, −ENOMEM beyond the limit. */
  pinPage(iova: number): number {
    const address = this.translate(iova - (iova % PAGE_BYTES));
    if (address < 0) return address;
    if (this.pinned >= this.pinLimit) return E.NOMEM;
    this.pins++;
    this.references.set(address, (this.references.get(address) ?? 0) + 1);
    return address;
  }

  unpinPage(iova: number): void {
    const address = this.translate(iova - (iova % PAGE_BYTES));
    const references = this.references.get(address) ?? 0;
    assert(references > 0, 'a page is given back as often as it was pinned');
    this.unpins++;
    if (references === 1) this.references.delete(address);
    else this.references.set(address, references - 1);
  }

  /** How often a page is pinned now. */
  referencesTo(iova: number): number {
    return this.references.get(this.translate(iova - (iova % PAGE_BYTES))) ?? 0;
  }

  /** Pins pages of data that have no addresses (see `channel-program.ts`); −ENOMEM beyond the limit. */
  pinUnaddressed(pages: number): Errno {
    if (this.pinned + pages > this.pinLimit) return E.NOMEM;
    this.pins += pages;
    return E.OK;
  }

  unpinUnaddressed(pages: number): void {
    this.unpins += pages;
    assert(this.unpins <= this.pins, 'pages are given back as often as they were pinned');
  }
}
