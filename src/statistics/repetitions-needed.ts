import { CONFIDENCE, studentFactor } from './intervals.ts';
import { mean, variance } from './moments.ts';

/** Repetitions beyond which nobody waits. */
const LIMIT = 1_000_000;

/**
 * Repetitions, those made included, after which the mean is expected to be known to `relative` of itself (0.02: 2 %): the
 * two-stage rule of Law, Simulation Modeling and Analysis, 9.4.1, which takes the variance of those made for that of all.
 * The half width is held against γ/(1 + γ) of the estimate, since the error is wanted relative to the true mean. A variance
 * of a few values is uncertain, so whoever makes that many must ask again.
 */
export const repetitionsNeeded = (
  values: readonly number[],
  relative: number,
  confidence = CONFIDENCE,
): number => repetitionsFor(values, (relative / (1 + relative)) * Math.abs(mean(values)), confidence);

/** Repetitions, those made included, after which the interval of the mean is expected to have the half width wanted. */
export function repetitionsFor(values: readonly number[], wanted: number, confidence = CONFIDENCE): number {
  const spread = variance(values);
  if (spread === 0) return values.length;
  if (!(wanted > 0)) return LIMIT;
  for (let count = values.length; count < LIMIT; count = next(count)) {
    if (studentFactor(count, confidence) * Math.sqrt(spread / count) <= wanted) return count;
  }
  return LIMIT;
}

/** Steps of at most one percent: Student's quantile is dear, and nobody minds one repetition in a hundred. */
const next = (count: number): number => count + Math.max(1, Math.floor(count / 100));
