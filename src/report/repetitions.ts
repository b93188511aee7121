/** A figure over the repetitions of a run: its mean, and where the true mean lies with 95 % confidence. */
export interface Estimate {
  readonly mean: number;
  /** Equal to the mean where there is one repetition. */
  readonly low: number;
  readonly high: number;
  readonly repetitions: number;
}

/** 97.5th percentiles of Student's t by degrees of freedom from 1; beyond the last, the normal distribution's. */
const STUDENT = [
  12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.16, 2.145, 2.131,
  2.12, 2.11, 2.101, 2.093, 2.086, 2.08, 2.074, 2.069, 2.064, 2.06, 2.056, 2.052, 2.048, 2.045, 2.042,
];
const NORMAL = 1.96;

/** Null where no repetition has a value. */
export function estimate(values: readonly number[]): Estimate | null {
  const repetitions = values.length;
  if (repetitions === 0) return null;
  const mean = values.reduce((sum, value) => sum + value, 0) / repetitions;
  if (repetitions === 1) return { mean, low: mean, high: mean, repetitions };
  const variance =
    values.reduce((sum, value) => sum + (value - mean) * (value - mean), 0) / (repetitions - 1);
  const half = (STUDENT[repetitions - 2] ?? NORMAL) * Math.sqrt(variance / repetitions);
  return { mean, low: mean - half, high: mean + half, repetitions };
}
