import type { Storage } from '../../zarch/storage.ts';

/** Kernel storage for the channel program of one device; what is larger is refused. */
const ARENA_BYTES = 0x20000;
const ALIGNMENT = 8;
/** Addresses in CCWs and ORBs have 31 bits. */
const ADDRESS_END = 0x80000000;

/** A piece of the host's storage, given out from its beginning and taken back as a whole. */
export class KernelArena {
  readonly storage: Storage;
  private readonly address: number;
  private readonly bytes: number;
  private used = 0;

  private constructor(storage: Storage, address: number, bytes: number) {
    this.storage = storage;
    this.address = address;
    this.bytes = bytes;
  }

  /** The piece with this ordinal behind `heap`. */
  static behind(storage: Storage, heap: number, ordinal: number): KernelArena {
    return new KernelArena(storage, heap + ordinal * ARENA_BYTES, ARENA_BYTES);
  }

  /** The same piece once more, given out from its beginning: for another user of it, at another time. */
  sibling(): KernelArena {
    return new KernelArena(this.storage, this.address, this.bytes);
  }

  /** Two pieces of half the size in the place of this one, which is used no more. */
  halves(): [KernelArena, KernelArena] {
    const { storage, address } = this;
    const half = this.bytes / 2;
    return [new KernelArena(storage, address, half), new KernelArena(storage, address + half, half)];
  }

  /** Address of a doubleword-aligned area; zero when there is no room for it. */
  allocate(bytes: number): number {
    const length = Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
    const used = this.used + length;
    const end = Math.min(this.storage.bytes, ADDRESS_END);
    if (used > this.bytes || this.address + used > end) return 0;
    this.used = used;
    return this.address + used - length;
  }

  free(): void {
    this.used = 0;
  }
}
