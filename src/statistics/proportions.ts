import { betaQuantile, normalQuantile } from './distributions.ts';
import { CONFIDENCE, type Estimate } from './intervals.ts';

/** Share of successes by Wilson's score interval (1927): near the wanted confidence on the average, even for few trials. */
export function wilson(successes: number, trials: number, confidence = CONFIDENCE): Estimate {
  const value = successes / trials;
  const z = normalQuantile((1 + confidence) / 2);
  const square = (z * z) / trials;
  const centre = (value + square / 2) / (1 + square);
  const halfWidth = (z / (1 + square)) * Math.sqrt((value * (1 - value)) / trials + square / (4 * trials));
  return { value, low: Math.max(0, centre - halfWidth), high: Math.min(1, centre + halfWidth) };
}

/** The same by Clopper and Pearson (1934): never less than the wanted confidence. */
export function clopperPearson(successes: number, trials: number, confidence = CONFIDENCE): Estimate {
  const tail = (1 - confidence) / 2;
  const failures = trials - successes;
  return {
    value: successes / trials,
    low: successes === 0 ? 0 : betaQuantile(tail, successes, failures + 1),
    high: failures === 0 ? 1 : betaQuantile(1 - tail, successes + 1, failures),
  };
}
