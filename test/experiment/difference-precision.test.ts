import { describe, expect, it } from 'vitest';
import { judgePrecision, nextPairs } from '../../src/experiment/difference-precision.ts';
import type { RunMetrics } from '../../src/experiment/run-metrics.ts';

const METRIC = 'io.response.mean';
const wanted = (relative: number) => [{ metric: METRIC, phase: '', relative }];
const side = (...values: number[]): RunMetrics[] => values.map((value) => ({ '': { [METRIC]: value } }));

/** Values that swing widely, and the same a little later: their differences hardly swing. */
const REFERENCE = side(100, 200, 50, 150, 100);
const OTHER = side(111, 209, 61, 159, 110);

describe('the precision of a difference', () => {
  it('looks at pairs, not at how much the sides swing', () => {
    // Differences 11, 9, 11, 9, 10: mean 10, s = 1, t(4) = 2.776, half width 1.242 of a mean of 120: 1.03 %.
    const { reached, pairs, fails } = judgePrecision(REFERENCE, OTHER, wanted(0.02)[0]);
    expect(reached).toBeCloseTo((2.776 * (1 / Math.sqrt(5))) / 120, 5);
    expect({ pairs, fails }).toEqual({ pairs: 5, fails: false });
    expect(nextPairs([REFERENCE, OTHER], wanted(0.02), 100)).toBe(5);
  });

  it('asks for so many more that the interval will be narrow enough, in steps, and not for too many', () => {
    // 0.5 % of 120 is 0.6: t(n − 1) / √n must come below that, which it does for n = 14.
    expect(nextPairs([REFERENCE, OTHER], wanted(0.005), 100)).toBe(14);
    expect(nextPairs([REFERENCE, OTHER], wanted(0.001), 100)).toBe(20);
    expect(nextPairs([REFERENCE, OTHER], wanted(0.001), 17)).toBe(17);
  });

  it('takes the side that is known worst', () => {
    const wild = side(300, 20, 90, 10, 400);
    expect(nextPairs([REFERENCE, OTHER, wild], wanted(0.02), 100)).toBe(20);
  });

  it('is there at once where sides are equal, and never where one is not measured', () => {
    expect(nextPairs([REFERENCE, REFERENCE], wanted(0.0001), 100)).toBe(5);
    const unmeasured: RunMetrics[] = REFERENCE.map(() => ({ '': {} }));
    expect(nextPairs([REFERENCE, unmeasured], wanted(0.5), 100)).toBe(20);
    expect(judgePrecision(REFERENCE, unmeasured, wanted(0.5)[0])).toMatchObject({ pairs: 0, fails: true });
  });
});
