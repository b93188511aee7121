import { meanInterval } from '../statistics/intervals.ts';

/** A figure over the repetitions of a run: its mean, and where the true mean lies with 95 % confidence. */
export interface Estimate {
  readonly mean: number;
  /** Equal to the mean where there is one repetition. */
  readonly low: number;
  readonly high: number;
  readonly repetitions: number;
}

/** Null where no repetition has a value. */
export function estimate(values: readonly number[]): Estimate | null {
  const repetitions = values.length;
  if (repetitions === 0) return null;
  const { value: mean, low, high } = meanInterval(values);
  return repetitions === 1 ? { mean, low: mean, high: mean, repetitions } : { mean, low, high, repetitions };
}
