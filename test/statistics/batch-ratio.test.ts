import { describe, expect, it } from 'vitest';
import { exponential, RandomStreams } from '../../src/kernel/random.ts';
import { batchRatio } from '../../src/statistics/batch-means.ts';

/** Two-sided 95 % quantile of Student's t with 29 degrees of freedom, as tables print it. */
const STUDENT = 2.045;

const random = new RandomStreams('batches').stream('values');
const uniform = (): number => random.uniform();

describe('batch means as a ratio', () => {
  it('are plain batch means where batches have equal denominators', () => {
    const values = Array.from({ length: 30 }, uniform);
    const { value, low, high, lag1 } = batchRatio(values, new Array(30).fill(1));
    const mean = values.reduce((sum, one) => sum + one, 0) / 30;
    const squares = values.reduce((sum, one) => sum + (one - mean) * (one - mean), 0);
    expect(value).toBeCloseTo(mean, 12);
    expect(high - low).toBeCloseTo(2 * STUDENT * Math.sqrt(squares / 29 / 30), 3);
    const products = values.slice(1).reduce((sum, one, at) => sum + (one - mean) * (values[at] - mean), 0);
    expect(lag1).toBeCloseTo(products / squares, 10);
  });

  it('have the ratio of the whole run, and are certain where nothing varies', () => {
    expect(batchRatio([2, 9], [1, 3]).value).toBe(11 / 4);
    const { value, low, high, lag1, p } = batchRatio([200_000 * 3, 200_000 * 7, 200_000], [3, 7, 1]);
    expect({ value, low, high, lag1, p }).toEqual({
      value: 200_000,
      low: 200_000,
      high: 200_000,
      lag1: 0,
      p: 1,
    });
  });

  it('hold the true ratio about as often as they promise', () => {
    let held = 0;
    for (let turn = 0; turn < 1000; turn++) {
      const counts = Array.from({ length: 30 }, () => 50 + Math.floor(uniform() * 50));
      const sums = counts.map((count) => {
        let sum = 0;
        for (let at = 0; at < count; at++) sum += exponential(uniform(), 1_000_000) / 1e6;
        return sum;
      });
      const { low, high } = batchRatio(sums, counts);
      if (low <= 1 && high >= 1) held++;
    }
    // 99.9 % of binomial counts of 1000 with 0.95 lie here.
    expect(held).toBeGreaterThan(925);
    expect(held).toBeLessThan(973);
  });
});

describe('the test of independence', () => {
  const shareRejected = (dependence: number): number => {
    let rejected = 0;
    for (let turn = 0; turn < 1000; turn++) {
      let value = 0;
      const values = Array.from({ length: 30 }, () => {
        value = dependence * value + uniform() - 0.5;
        return value + 10;
      });
      if (batchRatio(values, new Array(30).fill(1)).p < 0.05) rejected++;
    }
    return rejected / 1000;
  };

  it('calls five in a hundred independent series correlated, and nearly all that are', () => {
    expect(shareRejected(0)).toBeGreaterThan(0.03);
    expect(shareRejected(0)).toBeLessThan(0.075);
    expect(shareRejected(0.7)).toBeGreaterThan(0.9);
    expect(shareRejected(-0.5)).toBeLessThan(0.01);
  });
});
