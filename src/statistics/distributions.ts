import { incompleteBeta, incompleteGamma } from './special-functions.ts';

/*
 * Distribution functions by their relation to the incomplete beta and gamma functions (Abramowitz and Stegun 26.2, 26.4,
 * 26.6, 26.7), and quantiles by halving: slower than rational approximations, and right to the last digits everywhere.
 */

/** P(Z ≤ z) of the standard normal distribution. */
export function normalCdf(z: number): number {
  const tail = 0.5 * (1 - incompleteGamma(0.5, (z * z) / 2));
  return z < 0 ? tail : 1 - tail;
}

export const normalQuantile = (p: number): number => symmetricQuantile(p, normalCdf);

/** P(T ≤ t) of Student's distribution; degrees of freedom need not be whole. */
export function studentCdf(t: number, freedom: number): number {
  const tail = studentTail(t, freedom);
  return t < 0 ? tail : 1 - tail;
}

/** P(|T| ≥ |t|), exact to the last digits where it is small: for p-values. */
export const studentTwoSided = (t: number, freedom: number): number => 2 * studentTail(t, freedom);

const studentTail = (t: number, freedom: number): number =>
  0.5 * incompleteBeta(freedom / (freedom + t * t), freedom / 2, 0.5);

export const studentQuantile = (p: number, freedom: number): number =>
  symmetricQuantile(p, (t) => studentCdf(t, freedom));

export const chiSquareCdf = (x: number, freedom: number): number => incompleteGamma(freedom / 2, x / 2);

export const chiSquareQuantile = (p: number, freedom: number): number =>
  positiveQuantile(p, (x) => chiSquareCdf(x, freedom));

export const fCdf = (x: number, numerator: number, denominator: number): number =>
  x <= 0
    ? 0
    : incompleteBeta((numerator * x) / (numerator * x + denominator), numerator / 2, denominator / 2);

export const fQuantile = (p: number, numerator: number, denominator: number): number =>
  positiveQuantile(p, (x) => fCdf(x, numerator, denominator));

/** Quantile of the beta distribution, between 0 and 1. */
export const betaQuantile = (p: number, a: number, b: number): number =>
  bisect(0, 1, p, (x) => incompleteBeta(x, a, b));

function symmetricQuantile(p: number, cdf: (x: number) => number): number {
  if (p === 0.5) return 0;
  // The lower half has the digits: there p is not the difference from one.
  return p < 0.5 ? -positiveQuantile(1 - p, (x) => 1 - cdf(-x)) : positiveQuantile(p, cdf);
}

function positiveQuantile(p: number, cdf: (x: number) => number): number {
  if (p <= 0) return 0;
  if (p >= 1) return Number.POSITIVE_INFINITY;
  let high = 1;
  while (cdf(high) < p) high *= 2;
  return bisect(0, high, p, cdf);
}

/** Halvings after which neighbouring numbers are reached. */
const HALVINGS = 200;

function bisect(from: number, to: number, p: number, cdf: (x: number) => number): number {
  let low = from;
  let high = to;
  for (let turn = 0; turn < HALVINGS; turn++) {
    const middle = (low + high) / 2;
    if (middle === low || middle === high) return middle;
    if (cdf(middle) < p) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
