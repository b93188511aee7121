import type { EventQueue } from '../../src/kernel/event-queue.ts';
import type { PendingEvents } from '../../src/kernel/pending-events.ts';

/** The oracle of the queue tests: an array kept in order by insertion, as slow and as plain as can be. */
export class SortedArrayQueue implements EventQueue {
  private readonly slots: number[] = [];
  private readonly events: PendingEvents;

  constructor(events: PendingEvents) {
    this.events = events;
  }

  get size(): number {
    return this.slots.length;
  }

  push(slot: number): void {
    const time = this.events.timeOf(slot);
    const order = this.events.orderOf(slot);
    const isLater = (other: number): boolean =>
      this.events.timeOf(other) > time ||
      (this.events.timeOf(other) === time && this.events.orderOf(other) > order);
    const later = this.slots.findIndex(isLater);
    this.slots.splice(later < 0 ? this.slots.length : later, 0, slot);
  }

  popUntil(until: number): number {
    if (this.slots.length === 0 || this.events.timeOf(this.slots[0]) > until) return -1;
    return this.slots.shift()!;
  }

  peekTime(): number {
    return this.slots.length === 0 ? Number.MAX_SAFE_INTEGER : this.events.timeOf(this.slots[0]);
  }

  sweep(isDead: (slot: number) => boolean): void {
    const live = this.slots.filter((slot) => !isDead(slot));
    this.slots.splice(0, this.slots.length, ...live);
  }
}

/** A 32-bit generator of its own, so that the tests do not lean on the streams that are tested elsewhere. */
export function dice(seed: number): (sides: number) => number {
  let state = seed | 0;
  return (sides) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296) * sides);
  };
}

/** Shapes of delay that have broken event queues before. */
export const DELAYS: Record<string, (roll: (sides: number) => number) => number> = {
  ties: (roll) => roll(4) * 10_000,
  constant: () => 1_000_000,
  nanoseconds: (roll) => roll(4),
  zero: (roll) => (roll(5) < 4 ? 0 : 1_000),
  spread: (roll) => roll(2_000_000),
  'near and far': (roll) => (roll(50) === 0 ? 300_000_000_000 + roll(1_000) : roll(1_000_000)),
  'every magnitude': (roll) => Math.floor(roll(1_000) * 10 ** roll(10)),
  'hours and ties': (roll) => (roll(3) === 0 ? 3_600_000_000_000 : roll(3)),
};
