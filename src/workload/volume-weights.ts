import { isFor } from './request-source.ts';
import { Scatter } from './scatter.ts';
import type { RequestPattern } from './workload.ts';

/**
 * How many times the mean rate each of `count` volumes has. A pattern's part of all requests is divided evenly among its
 * volumes; a skew then moves requests between volumes, and their sum stays as it is.
 */
export function volumeWeights(
  patterns: readonly RequestPattern[],
  count: number,
  skew: { readonly theta: number; readonly uniform: number } | null,
): number[] {
  const weights = patternWeights(patterns, count);
  if (skew === null) return weights;
  // Neighbours in number are neighbours in their control unit: busy volumes are spread instead.
  const scatter = new Scatter(count, Math.floor(skew.uniform * count));
  for (let rank = 0; rank < count; rank++) weights[scatter.place(rank)] *= zipfShare(rank, skew.theta);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => (weight * count) / total);
}

function patternWeights(patterns: readonly RequestPattern[], count: number): number[] {
  const total = patterns.reduce((sum, { share }) => sum + share, 0);
  const weights = new Array<number>(count).fill(0);
  for (const pattern of patterns) {
    const own = pattern.share / total;
    const weight = pattern.volumes === null ? own : (own * count) / pattern.volumes.length;
    for (let volume = 0; volume < count; volume++) if (isFor(pattern, volume)) weights[volume] += weight;
  }
  return weights;
}

/** (rank + 1)^−theta by exp and log, which are the same on every platform. */
const zipfShare = (rank: number, theta: number): number => Math.exp(-theta * Math.log(rank + 1));
