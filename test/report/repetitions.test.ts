import { describe, expect, it } from 'vitest';
import { estimate } from '../../src/report/repetitions.ts';

describe('a figure over repetitions', () => {
  it('is nothing without a value, and certain with one', () => {
    expect(estimate([])).toBeNull();
    expect(estimate([7])).toEqual({ mean: 7, low: 7, high: 7, repetitions: 1 });
  });

  it('has the interval of Student for few repetitions', () => {
    // Mean 2, standard deviation 1, three values: 4.303 / √3.
    const { mean, low, high } = estimate([1, 2, 3])!;
    expect(mean).toBe(2);
    expect(high - mean).toBeCloseTo(2.4843, 3);
    expect(mean - low).toBeCloseTo(2.4843, 3);
  });
});
