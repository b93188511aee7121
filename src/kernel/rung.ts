import type { SimTime } from './time.ts';

export const NO_SLOT = -1;
const BUCKET_LIMIT = 2 ** 16;

/**
 * One rung of the ladder queue: a span of time cut into buckets of equal width. A bucket is an unsorted, singly linked
 * list of slots; links are kept by the queue. Widths are powers of two, so multiplying by the inverse is exact and an
 * event never falls on the wrong side of a boundary.
 */
export class Rung {
  /** Events from this time on belong into a bucket of this rung; earlier ones are already being worked off. */
  openFrom: SimTime = 0;
  /** First time after the rung. */
  end: SimTime = 0;
  widthNs: SimTime = 1;
  /** Buckets before `current` are closed and empty. */
  current = 0;
  buckets = 0;
  heads = new Int32Array(64).fill(NO_SLOT);
  private start: SimTime = 0;
  private inverse = 1;

  /** Cuts start … end − 1 into about `wanted` buckets, all empty and open. The rung then ends at or after `end`. */
  lay(start: SimTime, end: SimTime, wanted: number): void {
    const limit = Math.min(wanted, BUCKET_LIMIT);
    let width = 1;
    while (width * limit < end - start) width *= 2;
    this.widthNs = width;
    this.inverse = 1 / width;
    this.buckets = Math.ceil((end - start) * this.inverse);
    this.start = start;
    this.openFrom = start;
    this.end = start + this.buckets * width;
    this.current = 0;
    if (this.heads.length < this.buckets) this.heads = new Int32Array(2 * this.buckets).fill(NO_SLOT);
  }

  /** Adds a slot to the bucket of a time in openFrom … end − 1; returns the slot that was its head before. */
  exchangeHead(time: SimTime, slot: number): number {
    const bucket = ((time - this.start) * this.inverse) | 0;
    const previous = this.heads[bucket];
    this.heads[bucket] = slot;
    return previous;
  }

  /** Takes the list of the next bucket that is not empty and closes it; NO_SLOT when the rung is used up. */
  takeNext(): number {
    const { heads, buckets } = this;
    let bucket = this.current;
    while (bucket < buckets && heads[bucket] === NO_SLOT) bucket++;
    this.current = bucket + 1;
    if (bucket >= buckets) {
      this.openFrom = this.end;
      return NO_SLOT;
    }
    const head = heads[bucket];
    heads[bucket] = NO_SLOT;
    this.openFrom = this.start + (bucket + 1) * this.widthNs;
    return head;
  }
}
