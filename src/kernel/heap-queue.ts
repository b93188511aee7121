import type { EventQueue } from './event-queue.ts';
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

  pop(): number {
    if (this.size === 0) return -1;
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

  peekOrder(): number {
    return this.orders[0];
  }

  private grow(): void {
    const length = this.times.length * 2;
    const times = new Float64Array(length);
    times.set(this.times);
    this.times = times;
    const orders = new Float64Array(length);
    orders.set(this.orders);
    this.orders = orders;
    const slots = new Int32Array(length);
    slots.set(this.slots);
    this.slots = slots;
  }
}
