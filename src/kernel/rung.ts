import { NO_SLOT, type PendingEvents } from './pending-events.ts';
import { NEVER, type SimTime } from './time.ts';

const BUCKET_LIMIT = 2 ** 16;

/**
 * One rung of the ladder queue: a span of time cut into buckets of equal width. A bucket is an unsorted, singly linked
 * list of slots. Widths are powers of two, so multiplying by the inverse is exact and an
 * event never falls on the wrong side of a boundary.
 */
export class Rung {
  /** Events from this time on belong into a bucket of this rung; earlier ones are already being worked off. */
  openFrom: SimTime = NEVER;
  /** First time after the rung. */
  end: SimTime = NEVER;
  widthNs: SimTime = NEVER;
  /** Buckets before `current` are closed and empty. */
  current = 0;
  buckets = 0;
  heads = new Int32Array(64).fill(NO_SLOT);
  private readonly events: PendingEvents;
  private start: SimTime = NEVER;
  private inverse = 0.5;

  constructor(events: PendingEvents) {
    this.events = events;
  }

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

  /** Puts a slot whose time is in openFrom … end − 1 into its bucket. */
  add(slot: number): void {
    const { events, heads } = this;
    const bucket = ((events.timeOf(slot) - this.start) * this.inverse) | 0;
    events.links[slot] = heads[bucket];
    heads[bucket] = slot;
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
