import type { EventQueue } from './event-queue.ts';
import { resized } from './grow.ts';
import { NO_SLOT, type PendingEvents } from './pending-events.ts';
import { NEVER, type SimTime } from './time.ts';

/** Binary heap on typed arrays. The reference implementation of `EventQueue`: every other queue must pop the same order. */
export class HeapQueue implements EventQueue {
  size = 0;
  private readonly events: PendingEvents;
  /** Copies of the keys, so that sifting stays within three small arrays. */
  private times = new Float64Array(64);
  private orders = new Float64Array(64);
  private slots = new Int32Array(64);

  constructor(events: PendingEvents) {
    this.events = events;
  }

  push(slot: number): void {
    if (this.size === this.times.length) this.grow();
    const { times, orders, slots } = this;
    const time = this.events.timeOf(slot);
    const order = this.events.orderOf(slot);
    let at = this.size++;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const parentTime = times[parent];
      if (parentTime < time || (parentTime === time && orders[parent] < order)) break;
      times[at] = parentTime;
      orders[at] = orders[parent];
      slots[at] = slots[parent];
      at = parent;
    }
    times[at] = time;
    orders[at] = order;
    slots[at] = slot;
  }

  popUntil(until: SimTime): number {
    if (this.size === 0 || this.times[0] > until) return NO_SLOT;
    const { times, orders, slots } = this;
    const first = slots[0];
    const last = --this.size;
    const time = times[last];
    const order = orders[last];
    const moved = slots[last];
    let at = 0;
    for (let child = 1; child < last; child = 2 * at + 1) {
      const right = child + 1;
      if (
        right < last &&
        (times[right] < times[child] || (times[right] === times[child] && orders[right] < orders[child]))
      ) {
        child = right;
      }
      if (time < times[child] || (time === times[child] && order < orders[child])) break;
      times[at] = times[child];
      orders[at] = orders[child];
      slots[at] = slots[child];
      at = child;
    }
    times[at] = time;
    orders[at] = order;
    slots[at] = moved;
    return first;
  }

  peekTime(): SimTime {
    return this.size === 0 ? NEVER : this.times[0];
  }

  /** The earliest slot; only meaningful when there is one. */
  peekSlot(): number {
    return this.slots[0];
  }

  /** Removes whichever slot is cheapest to remove, and returns it. */
  takeAny(): number {
    return this.slots[--this.size];
  }

  sweep(isDead: (slot: number) => boolean): void {
    const { slots, size } = this;
    this.size = 0;
    // Re-adding in place is safe: the new heap never reaches beyond the slot that is read.
    for (let at = 0; at < size; at++) {
      const slot = slots[at];
      if (!isDead(slot)) this.push(slot);
    }
  }

  private grow(): void {
    const length = this.times.length * 2;
    this.times = resized(this.times, length);
    this.orders = resized(this.orders, length);
    this.slots = resized(this.slots, length);
  }
}
