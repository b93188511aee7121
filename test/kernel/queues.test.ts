import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EventQueue } from '../../src/kernel/event-queue.ts';
import { HeapQueue } from '../../src/kernel/heap-queue.ts';
import { LadderQueue } from '../../src/kernel/ladder-queue.ts';
import { PendingEvents } from '../../src/kernel/pending-events.ts';
import { DELAYS, dice, SortedArrayQueue } from './queue-model.ts';

type MakeQueue = (events: PendingEvents) => EventQueue;
const QUEUES: [string, MakeQueue][] = [
  ['heap', (events) => new HeapQueue(events)],
  ['ladder', (events) => new LadderQueue(events)],
];
const PRIORITY_STEP = 2 ** 48;

/** Does the same to both queues and compares everything that can be seen. */
class Pair {
  now = 0;
  private sequence = 0;
  private readonly events = new PendingEvents();
  private readonly live = new Set<number>();
  private readonly dead = new Set<number>();
  private readonly tested: EventQueue;
  private readonly oracle = new SortedArrayQueue(this.events);

  constructor(make: MakeQueue) {
    this.tested = make(this.events);
  }

  push(delay: number, priority: number): void {
    const slot = this.events.add(this.now + delay, priority * PRIORITY_STEP + this.sequence++, 0, 0, 0);
    this.live.add(slot);
    this.tested.push(slot);
    this.oracle.push(slot);
  }

  pop(patience: number): void {
    const until = Math.min(this.now + patience, Number.MAX_SAFE_INTEGER);
    const expected = this.oracle.popUntil(until);
    expect(this.tested.popUntil(until)).toBe(expected);
    if (expected < 0) {
      if (this.oracle.size > 0) this.now = until;
      return;
    }
    this.now = this.events.timeOf(expected);
    this.live.delete(expected);
    this.dead.delete(expected);
    this.events.release(expected);
  }

  peek(): void {
    expect(this.tested.peekTime()).toBe(this.oracle.peekTime());
  }

  markDead(position: number): void {
    const slot = [...this.live][position % Math.max(1, this.live.size)];
    if (slot === undefined) return;
    this.live.delete(slot);
    this.dead.add(slot);
  }

  sweep(): void {
    const asked: number[] = [];
    this.oracle.sweep((slot) => this.dead.has(slot));
    this.tested.sweep((slot) => {
      asked.push(slot);
      return this.dead.has(slot);
    });
    expect(asked.sort((a, b) => a - b)).toEqual([...this.live, ...this.dead].sort((a, b) => a - b));
    for (const slot of this.dead) this.events.release(slot);
    this.dead.clear();
    this.sizes();
  }

  sizes(): void {
    expect(this.tested.size).toBe(this.oracle.size);
  }

  drain(): void {
    while (this.oracle.size > 0) this.pop(Number.MAX_SAFE_INTEGER);
    this.pop(Number.MAX_SAFE_INTEGER);
    this.sizes();
  }
}

const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ op: fc.constant('push' as const), delay: fc.nat(30), priority: fc.nat(6) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ op: fc.constant('push' as const), delay: fc.nat(1e9), priority: fc.nat(6) }),
  },
  {
    weight: 5,
    arbitrary: fc.record({ op: fc.constant('pop' as const), patience: fc.constantFrom(0, 5, 1e12) }),
  },
  { weight: 1, arbitrary: fc.record({ op: fc.constant('peek' as const) }) },
  { weight: 2, arbitrary: fc.record({ op: fc.constant('cancel' as const), position: fc.nat(1000) }) },
  { weight: 1, arbitrary: fc.record({ op: fc.constant('sweep' as const) }) },
);

describe.each(QUEUES)('the %s queue pops in (time, order)', (_name, make) => {
  it('whatever is done to it', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 400, size: 'max' }), (steps) => {
        const pair = new Pair(make);
        for (const each of steps) {
          if (each.op === 'push') pair.push(each.delay, each.priority);
          else if (each.op === 'pop') pair.pop(each.patience);
          else if (each.op === 'peek') pair.peek();
          else if (each.op === 'cancel') pair.markDead(each.position);
          else pair.sweep();
          pair.sizes();
        }
        pair.drain();
      }),
      { numRuns: 60 },
    );
  });

  it.each(Object.keys(DELAYS))('with thousands pending, delays: %s', (shape) => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const roll = dice(seed);
        const delay = DELAYS[shape];
        const pair = new Pair(make);
        const priorities = 1 + roll(7);
        for (let count = 100 + roll(1_500); count > 0; count--) pair.push(delay(roll), roll(priorities));
        for (let steps = 0; steps < 1_500; steps++) {
          for (let burst = roll(3); burst > 0; burst--) pair.push(delay(roll), roll(priorities));
          for (let burst = roll(3); burst > 0; burst--) pair.pop(roll(20) === 0 ? roll(100) : 1e15);
          if (roll(4) === 0) pair.markDead(roll(5_000));
          if (roll(300) === 0) pair.sweep();
          if (roll(10) === 0) pair.peek();
        }
        pair.drain();
      }),
      { numRuns: 4 },
    );
  });
});

describe('the ladder queue', () => {
  it('stays quick when everybody waits for the same instant and wakes others at once', () => {
    const events = new PendingEvents();
    const queue = new LadderQueue(events);
    const count = 20_000;
    for (let index = 0; index < count; index++) {
      const order = ((index * 7919) % count) + (index % 3) * PRIORITY_STEP;
      queue.push(events.add(1_000, order, 0, 0, 0));
    }
    let last = -1;
    for (let popped = 0; popped < 2 * count; popped++) {
      const slot = queue.popUntil(1_000);
      if (events.orderOf(slot) <= last) expect.unreachable('out of order');
      last = events.orderOf(slot);
      events.release(slot);
      if (popped < count) queue.push(events.add(1_000, 6 * PRIORITY_STEP + popped, 0, 0, 0));
    }
    expect(queue.size).toBe(0);
  });

  it('stays quick after it was asked for a far event while all near ones are still to come', () => {
    const events = new PendingEvents();
    const queue = new LadderQueue(events);
    queue.push(events.add(300e9, 0, 0, 0, 0));
    expect(queue.popUntil(0)).toBe(-1);
    for (let index = 1; index <= 5_000; index++)
      queue.push(events.add((index * 7919) % 10_007, index, 0, 0, 0));
    let last = 0;
    for (let left = 5_000; left > 0; left--) {
      const time = events.timeOf(queue.popUntil(1e6));
      expect(time).toBeGreaterThanOrEqual(last);
      last = time;
    }
    expect(queue.popUntil(1e6)).toBe(-1);
    expect(queue.peekTime()).toBe(300e9);
  });
});
