import { BLOCKS_PER_CYLINDER } from './geometry.ts';

/**
 * What a volume remembers of its blocks: the version last written, one number per 4 KiB block, zero before the first
 * write, below 2^32. Space is taken cylinder by cylinder as they are written: volumes are large and touched sparsely.
 *
 *   cylinder ──► directory bank ──► slot ──► chunk of cylinders ──► version
 */
const BANK_CYLINDERS = 256;
const CHUNK_SLOTS = 64;

export class BlockVersions {
  private readonly cylinders: number;
  /** For each 256 cylinders: slot + 1 of each cylinder, zero where nothing was written. Empty before the first write. */
  private banks: (Uint32Array | null)[] = [];
  private readonly chunks: Uint32Array[] = [];
  private slots = 0;

  constructor(cylinders: number) {
    this.cylinders = cylinders;
  }

  /** Cylinders that hold at least one written block. */
  get writtenCylinders(): number {
    return this.slots;
  }

  read(block: number): number {
    if (this.slots === 0) return 0;
    const cylinder = Math.floor(block / BLOCKS_PER_CYLINDER);
    const bank = this.banks[cylinder >>> 8];
    if (bank === null) return 0;
    const slot = bank[cylinder & 0xff] - 1;
    if (slot < 0) return 0;
    return this.chunks[slot >>> 6][
      (slot & 63) * BLOCKS_PER_CYLINDER + (block - cylinder * BLOCKS_PER_CYLINDER)
    ];
  }

  write(block: number, version: number): void {
    const cylinder = Math.floor(block / BLOCKS_PER_CYLINDER);
    const slot = this.slotOf(cylinder);
    this.chunks[slot >>> 6][(slot & 63) * BLOCKS_PER_CYLINDER + (block - cylinder * BLOCKS_PER_CYLINDER)] =
      version;
  }

  private slotOf(cylinder: number): number {
    if (this.slots === 0) this.banks = new Array(Math.ceil(this.cylinders / BANK_CYLINDERS)).fill(null);
    let bank = this.banks[cylinder >>> 8];
    if (bank === null) {
      bank = new Uint32Array(BANK_CYLINDERS);
      this.banks[cylinder >>> 8] = bank;
    }
    const known = bank[cylinder & 0xff];
    if (known > 0) return known - 1;
    if ((this.slots & 63) === 0) this.chunks.push(new Uint32Array(CHUNK_SLOTS * BLOCKS_PER_CYLINDER));
    bank[cylinder & 0xff] = ++this.slots;
    return this.slots - 1;
  }
}
