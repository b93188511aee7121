import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ControlUnit } from '../../src/channel/control-unit.ts';
import { ControlUnitImage } from '../../src/channel/control-unit-image.ts';
import { RandomStreams } from '../../src/kernel/random.ts';
import { steering } from '../../src/pathing/steering.ts';
import { simulated } from '../acceptance/scenario.ts';
import { TestMachine } from '../channel/test-machine.ts';

const NOBODY = {} as ControlUnit;
const ALL = 0xf0;

describe('the average of a path', () => {
  it('begins with its first response time and moves towards each later one', () => {
    const way = new ControlUnitImage(NOBODY, 0, [0, 1]);
    way.responded(1, 1_000, 0.25);
    expect([...way.responseNs.slice(0, 2)]).toEqual([0, 1_000]);
    way.responded(1, 2_000, 0.25);
    way.responded(1, 2_000, 0.25);
    expect([...way.responseNs.slice(0, 2)]).toEqual([0, 1_437.5]);
  });

  it('is the weighted sum of all response times, and stays between the extremes', () => {
    const times = fc.array(fc.integer({ min: 1, max: 10_000_000 }), { minLength: 1, maxLength: 50 });
    fc.assert(
      fc.property(times, fc.double({ min: 0.01, max: 1, noNaN: true }), (samples, alpha) => {
        const way = new ControlUnitImage(NOBODY, 0, [0]);
        for (const sample of samples) way.responded(0, sample, alpha);
        const exact = samples.reduce((sum, sample, at) => {
          const age = samples.length - 1 - at;
          return sum + sample * (at === 0 ? 1 : alpha) * (1 - alpha) ** age;
        }, 0);
        expect(way.responseNs[0] / exact).toBeCloseTo(1, 9);
        expect(way.responseNs[0]).toBeGreaterThanOrEqual(Math.min(...samples) * (1 - 1e-9));
        expect(way.responseNs[0]).toBeLessThanOrEqual(Math.max(...samples) * (1 + 1e-9));
      }),
    );
  });
});

describe('a path that is slow but alive', () => {
  /** Starts on each of four paths, one start at a time, the third of them with a longer way than the others. */
  function starts(count: number, reprobe: number): number[] {
    const test = new TestMachine({
      policy: steering({ alpha: 0.2, reprobe, margin: 0.25 }),
      propagationNs: [500, 500, 50_000, 500],
    });
    test.enable(0);
    for (let start = 0; start < count; start++) {
      test.ssch(0);
      test.runFor(1_000_000);
      test.tsch(0);
    }
    const used = [0, 0, 0, 0];
    for (const { port } of test.unit.executed) used[port]++;
    return used;
  }

  it('is tried once, and then left alone but for the share that tries it again', () => {
    expect(starts(301, 0)).toEqual([100, 100, 1, 100]);
    const [first, second, slow, last] = starts(4_000, 0.05);
    // Binomial: 200 with a standard deviation of 14.
    expect(slow).toBeGreaterThan(150);
    expect(slow).toBeLessThan(250);
    // The rotation goes on behind the path that was tried, which spoils its evenness by so many starts at most.
    expect(Math.max(first, second)).toBeLessThan(last);
    expect(last - Math.min(first, second)).toBeLessThan(slow);
  });
});

describe('paths whose response times change', () => {
  /** A control unit's averages under one start after the other; `responseNs` says what a path takes now. */
  function drive(
    turns: number,
    options: { alpha: number; reprobe: number; margin: number },
    responseNs: (path: number, turn: number) => number,
  ): number[] {
    const policy = steering(options);
    const way = new ControlUnitImage(NOBODY, 0, [0, 1, 2, 3]);
    const stream = new RandomStreams('steering').stream('draws');
    return Array.from({ length: turns }, (_, turn) => {
      const view = {
        candidates: ALL,
        busy: 0,
        answering: ALL,
        open: [0, 0, 0, 0],
        responseNs: way.responseNs,
        nonPreferred: 0,
        last: way.lastPath,
      };
      const path = Math.clz32(policy.choose(view, stream.uniform())) - 24;
      way.lastPath = path;
      way.responded(path, responseNs(path, turn), policy.smoothing);
      return path;
    });
  }
  const USUAL = { alpha: 0.2, reprobe: 0.02, margin: 0.25 };
  const share = (paths: readonly number[], of: number): number =>
    paths.filter((path) => path === of).length / paths.length;

  it('are left within a few starts when they become slow, and used again when they are fast again', () => {
    const paths = drive(12_000, USUAL, (path, turn) =>
      path === 1 && turn >= 4_000 && turn < 8_000 ? 100_000 : 2_000,
    );
    expect(share(paths.slice(0, 4_000), 1)).toBe(0.25);
    // One response is enough to lift the average above the margin; the other one is a try.
    expect(paths.slice(4_000, 4_020).filter((path) => path === 1)).toHaveLength(2);
    expect(share(paths.slice(4_020, 8_000), 1)).toBeLessThan(0.03);
    // From 100 µs to 2.5 µs takes 24 responses, which come with every fiftieth start.
    const back = paths.findIndex((path, turn) => turn > 8_000 && path === 1 && paths[turn + 4] === 1);
    expect(back).toBeLessThan(8_000 + 2 * 24 * 50);
    expect(share(paths.slice(back), 1)).toBeCloseTo(0.25, 2);
  });

  it('share the starts when they differ by less than the margin', () => {
    const paths = drive(4_000, USUAL, (path) => 2_000 + 150 * path);
    for (const path of [0, 1, 2, 3]) expect(share(paths, path)).toBe(0.25);
  });

  /** The more starts a path has had of the last sixteen, the slower it is: whoever follows the fastest one swings. */
  function congested(options: { alpha: number; reprobe: number; margin: number }): number[] {
    const recent: number[] = [];
    return drive(8_000, options, (path) => {
      recent.push(path);
      if (recent.length > 16) recent.shift();
      return 2_000 + 1_000 * recent.filter((other) => other === path).length;
    });
  }
  /** How often a path is used after it was not used for so many starts, of any path. */
  const comebacks = (paths: readonly number[], pause: number): number => {
    const last = new Map<number, number>();
    let count = 0;
    paths.forEach((path, turn) => {
      if (turn - (last.get(path) ?? turn) > pause) count++;
      last.set(path, turn);
    });
    return count;
  };

  it('swing where they become slow by being used, but none carries all or nothing for long', () => {
    const swinging = congested({ alpha: 0.9, reprobe: 0.02, margin: 0 });
    const damped = congested(USUAL);
    for (const paths of [swinging, damped]) {
      for (const path of [0, 1, 2, 3]) {
        expect(share(paths, path)).toBeGreaterThan(0.15);
        expect(share(paths, path)).toBeLessThan(0.35);
      }
    }
    expect(comebacks(damped, 8)).toBeLessThan(comebacks(swinging, 8) / 2);
  });
});

it('keeps applications off a distant path that rotation uses as any other', async () => {
  const text = `duration: 6s
machine:
  chpids: { "0.40-0.42": {}, 0.43: { distance: 50km } }
  dasd: { "0.0.1000-0.0.100f": {} }
workload: { oltp: { from: 2s, ratePerVolume: 100/s } }
phases: { loaded: [2s, 6s] }
`;
  const busy = async (selection: string): Promise<number[]> => {
    const run = await simulated(`${text}strategies: { selection: ${selection} }\n`);
    return ['0.42', '0.43'].map((chpid) => run.metric('path.utilisation', { chpid }, 'loaded').value);
  };
  const [near, far] = await busy('rotation');
  expect(far / near).toBeGreaterThan(0.9);
  const [nearSteered, farSteered] = await busy('{ steering: { reprobe: 0.02 } }');
  expect(farSteered / nearSteered).toBeLessThan(0.15);
  expect(nearSteered).toBeGreaterThan(near);
});
