import { normalCdf } from './distributions.ts';
import { CONFIDENCE, type Estimate, meanInterval, studentFactor } from './intervals.ts';
import { mean } from './moments.ts';

/** Averages of each `size` consecutive values; what is left at the end is left out. */
export function batchAverages(values: readonly number[], size: number): number[] {
  const count = Math.floor(values.length / size);
  return Array.from({ length: count }, (_, batch) => mean(values.slice(batch * size, (batch + 1) * size)));
}

/** More of them gain little (Schmeiser, Operations Research 30, 1982). */
export const BATCHES = 30;

/**
 * Mean of one long run whose values depend on each other: averages of long batches are nearly independent. `lag1` is their
 * correlation with the next one; where it is far from zero the batches, and so the run, are too short.
 */
export function batchMeans(
  values: readonly number[],
  confidence = CONFIDENCE,
  batches = BATCHES,
): Estimate & { readonly lag1: number } {
  const averages = batchAverages(values, Math.floor(values.length / batches)).slice(0, batches);
  return { ...meanInterval(averages, confidence), lag1: lagOne(averages) };
}

/** What batches say of a ratio, and how much they depend on each other. */
export interface BatchedRatio extends Estimate {
  /** Correlation of a batch with the next one. */
  readonly lag1: number;
  /** Probability of neighbours at least as alike when batches are independent. */
  readonly p: number;
}

/**
 * Ratio of two sums over a long run, such as waits and requests, or busy time and time, from their parts in each batch. The
 * estimate is the ratio of the whole run, whatever the batches are; its interval is that of the batches' deviations from it
 * (ratio estimator: Law, Simulation Modeling and Analysis, 9.5.3). Independence is tested by von Neumann's ratio, of which
 * long runs of like batches make less than there would be by chance (Fishman, Management Science 24, 1978).
 */
export function batchRatio(
  numerators: readonly number[],
  denominators: readonly number[],
  confidence = CONFIDENCE,
): BatchedRatio {
  const count = numerators.length;
  const under = sumOf(denominators);
  const value = sumOf(numerators) / under;
  const deviations = numerators.map((part, batch) => ((part - value * denominators[batch]) * count) / under);
  const squares = deviations.reduce((sum, deviation) => sum + deviation * deviation, 0);
  const halfWidth = studentFactor(count, confidence) * Math.sqrt(squares / (count - 1) / count);
  const interval = { value, low: value - halfWidth, high: value + halfWidth };
  if (squares === 0) return { ...interval, lag1: 0, p: 1 };
  const lag1 = lagOne(deviations);
  const first = deviations[0];
  const last = deviations[count - 1];
  const likeness = lag1 + (first * first + last * last) / (2 * squares);
  const deviation = Math.sqrt((count - 2) / (count * count - 1));
  return { ...interval, lag1, p: count > 2 ? 1 - normalCdf(likeness / deviation) : Number.NaN };
}

const sumOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);

function lagOne(values: readonly number[]): number {
  const centre = mean(values);
  let products = 0;
  let squares = 0;
  values.forEach((value, at) => {
    squares += (value - centre) * (value - centre);
    if (at > 0) products += (value - centre) * (values[at - 1] - centre);
  });
  return squares === 0 ? 0 : products / squares;
}
