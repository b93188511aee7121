import { batchAverages } from './batch-means.ts';
import { mean } from './moments.ts';

/** Observations in a batch: the 5 of MSER-5. */
const BATCH = 5;

/**
 * Observations to leave out at the beginning of a run, by MSER-5 (White, Cobb and Spratt, Winter Simulation Conference
 * 2000): the truncation for which the standard error of what remains is least. Only the first half is looked at, because a
 * few values at the end may be alike by chance; null when the best place is where it ends: the run is too short to tell.
 */
export function warmUpLength(values: readonly number[]): number | null {
  const batches = batchAverages(values, BATCH);
  const half = Math.floor(batches.length / 2);
  let best = half;
  let least = Number.POSITIVE_INFINITY;
  for (let cut = 0; cut <= half; cut++) {
    const rest = batches.slice(cut);
    const statistic = squaresAround(rest, mean(rest)) / (rest.length * rest.length);
    if (statistic < least) {
      least = statistic;
      best = cut;
    }
  }
  return best === half ? null : best * BATCH;
}

function squaresAround(values: readonly number[], centre: number): number {
  let sum = 0;
  for (const value of values) sum += (value - centre) * (value - centre);
  return sum;
}
