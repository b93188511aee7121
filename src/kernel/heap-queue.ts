import type { EventQueue } from './event-queue.ts';
import { resized } from './grow.ts';
import { NEVER, type SimTime } from './time.ts';

/** Binary heap on typed arrays. The reference implementation of `EventQueue`: every other queue must pop the same order. */
export class HeapQueue implements EventQueue {
  size = 0;
  time: SimTime = 0;
  order = 0;
  private times = new Float64Array(1024);
  private orders = new Float64Array(1024);
  private slots = new Int32Array(1024);

  push(time: SimTime, order: number, slot: number): void {
    if (this.size === this.times.length) this.grow();
    const { times, orders, slots } = this;
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
    if (this.size === 0 || this.times[0] > until) return -1;
    const { times, orders, slots } = this;
    this.time = times[0];
    this.order = orders[0];
    const slot = slots[0];
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
    return slot;
  }

  peekTime(): SimTime {
    return this.size === 0 ? NEVER : this.times[0];
  }

  /** Order of the earliest entry; only meaningful when there is one. */
  peekOrder(): number {
    return this.orders[0];
  }

  /** Removes some entry, whichever is cheapest; its key is then in `time` and `order`. Returns its slot. */
  takeAny(): number {
    const last = --this.size;
    this.time = this.times[last];
    this.order = this.orders[last];
    return this.slots[last];
  }

  sweep(isDead: (slot: number) => boolean): void {
    const { times, orders, slots, size } = this;
    this.size = 0;
    // Re-adding in place is safe: the heap never reaches beyond the entry that is read.
    for (let at = 0; at < size; at++) {
      const slot = slots[at];
      if (!isDead(slot)) this.push(times[at], orders[at], slot);
    }
  }

  private grow(): void {
    const length = this.times.length * 2;
    this.times = resized(this.times, length);
    this.orders = resized(this.orders, length);
    this.slots = resized(this.slots, length);
  }
}
