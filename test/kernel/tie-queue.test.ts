import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Simulation } from '../../src/kernel/simulation.ts';
import type { TieOrder } from '../../src/kernel/tie-queue.ts';
import { scenarioTies, tieOptions, tieOrder } from '../../src/scenario/tie-order.ts';

interface Planned {
  readonly time: number;
  readonly priority: number;
  /** Schedules one more event when it runs, this much later and with this priority. */
  readonly follow: readonly [delay: number, priority: number] | null;
  readonly cancels: number;
}

const PLAN = fc.array(
  fc.record({
    time: fc.nat(4),
    priority: fc.nat(2),
    follow: fc.option(fc.tuple(fc.nat(1), fc.nat(2)), { nil: null }),
    cancels: fc.nat(9),
  }),
  { maxLength: 25 },
);

/** What runs: time, priority and number of each event, with its fingerprint at the end. */
function story(plan: readonly Planned[], order: TieOrder | null): [string[], string] {
  const sim = new Simulation(order === null ? {} : tieOptions(order));
  const told: string[] = [];
  const handles = plan.map(() => -1);
  const kind = sim.defineEvent('step', (target, priority) => {
    told.push(`${sim.now} ${priority} ${target}`);
    const planned = plan[target];
    if (planned === undefined) return;
    if (planned.cancels < handles.length) sim.cancel(handles[planned.cancels]);
    if (planned.follow === null) return;
    const [delay, next] = planned.follow;
    sim.after(delay, next, kind, 1000 + target, next);
  });
  const timed = sim.defineEvent('timer', (target) => told.push(`${sim.now} 1 timer ${target}`));
  const timer = sim.defineTimer(1, timed, 0);
  for (const [at, { time, priority }] of plan.entries()) {
    handles[at] = sim.at(time, priority, kind, at, priority);
    // Armed again and again: only the last deadline counts.
    sim.arm(timer, time);
  }
  sim.run(10);
  return [told, sim.fingerprint.toString()];
}

describe('events of the same time and priority', () => {
  it('run first scheduled, first run when that is asked for, as they do without being asked', () => {
    fc.assert(
      fc.property(PLAN, (plan) => {
        expect(story(plan, tieOrder('fifo'))).toEqual(story(plan, null));
      }),
    );
  });

  it('keep time and priority in every order', () => {
    fc.assert(
      fc.property(PLAN, fc.constantFrom('lifo', 'shuffle:1', 'shuffle:b'), (plan, name) => {
        const calm = plan.map((step) => ({ ...step, cancels: 99 }));
        const [told] = story(calm, tieOrder(name));
        const [natural] = story(calm, null);
        expect([...told].sort()).toEqual([...natural].sort());
        const times = told.map((line) => Number(line.split(' ')[0]));
        expect(times).toEqual([...times].sort((a, b) => a - b));
      }),
    );
  });

  it('run in the order that is asked for', () => {
    const step = { time: 1, priority: 0, follow: null, cancels: 99 };
    const three = [step, step, step, { ...step, priority: 1 }];
    const order = (name: string): string[] =>
      story(three, tieOrder(name))[0].filter((line) => !line.includes('timer'));
    expect(order('fifo')).toEqual(['1 0 0', '1 0 1', '1 0 2', '1 1 3']);
    expect(order('lifo')).toEqual(['1 0 2', '1 0 1', '1 0 0', '1 1 3']);
    expect(order('shuffle:x')).toEqual(order('shuffle:x'));
  });

  it('do not run before what causes them', () => {
    const [told] = story([{ time: 1, priority: 0, follow: [0, 0], cancels: 99 }], tieOrder('lifo'));
    expect(told.filter((line) => !line.includes('timer'))).toEqual(['1 0 0', '1 0 1000']);
  });
});

describe('an order by its name', () => {
  it('is known, or is none', () => {
    expect(tieOrder('shuffle:')).toBeNull();
    expect(tieOrder('random')).toBeNull();
    expect(scenarioTies({})).toEqual({});
  });
});
