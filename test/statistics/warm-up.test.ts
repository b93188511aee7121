import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mserCut } from '../../src/statistics/warm-up.ts';

/** The statistic of MSER as it is printed: squares around the mean of what remains, over the square of its number. */
function statisticOf(batches: readonly number[], cut: number): number {
  const rest = batches.slice(cut);
  const mean = rest.reduce((sum, value) => sum + value, 0) / rest.length;
  return rest.reduce((sum, value) => sum + (value - mean) * (value - mean), 0) / (rest.length * rest.length);
}

const series = fc.array(fc.double({ min: 0, max: 1e9, noNaN: true }), { minLength: 1, maxLength: 60 });

describe('the truncation point of MSER', () => {
  it('is the best of all in the first half, tried one by one', () => {
    fc.assert(
      fc.property(series, (batches) => {
        const half = Math.floor(batches.length / 2);
        const all = Array.from({ length: half + 1 }, (_, cut) => statisticOf(batches, cut));
        const found = mserCut(batches, batches.length) ?? half;
        const least = Math.min(...all);
        expect(all[found]).toBeLessThanOrEqual(least + 1e-9 * Math.max(1, all[0]));
      }),
    );
  });

  it('is the earliest of equally good ones, and looks at as many batches as there are', () => {
    expect(mserCut([7, 7, 7, 7], 4)).toBe(0);
    expect(mserCut([90, 1, 1, 1, 1, 1, 500], 6)).toBe(1);
    expect(mserCut([90, 80, 70, 60], 4)).toBeNull();
    expect(mserCut([], 0)).toBeNull();
  });
});
