import type { EventQueue } from './event-queue.ts';
import { resized } from './grow.ts';
import { HeapQueue } from './heap-queue.ts';
import { NO_SLOT, type PendingEvents } from './pending-events.ts';
import { Rung } from './rung.ts';
import { NEVER, type SimTime } from './time.ts';

/** A bucket with more events than this is spread over a finer rung instead of being sorted. */
const RUN_LIMIT = 16;
/** Events cluster at the near end of a rung, so there are more buckets than events. */
const BUCKETS_PER_EVENT = 2;
/** So many late events in the span being worked off turn it into a rung of its own. */
const LATE_LIMIT = 64;
const RUNG_LIMIT = 12;

/**
 * Ladder queue (Tang, Goh and Thng, 2005) whose bottom is a sorted run with a small heap beside it.
 *
 *   far future ──► top ──► rungs[0] ──► rungs[1] … ──► run ──► popped
 *                          one bucket at a time          late ──┘
 *
 * Events far ahead lie unsorted in `top`. When everything nearer is used up, top is spread over the buckets of a rung,
 * the next bucket over a finer rung while it is crowded, and finally sorted into `run`. An event that arrives for the
 * span being worked off goes to the heap `late`, which is nearly always tiny but keeps simultaneous events from
 * costing quadratic time. So an event is moved a small constant number of times however many are pending.
 */
export class LadderQueue implements EventQueue {
  size = 0;
  private readonly events: PendingEvents;

  private topHead = NO_SLOT;
  private topCount = 0;
  private topFrom: SimTime = 0;
  private topFirst: SimTime = NEVER;
  private topLast: SimTime = 0;

  private readonly rungs: readonly Rung[];
  private depth = 0;

  /** Latest first, so that the earliest is taken off the end. */
  private runTimes = new Float64Array(64);
  private runSlots = new Int32Array(64);
  private runCount = 0;
  private readonly late: HeapQueue;

  constructor(events: PendingEvents) {
    this.events = events;
    this.late = new HeapQueue(events);
    this.rungs = Array.from({ length: RUNG_LIMIT }, () => new Rung(events));
  }

  push(slot: number): void {
    const { events, rungs, depth } = this;
    const time = events.timeOf(slot);
    this.size++;
    if (time >= this.topFrom) {
      this.pushTop(slot);
      return;
    }
    for (let level = 0; level < depth; level++) {
      const rung = rungs[level];
      if (time >= rung.openFrom) {
        rung.add(slot);
        return;
      }
    }
    this.late.push(slot);
    if (this.late.size > LATE_LIMIT) this.spreadBottom();
  }

  popUntil(until: SimTime): number {
    let last = this.runCount - 1;
    if (last < 0 && this.late.size === 0) {
      if (!this.refill()) return NO_SLOT;
      last = this.runCount - 1;
    }
    if (this.late.size > 0 && (last < 0 || this.events.isBefore(this.late.peekSlot(), this.runSlots[last]))) {
      const slot = this.late.popUntil(until);
      if (slot !== NO_SLOT) this.size--;
      return slot;
    }
    if (this.runTimes[last] > until) return NO_SLOT;
    this.runCount = last;
    this.size--;
    return this.runSlots[last];
  }

  peekTime(): SimTime {
    if (this.runCount === 0 && this.late.size === 0 && !this.refill()) return NEVER;
    const lateTime = this.late.peekTime();
    return this.runCount === 0 ? lateTime : Math.min(lateTime, this.runTimes[this.runCount - 1]);
  }

  sweep(isDead: (slot: number) => boolean): void {
    this.size = 0;
    this.topHead = this.sweepList(this.topHead, isDead);
    this.topCount = this.size;
    for (let level = 0; level < this.depth; level++) {
      const rung = this.rungs[level];
      for (let bucket = rung.current; bucket < rung.buckets; bucket++) {
        rung.heads[bucket] = this.sweepList(rung.heads[bucket], isDead);
      }
    }
    let kept = 0;
    for (let at = 0; at < this.runCount; at++) {
      const slot = this.runSlots[at];
      if (isDead(slot)) continue;
      this.runTimes[kept] = this.runTimes[at];
      this.runSlots[kept++] = slot;
    }
    this.runCount = kept;
    this.late.sweep(isDead);
    this.size += kept + this.late.size;
  }

  private pushTop(slot: number): void {
    const time = this.events.timeOf(slot);
    this.events.links[slot] = this.topHead;
    this.topHead = slot;
    this.topCount++;
    if (time < this.topFirst) this.topFirst = time;
    if (time > this.topLast) this.topLast = time;
  }

  /** Brings the next events into run or late, which are both empty; false when there are none. */
  private refill(): boolean {
    for (;;) {
      if (this.depth === 0) {
        if (this.topCount === 0) return false;
        if (this.takeTop()) return true;
        continue;
      }
      const rung = this.rungs[this.depth - 1];
      const head = rung.takeNext();
      if (head === NO_SLOT) {
        this.depth--;
        continue;
      }
      const count = this.loadRun(head);
      if (count > RUN_LIMIT && rung.widthNs > 1 && this.depth < RUNG_LIMIT) {
        this.runCount = 0;
        this.spread(head, rung.openFrom - rung.widthNs, rung.openFrom, count);
        continue;
      }
      this.sortRun();
      return true;
    }
  }

  /** Empties top: into the run when it is that small (true), or else into a first rung. */
  private takeTop(): boolean {
    const { topHead, topCount, topFirst, topLast } = this;
    this.topHead = NO_SLOT;
    this.topCount = 0;
    this.topFirst = NEVER;
    this.topLast = 0;
    if (topCount <= RUN_LIMIT) {
      this.topFrom = topLast + 1;
      this.loadRun(topHead);
      this.sortRun();
      return true;
    }
    this.spread(topHead, topFirst, topLast + 1, topCount);
    this.topFrom = this.rungs[0].end;
    return false;
  }

  /** Moves a list of `count` slots to a new finest rung over start … end − 1. */
  private spread(head: number, start: SimTime, end: SimTime, count: number): void {
    const rung = this.rungs[this.depth++];
    rung.lay(start, end, BUCKETS_PER_EVENT * count);
    const { links } = this.events;
    for (let slot = head; slot !== NO_SLOT; ) {
      const next = links[slot];
      rung.add(slot);
      slot = next;
    }
  }

  /** Moves the whole bottom to a rung of its own, so that `late` stays small. */
  private spreadBottom(): void {
    const end = this.depth === 0 ? this.topFrom : this.rungs[this.depth - 1].openFrom;
    const start = this.peekTime();
    // Events of one instant cannot be told apart by time; the heap orders them well enough.
    if (end - start <= 1 || this.depth === RUNG_LIMIT) return;
    const { late, runSlots, runCount } = this;
    const { links } = this.events;
    const count = runCount + late.size;
    let head = NO_SLOT;
    for (let at = 0; at < runCount; at++) {
      links[runSlots[at]] = head;
      head = runSlots[at];
    }
    this.runCount = 0;
    while (late.size > 0) {
      const slot = late.takeAny();
      links[slot] = head;
      head = slot;
    }
    this.spread(head, start, end, count);
  }

  /** Copies a list into the run, unsorted. */
  private loadRun(head: number): number {
    const { events } = this;
    const { links } = events;
    let count = 0;
    for (let slot = head; slot !== NO_SLOT; slot = links[slot]) {
      if (count === this.runSlots.length) this.growRun();
      this.runTimes[count] = events.timeOf(slot);
      this.runSlots[count++] = slot;
    }
    this.runCount = count;
    return count;
  }

  private sortRun(): void {
    const { runTimes, runSlots, runCount } = this;
    if (runCount > RUN_LIMIT) {
      this.sortInstant();
      return;
    }
    for (let at = 1; at < runCount; at++) {
      const time = runTimes[at];
      const slot = runSlots[at];
      let gap = at;
      while (gap > 0 && this.isAfter(time, slot, gap - 1)) {
        runTimes[gap] = runTimes[gap - 1];
        runSlots[gap] = runSlots[gap - 1];
        gap--;
      }
      runTimes[gap] = time;
      runSlots[gap] = slot;
    }
  }

  private isAfter(time: SimTime, slot: number, at: number): boolean {
    const other = this.runTimes[at];
    return (
      time > other || (time === other && this.events.orderOf(slot) > this.events.orderOf(this.runSlots[at]))
    );
  }

  /** Many events that time cannot separate: usually they are in the order of scheduling already, up or down. */
  private sortInstant(): void {
    const { runTimes, runSlots, runCount } = this;
    let ascending = true;
    let descending = true;
    for (let at = 1; at < runCount; at++) {
      if (this.isAfter(runTimes[at], runSlots[at], at - 1)) descending = false;
      else ascending = false;
    }
    if (descending) return;
    if (ascending) {
      runTimes.subarray(0, runCount).reverse();
      runSlots.subarray(0, runCount).reverse();
      return;
    }
    for (let at = 0; at < runCount; at++) this.late.push(runSlots[at]);
    this.runCount = 0;
  }

  /** Keeps the live slots of a list, in the same order. */
  private sweepList(head: number, isDead: (slot: number) => boolean): number {
    const { links } = this.events;
    let first = NO_SLOT;
    let last = NO_SLOT;
    for (let slot = head; slot !== NO_SLOT; ) {
      // A dead slot's link is lost when it is released.
      const next = links[slot];
      if (!isDead(slot)) {
        if (last === NO_SLOT) first = slot;
        else links[last] = slot;
        last = slot;
        this.size++;
      }
      slot = next;
    }
    if (last !== NO_SLOT) links[last] = NO_SLOT;
    return first;
  }

  private growRun(): void {
    const length = 2 * this.runSlots.length;
    this.runTimes = resized(this.runTimes, length);
    this.runSlots = resized(this.runSlots, length);
  }
}
