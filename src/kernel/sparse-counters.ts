/** Entries of one page: a cache line of numbers, so that scattered indices take little space. */
const PAGE_BITS = 4;
const PAGE_ENTRIES = 1 << PAGE_BITS;
/** Pages of one bank of the directory. */
const BANK_BITS = 10;
const BANK_PAGES = 1 << BANK_BITS;
/** Pages that are allocated together. */
const CHUNK_BITS = 10;
const CHUNK_PAGES = 1 << CHUNK_BITS;

/**
 * A large array of numbers 0 … 2^32 − 1, nearly all of them zero: space is taken where something is stored, 64 bytes at
 * a time.
 *
 *   index ──► bank of the directory ──► page ──► chunk of pages ──► number
 */
export class SparseCounters {
  private readonly banks: (Uint32Array | null)[] = [];
  private readonly chunks: Uint32Array[] = [];
  private pages = 0;

  /** Pages that hold something. */
  get pageCount(): number {
    return this.pages;
  }

  read(index: number): number {
    const at = index >>> (PAGE_BITS + BANK_BITS);
    const bank = at < this.banks.length ? this.banks[at] : null;
    if (bank === null) return 0;
    const page = bank[(index >>> PAGE_BITS) & (BANK_PAGES - 1)] - 1;
    if (page < 0) return 0;
    const chunk = this.chunks[page >>> CHUNK_BITS];
    return chunk[((page & (CHUNK_PAGES - 1)) << PAGE_BITS) | (index & (PAGE_ENTRIES - 1))];
  }

  write(index: number, value: number): void {
    const page = this.pageOf(index);
    const chunk = this.chunks[page >>> CHUNK_BITS];
    chunk[((page & (CHUNK_PAGES - 1)) << PAGE_BITS) | (index & (PAGE_ENTRIES - 1))] = value;
  }

  private pageOf(index: number): number {
    const at = index >>> (PAGE_BITS + BANK_BITS);
    while (this.banks.length <= at) this.banks.push(null);
    let bank = this.banks[at];
    if (bank === null) {
      bank = new Uint32Array(BANK_PAGES);
      this.banks[at] = bank;
    }
    const entry = (index >>> PAGE_BITS) & (BANK_PAGES - 1);
    if (bank[entry] > 0) return bank[entry] - 1;
    if ((this.pages & (CHUNK_PAGES - 1)) === 0) this.chunks.push(new Uint32Array(CHUNK_PAGES * PAGE_ENTRIES));
    bank[entry] = ++this.pages;
    return this.pages - 1;
  }
}
