import { describe, expect, it } from 'vitest';
import { RandomStreams } from '../../src/kernel/random.ts';
import { NS_PER_MS, NS_PER_S } from '../../src/kernel/time.ts';
import { type ArrivalProcess, MmppArrivals, PoissonArrivals } from '../../src/workload/arrivals.ts';
import type { MmppOptions } from '../../src/workload/workload.ts';

function take(process: ArrivalProcess, count: number): number[] {
  const times: number[] = [];
  for (let now = 0; times.length < count; ) {
    now = process.next(now);
    times.push(now);
  }
  return times;
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

function squaredVariation(values: readonly number[]): number {
  const average = mean(values);
  return mean(values.map((value) => (value - average) ** 2)) / average ** 2;
}

const gaps = (times: readonly number[]): number[] => times.slice(1).map((time, index) => time - times[index]);

/** Variance over mean of the counts per window: 1 for Poisson arrivals, more for bursts. */
function dispersion(times: readonly number[], windowNs: number): number {
  const counts = new Array<number>(Math.floor(times[times.length - 1] / windowNs)).fill(0);
  for (const time of times) {
    const window = Math.floor(time / windowNs);
    if (window < counts.length) counts[window]++;
  }
  return squaredVariation(counts) * mean(counts);
}

describe('Poisson arrivals', () => {
  const times = take(new PoissonArrivals(new RandomStreams('7').stream('arrivals'), 400), 100_000);

  it('are whole nanoseconds in ascending order', () => {
    expect(times.every((time) => Number.isInteger(time))).toBe(true);
    expect(gaps(times).every((gap) => gap >= 0)).toBe(true);
  });

  it('come at their rate, with the variation of exponential times', () => {
    // Standard error of both: 1 / sqrt(100,000) = 0.3 %, of the variation 3 times as much.
    expect(mean(gaps(times)) / (NS_PER_S / 400)).toBeCloseTo(1, 2);
    expect(Math.abs(squaredVariation(gaps(times)) - 1)).toBeLessThan(0.04);
    expect(Math.abs(dispersion(times, NS_PER_S) - 1)).toBeLessThan(0.4);
  });
});

describe('bursty arrivals', () => {
  const options: MmppOptions = {
    kind: 'mmpp',
    quietPerSecond: 100,
    burstPerSecond: 2_000,
    quietNs: 300 * NS_PER_MS,
    burstNs: 100 * NS_PER_MS,
  };
  const bursty = (changes: Partial<MmppOptions>, seed = '7'): MmppArrivals => {
    const streams = new RandomStreams(seed);
    return new MmppArrivals(streams.stream('arrivals'), streams.stream('stays'), { ...options, ...changes });
  };

  it('come at the mean of the two rates, weighted with the stays', () => {
    const times = take(bursty({}), 200_000);
    const expected = (100 * 300 + 2_000 * 100) / 400;
    // About 870 cycles, each with a variation near 1: standard error 4 %.
    expect(200_000 / (times[times.length - 1] / NS_PER_S) / expected).toBeGreaterThan(0.88);
    expect(200_000 / (times[times.length - 1] / NS_PER_S) / expected).toBeLessThan(1.12);
  });

  it('are far more uneven than Poisson arrivals', () => {
    expect(dispersion(take(bursty({}), 50_000), 100 * NS_PER_MS)).toBeGreaterThan(20);
  });

  it('are Poisson arrivals when the two rates are equal', () => {
    const times = take(bursty({ quietPerSecond: 400, burstPerSecond: 400 }), 100_000);
    expect(mean(gaps(times)) / (NS_PER_S / 400)).toBeCloseTo(1, 2);
    expect(Math.abs(squaredVariation(gaps(times)) - 1)).toBeLessThan(0.04);
  });

  it('are silent in a state of rate zero', () => {
    const times = take(bursty({ quietPerSecond: 0, burstPerSecond: 1_000 }), 20_000);
    const long = gaps(times).filter((gap) => gap > 20 * NS_PER_MS);
    // With 1,000 arrivals per second such gaps are silences; a silence lasts 300 ms in the mean.
    expect(mean(long) / (300 * NS_PER_MS)).toBeGreaterThan(0.8);
    expect(mean(long) / (300 * NS_PER_MS)).toBeLessThan(1.25);
  });

  it('begin in a burst as often as bursts are found', () => {
    const starts = Array.from({ length: 2_000 }, (_, seed) =>
      bursty({ quietPerSecond: 0 }, `start ${seed}`).next(0),
    );
    const inBurst = starts.filter((time) => time < 5 * NS_PER_MS).length;
    // A quarter of them; a silence rarely ends within 5 ms.
    expect(inBurst / starts.length).toBeGreaterThan(0.22);
    expect(inBurst / starts.length).toBeLessThan(0.3);
  });
});
