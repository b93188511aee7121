import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SimulationDefect } from '../../src/kernel/assert.ts';
import type { EventQueue } from '../../src/kernel/event-queue.ts';
import { HeapQueue } from '../../src/kernel/heap-queue.ts';
import { LadderQueue } from '../../src/kernel/ladder-queue.ts';
import type { PendingEvents } from '../../src/kernel/pending-events.ts';
import { type EventHandle, NO_EVENT, Simulation } from '../../src/kernel/simulation.ts';
import { NEVER } from '../../src/kernel/time.ts';
import { DELAYS, dice, SortedArrayQueue } from './queue-model.ts';

type MakeQueue = (events: PendingEvents) => EventQueue;

/** A simulation and its queue, to look into. */
function withQueue(make: MakeQueue): { sim: Simulation; queue: EventQueue } {
  const made: EventQueue[] = [];
  const sim = new Simulation({ queue: (events) => (made[0] = make(events)) });
  return { sim, queue: made[0] };
}

describe('an event', () => {
  it('runs at its time, before others of lower rank and those scheduled later', () => {
    const sim = new Simulation();
    const story: string[] = [];
    const say = sim.defineEvent('say', (target, arg) => story.push(`${sim.now}: ${target}/${arg}`));
    sim.at(20, 1, say, 1, 0.5);
    sim.at(10, 2, say, 2, 0);
    sim.at(10, 1, say, 3, -1);
    sim.at(10, 1, say, 4, 2 ** 40);
    expect(sim.run(NEVER)).toBe(true);
    expect(story).toEqual(['10: 3/-1', '10: 4/1099511627776', '10: 2/0', '20: 1/0.5']);
    expect([sim.now, sim.eventCount]).toEqual([20, 4]);
  });

  it('cannot be scheduled in the past, nor at a time that is none', () => {
    const sim = new Simulation();
    const nop = sim.defineEvent('nop', () => {});
    sim.run(100);
    expect(() => sim.at(99, 0, nop, 0, 0)).toThrow(SimulationDefect);
    expect(() => sim.after(Number.NaN, 0, nop, 0, 0)).toThrow(SimulationDefect);
  });

  it('is cancelled once, and never after it ran, even when its place is used again', () => {
    const sim = new Simulation();
    let ran = 0;
    const count = sim.defineEvent('count', () => ran++);
    const first = sim.after(10, 0, count, 0, 0);
    expect(sim.cancel(first)).toBe(true);
    expect(sim.cancel(first)).toBe(false);
    const second = sim.after(10, 0, count, 0, 0);
    sim.run(10);
    expect(ran).toBe(1);
    const third = sim.after(10, 0, count, 0, 0);
    expect([first, second, NO_EVENT].map((handle) => sim.cancel(handle))).toEqual([false, false, false]);
    expect(sim.cancel(third)).toBe(true);
    expect(sim.run(NEVER)).toBe(true);
    expect(ran).toBe(1);
  });

  it('leaves nothing behind however often it is cancelled', () => {
    const { sim, queue } = withQueue((events) => new LadderQueue(events));
    const nop = sim.defineEvent('nop', () => {});
    for (let round = 0; round < 100_000; round++) {
      sim.cancel(sim.after(15e9, 0, nop, 0, 0));
      expect(queue.size).toBeLessThan(2_000);
    }
    expect(sim.pendingCount).toBe(0);
  });
});

describe('a run', () => {
  const ticking = (): Simulation => {
    const sim = new Simulation();
    const tick = sim.defineEvent('tick', (target) => {
      if (target === 7) sim.stop();
      sim.after(10, 0, tick, target + 1, 0);
    });
    sim.at(0, 0, tick, 0, 0);
    return sim;
  };

  it('ends at its limit with the clock there', () => {
    const sim = ticking();
    expect(sim.run(35)).toBe(true);
    expect([sim.now, sim.eventCount]).toEqual([35, 4]);
  });

  it('stops after the event that asks for it and can be continued', () => {
    const sim = ticking();
    expect(sim.run(1_000)).toBe(false);
    expect([sim.now, sim.eventCount]).toEqual([70, 8]);
    expect(sim.run(1_000)).toBe(true);
    expect([sim.now, sim.eventCount]).toEqual([1_000, 101]);
  });

  it('goes the same way in one piece or in many, with a fingerprint to read in between', () => {
    const whole = ticking();
    while (!whole.run(5_000));
    const pieces = ticking();
    const readings = new Set<string>();
    while (!pieces.run(5_000, 10)) readings.add(pieces.fingerprint.toString());
    expect(pieces.fingerprint.toString()).toBe(whole.fingerprint.toString());
    expect([pieces.now, pieces.eventCount]).toEqual([whole.now, whole.eventCount]);
    expect(readings.size).toBeGreaterThan(49);
  });

  it('reports in which event a defect showed', () => {
    const sim = new Simulation();
    const cause = new Error('the path is gone');
    const fail = sim.defineEvent('path.fail', () => {
      throw cause;
    });
    sim.at(5, 0, fail, 3, 0);
    expect(() => sim.run(10)).toThrow('event 1 (path.fail, target 3) at 5 ns: the path is gone');
    try {
      sim.at(5, 0, fail, 3, 0);
      sim.run(10);
    } catch (error) {
      expect(error).toBeInstanceOf(SimulationDefect);
      expect((error as Error).cause).toBe(cause);
    }
  });
});

describe('a timer', () => {
  it('expires once, at the deadline set last', () => {
    const sim = new Simulation();
    const story: string[] = [];
    const expire = sim.defineEvent('expire', (target) => story.push(`${sim.now}: ${target}`));
    const [a, b, c] = [1, 2, 3].map((target) => sim.defineTimer(0, expire, target));
    sim.arm(a, 100);
    sim.arm(a, 300);
    sim.arm(b, 300);
    sim.arm(b, 200);
    sim.arm(c, 100);
    sim.disarm(c);
    expect([a, b, c].map((timer) => sim.isArmed(timer))).toEqual([true, true, false]);
    sim.run(NEVER);
    expect(story).toEqual(['200: 2', '300: 1']);
    expect([a, b, c].some((timer) => sim.isArmed(timer))).toBe(false);
    expect(sim.eventCount).toBe(2);
  });

  it('ties with other events as if it had been scheduled when it was armed', () => {
    const sim = new Simulation();
    const story: string[] = [];
    const say = sim.defineEvent('say', (target) => story.push(`${target}`));
    const timer = sim.defineTimer(0, say, 0);
    sim.arm(timer, 50);
    sim.at(100, 0, say, 1, 0);
    sim.arm(timer, 100);
    sim.at(100, 0, say, 2, 0);
    sim.run(NEVER);
    expect(story).toEqual(['1', '0', '2']);
  });

  it('leaves nothing behind when its deadline swings between near and far', () => {
    const { sim, queue } = withQueue((events) => new LadderQueue(events));
    const never = sim.defineEvent('never', () => expect.unreachable());
    const timer = sim.defineTimer(0, never, 0);
    let left = 50_000;
    const swing = sim.defineEvent('swing', (near) => {
      sim.arm(timer, near === 1 ? 100 : 15e9);
      expect(queue.size).toBeLessThan(2_100);
      if (--left > 0) sim.after(90, 0, swing, 1 - near, 0);
      else sim.disarm(timer);
    });
    sim.at(0, 0, swing, 0, 0);
    sim.run(NEVER);
    expect(sim.eventCount).toBe(50_000);
  });
});

/** What a random model needs of a simulator. */
interface Engine {
  readonly now: number;
  schedule(delay: number, priority: number, target: number): EventHandle;
  cancel(handle: EventHandle): boolean;
  arm(timer: number, delay: number): void;
  disarm(timer: number): void;
  run(until: number): void;
  fingerprint(): string;
}
type Model = (engine: Engine, target: number) => void;
const TIMERS = 6;

/** The oracle: a timer is an ordinary event that is cancelled and scheduled anew. */
function naiveEngine(model: Model): Engine {
  interface Pending {
    time: number;
    priority: number;
    sequence: number;
    target: number;
  }
  const pending: Pending[] = [];
  const timers: (number | undefined)[] = [];
  let sequence = 0;
  const before = (a: Pending, b: Pending): boolean =>
    a.time !== b.time
      ? a.time < b.time
      : a.priority !== b.priority
        ? a.priority < b.priority
        : a.sequence < b.sequence;
  const engine = {
    now: 0,
    schedule(delay: number, priority: number, target: number): number {
      pending.push({ time: engine.now + delay, priority, sequence, target });
      return sequence++;
    },
    cancel(handle: number): boolean {
      const at = pending.findIndex((event) => event.sequence === handle);
      if (at >= 0) pending.splice(at, 1);
      return at >= 0;
    },
    arm(timer: number, delay: number): void {
      engine.disarm(timer);
      timers[timer] = engine.schedule(delay, timer, -1 - timer);
    },
    disarm(timer: number): void {
      const handle = timers[timer];
      if (handle !== undefined) engine.cancel(handle);
    },
    run(until: number): void {
      while (pending.length > 0) {
        const first = pending.reduce((best, event) => (before(event, best) ? event : best));
        if (first.time > until) break;
        pending.splice(pending.indexOf(first), 1);
        engine.now = first.time;
        model(engine, first.target);
      }
      engine.now = until;
    },
    fingerprint: () => '',
  };
  return engine;
}

function realEngine(model: Model, queue: MakeQueue): Engine {
  const sim = new Simulation({ queue });
  const act = sim.defineEvent('act', (target) => model(engine, target));
  const timers = Array.from({ length: TIMERS }, (_, timer) => sim.defineTimer(timer, act, -1 - timer));
  const engine: Engine = {
    get now() {
      return sim.now;
    },
    schedule: (delay: number, priority: number, target: number) => sim.after(delay, priority, act, target, 0),
    cancel: (handle: EventHandle) => sim.cancel(handle),
    arm: (timer: number, delay: number) => sim.arm(timers[timer], delay),
    disarm: (timer: number) => sim.disarm(timers[timer]),
    run: (until: number) => {
      while (!sim.run(until, 7));
    },
    fingerprint: () => `${sim.eventCount} ${sim.fingerprint}`,
  };
  return engine;
}

const QUEUES: MakeQueue[] = [
  (events) => new HeapQueue(events),
  (events) => new LadderQueue(events),
  (events) => new SortedArrayQueue(events),
];

/** A model that does everything at random, and the story of what it saw. */
function randomModel(seed: number, shape: string): { model: Model; story: string[] } {
  const roll = dice(seed);
  const handles: EventHandle[] = [];
  const story: string[] = [];
  const model: Model = (engine, target) => {
    story.push(`${engine.now} ${target}`);
    if (story.length > 1_500) return;
    for (let births = roll(3); births > 0; births--) {
      handles.push(engine.schedule(DELAYS[shape](roll), roll(TIMERS), story.length));
    }
    if (roll(3) === 0 && handles.length > 0) {
      const at = roll(handles.length);
      story.push(`cancelled ${at} ${engine.cancel(handles[at])}`);
    }
    if (roll(2) === 0) engine.arm(roll(TIMERS), DELAYS[shape](roll));
    if (roll(4) === 0) engine.disarm(roll(TIMERS));
  };
  return { model, story };
}

describe('a random model of events, cancellations and timers', () => {
  it.each(Object.keys(DELAYS))('goes the same way as on a naive simulator, delays: %s', (shape) => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const play = (make: (model: Model) => Engine): { story: string[]; fingerprint: string } => {
          const { model, story } = randomModel(seed, shape);
          const engine = make(model);
          for (let births = 0; births < 30; births++) engine.schedule(births % 7, births % 3, births);
          for (const until of [3, 20_000, 20_000, 5_000_000, 8e12]) engine.run(until);
          story.push(`ends at ${engine.now}`);
          return { story, fingerprint: engine.fingerprint() };
        };
        const expected = play(naiveEngine).story;
        const fingerprints = QUEUES.map((queue) => {
          const { story, fingerprint } = play((model) => realEngine(model, queue));
          expect(story).toEqual(expected);
          return fingerprint;
        });
        expect(new Set(fingerprints).size).toBe(1);
      }),
      { numRuns: 12 },
    );
  });
});
