/** Entries of one page: a cache line of numbers, so that scattered indices take little space. */
const PAGE_BITS = 4;
const PAGE_ENTRIES = 1 << PAGE_BITS;
/** Pages of one bank of the directory. */
const BANK_BITS = 8;
const BANK_PAGES = 1 << BANK_BITS;
/** Pages for which there is room at first. */
const FIRST_PAGES = 8;

/**
 * A large array of numbers 0 … 2^32 − 1, nearly all of them zero: space is taken where something is stored, 64 bytes at
 * a time.
 *
 *   index ──► bank of the directory ──► page in the store ──► number
 */
export class SparseCounters {
  private readonly banks: (Uint32Array | null)[] = [];
  /** The pages one after the other; it doubles when it is full, so that tens of thousands of nearly empty ones stay small. */
  private store = new Uint32Array(0);
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
    return this.store[(page << PAGE_BITS) | (index & (PAGE_ENTRIES - 1))];
  }

  write(index: number, value: number): void {
    const page = this.pageOf(index);
    this.store[(page << PAGE_BITS) | (index & (PAGE_ENTRIES - 1))] = value;
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
    if (this.pages << PAGE_BITS === this.store.length) this.grow();
    bank[entry] = ++this.pages;
    return this.pages - 1;
  }

  private grow(): void {
    const store = new Uint32Array(Math.max(FIRST_PAGES * PAGE_ENTRIES, this.store.length * 2));
    store.set(this.store);
    this.store = store;
  }
}
