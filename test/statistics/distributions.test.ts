import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import {
  betaQuantile,
  chiSquareQuantile,
  fCdf,
  fQuantile,
  normalCdf,
  normalQuantile,
  studentCdf,
  studentQuantile,
  studentTwoSided,
} from '../../src/statistics/distributions.ts';
import { logGamma } from '../../src/statistics/special-functions.ts';

/** Tables as they stand in textbooks (NIST/SEMATECH e-Handbook of Statistical Methods, 1.3.6.7). */
describe('quantiles are those of the tables', () => {
  test.each([
    [0.9, 1.2816],
    [0.95, 1.6449],
    [0.975, 1.96],
    [0.99, 2.3263],
    [0.995, 2.5758],
    [0.9995, 3.2905],
  ])('normal %d: %d', (p, z) => expect(normalQuantile(p)).toBeCloseTo(z, 4));

  test.each([
    [0.975, 1, 12.706],
    [0.975, 2, 4.303],
    [0.975, 4, 2.776],
    [0.975, 9, 2.262],
    [0.975, 29, 2.045],
    [0.975, 100, 1.984],
    [0.95, 5, 2.015],
    [0.99, 10, 2.764],
    [0.9995, 29, 3.659],
  ])('Student %d, %d degrees of freedom: %d', (p, freedom, t) =>
    expect(studentQuantile(p, freedom)).toBeCloseTo(t, 3),
  );

  test.each([
    [0.95, 1, 3.841],
    [0.95, 10, 18.307],
    [0.99, 10, 23.209],
    [0.025, 20, 9.591],
    [0.975, 30, 46.979],
    [0.95, 100, 124.342],
  ])('chi-square %d, %d: %d', (p, freedom, x) => expect(chiSquareQuantile(p, freedom)).toBeCloseTo(x, 3));

  test.each([
    [0.95, 1, 10, 4.965],
    [0.95, 5, 10, 3.326],
    [0.95, 10, 20, 2.348],
    [0.99, 3, 12, 5.953],
  ])('F %d, %d over %d: %d', (p, numerator, denominator, x) =>
    expect(fQuantile(p, numerator, denominator)).toBeCloseTo(x, 3),
  );
});

describe('distribution functions', () => {
  it('have the closed forms that some have', () => {
    // Student with one degree of freedom is Cauchy's; F with two over two is x / (1 + x); beta with b = 1 is a power.
    for (const t of [-7, -1, -0.1, 0, 0.5, 3, 40]) {
      expect(studentCdf(t, 1)).toBeCloseTo(0.5 + Math.atan(t) / Math.PI, 12);
      expect(studentCdf(t, 2)).toBeCloseTo(0.5 + t / (2 * Math.sqrt(2 + t * t)), 12);
    }
    expect(fCdf(3, 2, 2)).toBeCloseTo(0.75, 12);
    expect(betaQuantile(0.25, 2, 1)).toBeCloseTo(0.5, 12);
    expect(normalCdf(0)).toBe(0.5);
  });

  it('log-gamma is that of factorials and of one half', () => {
    expect(logGamma(11)).toBeCloseTo(Math.log(3_628_800), 12);
    expect(logGamma(0.5)).toBeCloseTo(Math.log(Math.PI) / 2, 12);
  });

  it('keep their digits far out', () => {
    // 2·(1 − Φ) at 8 standard deviations, by the asymptotic expansion (A&S 26.2.12).
    expect(studentTwoSided(1000, 1)).toBeCloseTo(6.366e-4, 7);
    expect(studentTwoSided(50, 9) / 2.4e-12).toBeGreaterThan(0.5);
    expect(studentTwoSided(50, 9) / 2.4e-12).toBeLessThan(2);
  });

  it('are undone by quantiles', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.001, max: 0.999, noNaN: true }),
        fc.double({ min: 0.5, max: 200, noNaN: true }),
        (p, freedom) => {
          expect(studentCdf(studentQuantile(p, freedom), freedom)).toBeCloseTo(p, 9);
          expect(normalCdf(normalQuantile(p))).toBeCloseTo(p, 9);
        },
      ),
      { numRuns: 50 },
    );
  });
});
