import type { Storage } from '../../zarch/storage.ts';

/** Kernel storage for the channel program of one device; what is larger is refused. */
const ARENA_BYTES = 0x10000;
const ALIGNMENT = 8;

/** A piece of the host's storage, given out from its beginning and taken back as a whole. */
export class KernelArena {
  readonly storage: Storage;
  private readonly address: number;
  private used = 0;

  /** The piece with this ordinal behind `heap`. */
  constructor(storage: Storage, heap: number, ordinal: number) {
    this.storage = storage;
    this.address = heap + ordinal * ARENA_BYTES;
  }

  /** Address of a doubleword-aligned area; zero when there is no room for it. */
  allocate(bytes: number): number {
    const length = Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
    const { address, used } = this;
    if (used + length > ARENA_BYTES || address + used + length > this.storage.bytes) return 0;
    this.used += length;
    return address + used;
  }

  free(): void {
    this.used = 0;
  }
}
