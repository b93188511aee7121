import { batchAverages } from './batch-means.ts';

/** Observations in a batch: the 5 of MSER-5. */
export const MSER_BATCH = 5;

/**
 * Observations to leave out at the beginning of a run, by MSER-5 (White, Cobb and Spratt, Winter Simulation Conference
 * 2000): `mserCut` of averages of five. Null: the run is too short to tell.
 */
export function warmUpLength(values: readonly number[]): number | null {
  const batches = batchAverages(values, MSER_BATCH);
  const cut = mserCut(batches, batches.length);
  return cut === null ? null : cut * MSER_BATCH;
}

/**
 * The truncation of the first `length` batches for which the standard error of what remains is least, the earliest of
 * several. Only the first half is looked at, because a few values at the end may be alike by chance; null when the best
 * place is where it ends. One pass from the end: squares around the mean of what remains grow value by value (Welford 1962).
 */
export function mserCut(batches: ArrayLike<number>, length: number): number | null {
  const half = Math.floor(length / 2);
  let best = half;
  let least = Number.POSITIVE_INFINITY;
  let centre = 0;
  let squares = 0;
  for (let cut = length - 1; cut >= 0; cut--) {
    const count = length - cut;
    const distance = batches[cut] - centre;
    centre += distance / count;
    squares += distance * (batches[cut] - centre);
    const statistic = squares / (count * count);
    if (cut > half || statistic > least) continue;
    least = statistic;
    best = cut;
  }
  return best === half ? null : best;
}
