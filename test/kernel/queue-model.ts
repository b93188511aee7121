import type { EventQueue } from '../../src/kernel/event-queue.ts';

/** The oracle of the queue tests: an array kept in order by insertion, as slow and as plain as can be. */
export class SortedArrayQueue implements EventQueue {
  time = 0;
  order = 0;
  private readonly entries: { time: number; order: number; slot: number }[] = [];

  get size(): number {
    return this.entries.length;
  }

  push(time: number, order: number, slot: number): void {
    const later = this.entries.findIndex((e) => e.time > time || (e.time === time && e.order > order));
    this.entries.splice(later < 0 ? this.entries.length : later, 0, { time, order, slot });
  }

  popUntil(until: number): number {
    if (this.entries.length === 0 || this.entries[0].time > until) return -1;
    const first = this.entries.shift()!;
    this.time = first.time;
    this.order = first.order;
    return first.slot;
  }

  peekTime(): number {
    return this.entries.length === 0 ? Number.MAX_SAFE_INTEGER : this.entries[0].time;
  }

  sweep(isDead: (slot: number) => boolean): void {
    const live = this.entries.filter((entry) => !isDead(entry.slot));
    this.entries.splice(0, this.entries.length, ...live);
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
