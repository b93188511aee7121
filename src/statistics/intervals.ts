import { studentQuantile, studentTwoSided } from './distributions.ts';
import { covariance, mean, standardError, variance } from './moments.ts';

/** An estimate with its confidence interval; limits are NaN where one value tells no spread. */
export interface Estimate {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** Confidence of every interval unless something else is asked for. */
export const CONFIDENCE = 0.95;

/** Mean of independent values by Student's distribution (Law, Simulation Modeling and Analysis, 4.5). */
export function meanInterval(values: readonly number[], confidence = CONFIDENCE): Estimate {
  const value = mean(values);
  const halfWidth = studentFactor(values.length, confidence) * standardError(values);
  return { value, low: value - halfWidth, high: value + halfWidth };
}

/** Two-sided quantile of Student's distribution for the mean of so many values; NaN for one value. */
export const studentFactor = (count: number, confidence = CONFIDENCE): number =>
  count < 2 ? Number.NaN : studentQuantile((1 + confidence) / 2, count - 1);

/** A difference of two means, with the probability of one at least as large when there is none. */
export interface Difference extends Estimate {
  /** Two-sided; NaN for a single pair. */
  readonly p: number;
}

/**
 * Mean of `other − reference` over pairs that belong together: with common random numbers the pairs are correlated, and
 * their differences spread less than the values (Law, 10.2.1). Differences without any spread are certain.
 */
export function pairedDifference(
  reference: readonly number[],
  other: readonly number[],
  confidence = CONFIDENCE,
): Difference {
  const differences = reference.map((value, at) => other[at] - value);
  const interval = meanInterval(differences, confidence);
  const error = standardError(differences);
  return { ...interval, p: pValue(interval.value, error, differences.length - 1) };
}

/** Means of independent values with variances of their own, by Welch's approximation of the degrees of freedom (1947). */
export function independentDifference(
  reference: readonly number[],
  other: readonly number[],
  confidence = CONFIDENCE,
): Difference {
  const value = mean(other) - mean(reference);
  const left = variance(reference) / reference.length;
  const right = variance(other) / other.length;
  const error = Math.sqrt(left + right);
  const freedom =
    ((left + right) * (left + right)) /
    ((left * left) / (reference.length - 1) + (right * right) / (other.length - 1));
  const halfWidth = error === 0 ? 0 : studentQuantile((1 + confidence) / 2, freedom) * error;
  return { value, low: value - halfWidth, high: value + halfWidth, p: pValue(value, error, freedom) };
}

function pValue(value: number, error: number, freedom: number): number {
  if (Number.isNaN(error)) return Number.NaN;
  if (error === 0) return value === 0 ? 1 : 0;
  return studentTwoSided(value / error, freedom);
}

/**
 * Ratio of two means of pairs, `other / reference`, by Fieller's theorem (1954). It needs no positive values and is about
 * the means, not about the mean of ratios. Null where the reference's mean cannot be told from zero: the interval would
 * have no end.
 */
export function pairedRatio(
  reference: readonly number[],
  other: readonly number[],
  confidence = CONFIDENCE,
): Estimate | null {
  const count = reference.length;
  const base = mean(reference);
  if (base === 0) return null;
  const value = mean(other) / base;
  if (count < 2) return { value, low: Number.NaN, high: Number.NaN };
  const factor = studentFactor(count, confidence);
  const scale = (factor * factor) / count;
  // Roots of (other − ρ·reference)² = t²·Var(other − ρ·reference), a quadratic in ρ.
  const square = base * base - scale * variance(reference);
  if (square <= 0) return null;
  const middle = base * mean(other) - scale * covariance(reference, other);
  const constant = mean(other) * mean(other) - scale * variance(other);
  const root = Math.sqrt(Math.max(0, middle * middle - square * constant));
  return { value, low: (middle - root) / square, high: (middle + root) / square };
}
