/** Mean, NaN of nothing. */
export function mean(values: readonly number[]): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}

/** Unbiased variance (divisor n − 1), in two passes so that a large mean costs no digits; NaN of fewer than two values. */
export function variance(values: readonly number[]): number {
  return covariance(values, values);
}

/** Unbiased covariance of values that belong together by position. */
export function covariance(left: readonly number[], right: readonly number[]): number {
  if (left.length < 2) return Number.NaN;
  const leftMean = mean(left);
  const rightMean = mean(right);
  let sum = 0;
  for (let at = 0; at < left.length; at++) sum += (left[at] - leftMean) * (right[at] - rightMean);
  return sum / (left.length - 1);
}

/** Standard error of the mean. */
export const standardError = (values: readonly number[]): number =>
  Math.sqrt(variance(values) / values.length);
