import { describe, expect, it } from 'vitest';
import { exponential, RandomStreams } from '../../src/kernel/random.ts';
import { batchMeans } from '../../src/statistics/batch-means.ts';
import { erlangB, repairman, responseMG1, responseMM1, responseMMc } from '../../src/statistics/queueing.ts';
import { warmUpLength } from '../../src/statistics/warm-up.ts';
import * as oracle from '../acceptance/queueing-formulas.ts';

/** Waiting times of an M/M/1 queue by Lindley's recursion: they depend on each other. */
function waits(count: number, load: number): number[] {
  const random = new RandomStreams('series').stream('queue');
  const values: number[] = [];
  let wait = 0;
  for (let customer = 0; customer < count; customer++) {
    values.push(wait);
    wait = Math.max(
      0,
      wait + exponential(random.uniform(), load * 1e6) / 1e6 - exponential(random.uniform(), 1e6) / 1e6,
    );
  }
  return values;
}

describe('one long run', () => {
  it('is known by batch means, which hold the exact mean', () => {
    const { low, high, lag1 } = batchMeans(waits(200_000, 0.5), 0.999);
    // M/M/1 with service 0.5 and gaps of 1: ρ·s / (1 − ρ).
    expect(low).toBeLessThan(0.5);
    expect(high).toBeGreaterThan(0.5);
    expect(Math.abs(lag1)).toBeLessThan(0.5);
  });
});

describe('the warm-up', () => {
  const random = new RandomStreams('series').stream('noise');
  const noise = Array.from({ length: 1000 }, () => random.uniform() - 0.5);

  it('ends about where a transient ends', () => {
    const values = noise.map((value, at) => value + (at < 200 ? 20 - at / 10 : 0));
    const length = warmUpLength(values);
    expect(length).toBeGreaterThanOrEqual(150);
    expect(length).toBeLessThanOrEqual(400);
  });

  it('is nothing, or little, where there is none', () => {
    expect(warmUpLength(noise)).toBeLessThan(200);
    expect(warmUpLength(new Array(100).fill(7))).toBe(0);
  });

  it('is unknown where the transient does not end', () => {
    expect(warmUpLength(Array.from({ length: 100 }, (_, at) => at))).toBeNull();
    expect(warmUpLength([1, 2, 3])).toBeNull();
  });
});

describe('queueing theory', () => {
  it('agrees with other derivations of the same results', () => {
    expect(responseMM1(0.5, 1)).toBeCloseTo(2, 12);
    for (const servers of [1, 2, 8, 30]) {
      expect(responseMMc(servers, 0.7 * servers, 1)).toBeCloseTo(
        oracle.responseMMc(servers, 0.7 * servers, 1),
        10,
      );
    }
    expect(responseMG1(0.6, 1, 1)).toBeCloseTo(responseMM1(0.6, 1), 12);
    expect(responseMG1(0.6, 1, 0)).toBeCloseTo(1 + oracle.waitMG1(0.6, 1, 1), 12);
    const exact = oracle.repairman(12, 1, 5, 1);
    expect(repairman(12, 5, 1).throughput).toBeCloseTo(exact.throughput, 10);
    expect(repairman(12, 5, 1).response).toBeCloseTo(exact.response, 10);
    expect(erlangB(10, 5)).toBeCloseTo(0.0184, 4);
    expect(responseMMc(2, 2, 1)).toBe(Number.POSITIVE_INFINITY);
  });
});
