import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exponential, RandomStreams } from '../../src/kernel/random.ts';
import { holm } from '../../src/statistics/holm.ts';
import {
  independentDifference,
  meanInterval,
  pairedDifference,
  pairedRatio,
} from '../../src/statistics/intervals.ts';
import { mean } from '../../src/statistics/moments.ts';
import { clopperPearson, wilson } from '../../src/statistics/proportions.ts';
import { repetitionsNeeded } from '../../src/statistics/repetitions-needed.ts';

const finite = fc.double({ min: -1e6, max: 1e6, noNaN: true });
const positive = fc.double({ min: 1, max: 1e6, noNaN: true });

describe('the interval of a mean', () => {
  it("is that of Student's own example: additional hours of sleep (Biometrika 1908)", () => {
    const first = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0, 2];
    const second = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4];
    const { value, low, high, p } = pairedDifference(first, second);
    expect(value).toBeCloseTo(1.58, 10);
    expect(low).toBeCloseTo(0.7001, 4);
    expect(high).toBeCloseTo(2.4599, 4);
    expect(p).toBeCloseTo(0.002833, 6);
    const welch = independentDifference(first, second);
    expect(welch.low).toBeCloseTo(-0.2055, 4);
    expect(welch.high).toBeCloseTo(3.3655, 4);
    expect(welch.p).toBeCloseTo(0.07939, 5);
  });

  it('says of one value that it knows no spread', () => {
    expect(meanInterval([5])).toEqual({ value: 5, low: Number.NaN, high: Number.NaN });
    expect(pairedDifference([5], [6]).p).toBeNaN();
  });

  it('is certain of differences without spread', () => {
    expect(pairedDifference([1, 2, 3], [43, 44, 45])).toEqual({ value: 42, low: 42, high: 42, p: 0 });
    expect(pairedDifference([1, 2, 3], [1, 2, 3]).p).toBe(1);
  });

  it('holds the true mean in 95 of 100 cases', () => {
    const random = new RandomStreams('coverage').stream('values');
    const trials = 2000;
    let held = 0;
    for (let trial = 0; trial < trials; trial++) {
      // Sums of twelve uniforms are as good as normal.
      const values = Array.from({ length: 8 }, () => {
        let sum = 0;
        for (let term = 0; term < 12; term++) sum += random.uniform();
        return sum;
      });
      const { low, high } = meanInterval(values);
      if (low <= 6 && 6 <= high) held++;
    }
    const { low, high } = clopperPearson(held, trials, 0.999);
    expect(low).toBeLessThan(0.95);
    expect(high).toBeGreaterThan(0.95);
  });
});

describe('the ratio of two means', () => {
  it('excludes one exactly where the difference excludes zero', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(positive, positive), { minLength: 3, maxLength: 20 }), (pairs) => {
        const reference = pairs.map(([left]) => left);
        const other = pairs.map(([, right]) => right);
        const ratio = pairedRatio(reference, other);
        if (ratio === null) return;
        const { low, high } = pairedDifference(reference, other);
        // Both say the same test of equal means; rounding may decide at the very edge.
        if (Math.abs(low) < 1e-6 * Math.abs(high) || Math.abs(high) < 1e-6 * Math.abs(low)) return;
        expect(ratio.low > 1 || ratio.high < 1).toBe(low > 0 || high < 0);
      }),
    );
  });

  it('is free of the unit', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(positive, positive), { minLength: 3, maxLength: 10 }),
        fc.double({ min: 0.01, max: 100, noNaN: true }),
        (pairs, unit) => {
          const one = pairedRatio(
            pairs.map(([left]) => left),
            pairs.map(([, right]) => right),
          );
          const other = pairedRatio(
            pairs.map(([left]) => left * unit),
            pairs.map(([, right]) => right * unit),
          );
          expect(other === null).toBe(one === null);
          if (one !== null && other !== null) expect(other.high / one.high).toBeCloseTo(1, 6);
        },
      ),
    );
  });

  it('does not exist over a reference that may be zero', () => {
    expect(pairedRatio([-1, 0, 1], [1, 2, 3])).toBeNull();
    expect(pairedRatio([0, 0], [1, 2])).toBeNull();
  });
});

describe('proportions', () => {
  it('are those of the literature', () => {
    // Newcombe, Statistics in Medicine 17 (1998), table I: 81 of 263, and 0 of 20.
    const score = wilson(81, 263);
    expect(score.low).toBeCloseTo(0.2553, 4);
    expect(score.high).toBeCloseTo(0.3662, 4);
    const exact = clopperPearson(81, 263);
    expect(exact.low).toBeCloseTo(0.2527, 4);
    expect(exact.high).toBeCloseTo(0.3676, 4);
    expect(wilson(0, 20).high).toBeCloseTo(0.1611, 4);
    expect(clopperPearson(0, 20)).toMatchObject({ low: 0, high: expect.closeTo(0.1684, 4) });
    expect(clopperPearson(20, 20).high).toBe(1);
  });
});

describe("Holm's correction", () => {
  it('is the one of a worked example', () => {
    expect(holm([0.01, 0.04, 0.03, 0.005]).map((p) => Number(p.toFixed(10)))).toEqual([
      0.03, 0.06, 0.06, 0.02,
    ]);
  });

  it('never makes a value smaller, nor changes which is smallest, and stays below Bonferroni', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 20 }),
        (values) => {
          const adjusted = holm(values);
          values.forEach((value, at) => {
            expect(adjusted[at]).toBeGreaterThanOrEqual(value);
            expect(adjusted[at]).toBeLessThanOrEqual(Math.min(1, value * values.length) + 1e-15);
          });
          values.forEach((left, one) => {
            values.forEach((right, two) => {
              if (left < right) expect(adjusted[one]).toBeLessThanOrEqual(adjusted[two]);
            });
          });
        },
      ),
    );
  });
});

describe('the number of repetitions', () => {
  it('is enough for the precision, and one step fewer is not', () => {
    const random = new RandomStreams('needed').stream('values');
    const values = Array.from({ length: 10 }, () => exponential(random.uniform(), 100));
    const needed = repetitionsNeeded(values, 0.05);
    expect(needed).toBeGreaterThan(100);
    // The normal quantile gives the order of magnitude: (1.96·s / (γ'·mean))².
    const centre = mean(values);
    const squares = values.reduce((sum, value) => sum + (value - centre) * (value - centre), 0) / 9;
    const gamma = 0.05 / 1.05;
    const expected = (1.96 * 1.96 * squares) / (gamma * gamma * centre * centre);
    expect(needed / expected).toBeGreaterThan(0.99);
    expect(needed / expected).toBeLessThan(1.05);
  });

  it('is what there is when nothing varies', () => {
    expect(repetitionsNeeded([3, 3], 0.01)).toBe(2);
  });
});

it('a mean lies in its interval', () => {
  fc.assert(
    fc.property(fc.array(finite, { minLength: 2, maxLength: 30 }), (values) => {
      const { value, low, high } = meanInterval(values);
      expect(low).toBeLessThanOrEqual(value);
      expect(high).toBeGreaterThanOrEqual(value);
    }),
  );
});
