import { CONFIDENCE, type Estimate, meanInterval } from './intervals.ts';
import { mean } from './moments.ts';

/** Averages of each `size` consecutive values; what is left at the end is left out. */
export function batchAverages(values: readonly number[], size: number): number[] {
  const count = Math.floor(values.length / size);
  return Array.from({ length: count }, (_, batch) => mean(values.slice(batch * size, (batch + 1) * size)));
}

/** More of them gain little (Schmeiser, Operations Research 30, 1982). */
const BATCHES = 30;

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
