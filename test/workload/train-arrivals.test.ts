import { describe, expect, it } from 'vitest';
import { RandomStreams } from '../../src/kernel/random.ts';
import { NS_PER_MS, NS_PER_S } from '../../src/kernel/time.ts';
import { RateShape } from '../../src/workload/rate-shape.ts';
import { TrainArrivals } from '../../src/workload/train-arrivals.ts';
import type { TrainOptions } from '../../src/workload/workload.ts';

const OPTIONS: TrainOptions = {
  kind: 'trains',
  perSecond: 1_000,
  length: () => 100 * NS_PER_MS,
  pause: () => 900 * NS_PER_MS,
};

function times(options: Partial<TrainOptions>, untilNs: number, shape: RateShape | null = null): number[] {
  const arrivals = new TrainArrivals(
    new RandomStreams('7').stream('train'),
    { ...OPTIONS, ...options },
    shape,
  );
  const found: number[] = [];
  for (let now = arrivals.next(0); now < untilNs; now = arrivals.next(now)) found.push(now);
  return found;
}

const gapsOf = (found: readonly number[]): number[] => found.slice(1).map((time, at) => time - found[at]);

describe('trains', () => {
  it('come at even distances, and then not at all', () => {
    const found = times({}, 20 * NS_PER_S);
    expect(found.every((time) => Number.isInteger(time))).toBe(true);
    const gaps = gapsOf(found);
    const inside = gaps.filter((gap) => gap < 2 * NS_PER_MS);
    expect(inside.every((gap) => Math.abs(gap - NS_PER_MS) <= 1)).toBe(true);
    const between = gaps.filter((gap) => gap >= 2 * NS_PER_MS);
    expect(between.length).toBeGreaterThanOrEqual(18);
    expect(between.every((gap) => gap >= 900 * NS_PER_MS && gap < 902 * NS_PER_MS)).toBe(true);
    expect(Math.abs(found.length - 2_000)).toBeLessThanOrEqual(100);
  });

  it('begin in a pause', () => {
    const [first] = times({}, 2 * NS_PER_S);
    expect(first).toBeGreaterThan(0);
    expect(first).toBeLessThanOrEqual(901 * NS_PER_MS);
  });

  it('keep their rate where they are shorter than the distance of two requests', () => {
    const short = { length: () => NS_PER_MS / 4, pause: () => NS_PER_MS / 4 };
    // A train has a request with probability a quarter: 500 per second, 2,000 trains each.
    expect(Math.abs(times(short, 10 * NS_PER_S).length - 5_000)).toBeLessThan(250);
  });

  it('thin out when the day is quiet', () => {
    const half = new RateShape({ points: [{ atNs: 0, factor: 0.5 }], periodNs: NS_PER_S, beginNs: 0 });
    expect(Math.abs(times({}, 20 * NS_PER_S, half).length - 1_000)).toBeLessThanOrEqual(60);
  });
});
