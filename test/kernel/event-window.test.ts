import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type EventOrder, EventWindow } from '../../src/kernel/event-window.ts';
import { HeapQueue } from '../../src/kernel/heap-queue.ts';
import { LadderQueue } from '../../src/kernel/ladder-queue.ts';
import { Simulation } from '../../src/kernel/simulation.ts';
import { NEVER } from '../../src/kernel/time.ts';

const WINDOW = { fromNs: 100, toNs: 200 };

/** A simulation in whose window `order` decides; the events named `fixed` stay where they are. */
function withWindow(order: EventOrder, fixed: readonly string[] = []): Simulation {
  const isMovable = (kind: number): boolean => !fixed.includes(sim.kindName(kind));
  const sim: Simulation = new Simulation({
    queue: (events, timers) =>
      new EventWindow({ ...WINDOW, isMovable, order }, events, timers, new LadderQueue(events)),
  });
  return sim;
}

/** Takes these ranks one after the other, then 0; keeps how many candidates there were. */
class Ranks implements EventOrder {
  readonly counts: number[] = [];
  private readonly ranks: number[];

  constructor(...ranks: number[]) {
    this.ranks = ranks;
  }

  choose(_ordinal: number, count: number): number {
    this.counts.push(count);
    return this.ranks.shift() ?? 0;
  }
}

/** Runs events at these times, `name` told with the time at which it ran. */
function story(sim: Simulation, times: Readonly<Record<string, number>>): string[] {
  const told: string[] = [];
  for (const [name, time] of Object.entries(times)) {
    sim.at(
      time,
      0,
      sim.defineEvent(name, () => told.push(`${name} ${sim.now}`)),
      0,
      0,
    );
  }
  sim.run(NEVER);
  return told;
}

describe('a window of open order', () => {
  it('leaves the natural order alone when rank 0 is chosen', () => {
    const order = new Ranks();
    expect(story(withWindow(order), { a: 120, b: 110, c: 50, d: 300 })).toEqual([
      'c 50',
      'b 110',
      'a 120',
      'd 300',
    ]);
    expect(order.counts).toEqual([2]);
  });

  it('runs what is overtaken late, at the time of what overtook it', () => {
    expect(story(withWindow(new Ranks(2)), { a: 110, b: 120, c: 130 })).toEqual(['c 130', 'a 130', 'b 130']);
  });

  it('opens the order of events of one instant, and of the ends of the window', () => {
    expect(story(withWindow(new Ranks(1)), { a: 100, b: 200, c: 200 })).toEqual(['b 200', 'a 200', 'c 200']);
  });

  it('never touches what is before or behind it', () => {
    const order = new Ranks(1, 1, 1);
    expect(story(withWindow(order), { a: 98, b: 99, c: 201, d: 202 })).toEqual([
      'a 98',
      'b 99',
      'c 201',
      'd 202',
    ]);
    expect(order.counts).toEqual([]);
  });

  it('lets nothing run before what causes it', () => {
    const sim = withWindow(new Ranks(1, 1, 1));
    const told: string[] = [];
    const effect = sim.defineEvent('effect', (target) => told.push(`effect of ${target}`));
    const cause = sim.defineEvent('cause', (target) => {
      told.push(`cause ${target}`);
      sim.post(5, 0, effect, target, 0);
    });
    sim.at(110, 0, cause, 1, 0);
    sim.at(120, 0, cause, 2, 0);
    sim.run(NEVER);
    expect(told).toEqual(['cause 2', 'effect of 2', 'cause 1', 'effect of 1']);
  });

  it('keeps events in their place that are not to be moved, and lets others be held up past them', () => {
    expect(story(withWindow(new Ranks(1), ['b']), { a: 110, b: 120, c: 130 })).toEqual([
      'b 120',
      'a 120',
      'c 130',
    ]);
    const order = new Ranks();
    story(withWindow(order, ['b']), { a: 110, b: 120, c: 130 });
    expect(order.counts).toEqual([2]);
  });

  it('does not ask about cancelled events and timers that were armed again', () => {
    const order = new Ranks(1);
    const sim = withWindow(order);
    const told: string[] = [];
    const say = sim.defineEvent('say', (target) => told.push(`${target} ${sim.now}`));
    sim.cancel(sim.at(110, 0, say, 1, 0));
    const timer = sim.defineTimer(0, say, 2);
    sim.arm(timer, 115);
    sim.arm(timer, 180);
    const disarmed = sim.defineTimer(0, say, 3);
    sim.arm(disarmed, 116);
    sim.disarm(disarmed);
    sim.at(130, 0, say, 4, 0);
    sim.at(140, 0, say, 5, 0);
    sim.run(NEVER);
    // The timer becomes a candidate when its entry has moved on to the deadline, which is at once.
    expect(told).toEqual(['5 140', '4 140', '2 180']);
    expect(order.counts).toEqual([3, 2]);
  });

  it('lets a timer expire late', () => {
    const sim = withWindow(new Ranks(1));
    const told: string[] = [];
    const say = sim.defineEvent('say', (target) => told.push(`${target} ${sim.now}`));
    sim.arm(sim.defineTimer(0, say, 1), 110);
    sim.at(120, 0, say, 2, 0);
    sim.run(NEVER);
    expect(told).toEqual(['2 120', '1 120']);
  });

  it('carries out at once what is overdue because it was ordered late', () => {
    const sim = withWindow(new Ranks(1));
    const told: string[] = [];
    const next = sim.defineEvent('next', () => told.push(`next ${sim.now}`));
    const late = sim.defineEvent('late', () => sim.at(115, 0, next, 0, 0));
    const other = sim.defineEvent('other', () => told.push(`other ${sim.now}`));
    sim.at(110, 0, late, 0, 0);
    sim.at(150, 0, other, 0, 0);
    sim.run(NEVER);
    expect(told).toEqual(['other 150', 'next 150']);
  });

  it('keeps a decision over a stop of the run in the middle', () => {
    for (const stop of [105, 110, 125, 130, 150]) {
      const sim = withWindow(new Ranks(2));
      const told: string[] = [];
      const say = sim.defineEvent('say', (target) => told.push(`${target} ${sim.now}`));
      for (const [at, time] of [110, 120, 130].entries()) sim.at(time, 0, say, at, 0);
      expect(sim.run(stop)).toBe(true);
      sim.run(NEVER);
      expect(told, `stop at ${stop}`).toEqual(['2 130', '0 130', '1 130']);
    }
  });

  it('refuses a rank that nobody has', () => {
    expect(() => story(withWindow(new Ranks(2)), { a: 110, b: 120 })).toThrow('rank 2 of 2 events');
  });
});

describe('any order', () => {
  const times = fc.array(fc.integer({ min: 80, max: 220 }), { minLength: 1, maxLength: 12 });

  it('runs every event once, none early, and ends where the natural order ends', () => {
    fc.assert(
      fc.property(times, fc.infiniteStream(fc.nat()), (at, draws) => {
        const sim = withWindow({ choose: (_, count) => draws.next().value! % count });
        const ran: number[] = [];
        const run = sim.defineEvent('run', (target) => {
          expect(sim.now).toBeGreaterThanOrEqual(at[target]);
          ran.push(target);
        });
        at.forEach((time, target) => {
          sim.at(time, 0, run, target, 0);
        });
        sim.run(NEVER);
        expect(ran.toSorted((a, b) => a - b)).toEqual(at.map((_, target) => target));
        expect(sim.now).toBe(Math.max(...at));
      }),
    );
  });

  it('is the natural one when rank 0 is chosen, with the fingerprint of a plain run', () => {
    fc.assert(
      fc.property(times, (at) => {
        const plain = new Simulation({ queue: (events) => new HeapQueue(events) });
        const windowed = withWindow({ choose: () => 0 });
        for (const sim of [plain, windowed]) {
          const again = sim.defineEvent('again', () => {});
          const run = sim.defineEvent('run', (target) =>
            sim.post(7 * (target % 5), target % 3, again, target, 0),
          );
          at.forEach((time, target) => {
            sim.at(time, target % 2, run, target, 0);
          });
          sim.run(NEVER);
        }
        expect(windowed.fingerprint.toString()).toBe(plain.fingerprint.toString());
      }),
    );
  });
});
