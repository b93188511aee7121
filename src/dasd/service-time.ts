import { assertNever } from '../kernel/assert.ts';
import type { SimTime } from '../kernel/time.ts';

/**
 * Service times of a control unit, each drawn by inversion from one uniform number that the request carries: the same
 * request takes the same time on whatever path and in whatever attempt.
 */
export type ServiceTime =
  | { readonly kind: 'deterministic'; readonly meanNs: SimTime }
  | { readonly kind: 'exponential'; readonly meanNs: SimTime }
  | { readonly kind: 'uniform'; readonly lowNs: SimTime; readonly highNs: SimTime }
  /** Sum of `stages` equal exponential stages. */
  | { readonly kind: 'erlang'; readonly stages: number; readonly meanNs: SimTime }
  /** Exponential with mean `firstNs` with probability `share`, else with mean `secondNs`. */
  | {
      readonly kind: 'hyperexponential';
      readonly share: number;
      readonly firstNs: SimTime;
      readonly secondNs: SimTime;
    };

/** The time at which the distribution function of `time` reaches `uniform` (0 ≤ uniform < 1), in whole nanoseconds. */
export function drawServiceTime(time: ServiceTime, uniform: number): SimTime {
  switch (time.kind) {
    case 'deterministic':
      return time.meanNs;
    case 'exponential':
      return Math.round(unitExponential(uniform) * time.meanNs);
    case 'uniform':
      return Math.round(time.lowNs + uniform * (time.highNs - time.lowNs));
    case 'erlang':
      return Math.round(unitErlang(uniform, time.stages) * (time.meanNs / time.stages));
    case 'hyperexponential':
      // The first part of the unit interval chooses the first branch and is stretched to a new uniform.
      return uniform < time.share
        ? Math.round(unitExponential(uniform / time.share) * time.firstNs)
        : Math.round(unitExponential((uniform - time.share) / (1 - time.share)) * time.secondNs);
    default:
      return assertNever(time);
  }
}

export function meanServiceTime(time: ServiceTime): number {
  switch (time.kind) {
    case 'uniform':
      return (time.lowNs + time.highNs) / 2;
    case 'hyperexponential':
      return time.share * time.firstNs + (1 - time.share) * time.secondNs;
    default:
      return time.meanNs;
  }
}

/** A second uniform out of the low bits of a first one, for the two random parts of one operation. */
export function secondUniform(uniform: number): number {
  const scaled = uniform * 1_048_576;
  return scaled - Math.floor(scaled);
}

const unitExponential = (uniform: number): number => -Math.log1p(-uniform);

/** Quantile of a sum of `stages` unit exponentials: bisection, because it must give the same bits everywhere. */
function unitErlang(uniform: number, stages: number): number {
  let low = 0;
  let high = stages;
  while (erlangDistribution(high, stages) < uniform) high *= 2;
  for (let step = 0; step < 52; step++) {
    const middle = (low + high) / 2;
    if (erlangDistribution(middle, stages) < uniform) low = middle;
    else high = middle;
  }
  return high;
}

function erlangDistribution(x: number, stages: number): number {
  let term = 1;
  let sum = 1;
  for (let stage = 1; stage < stages; stage++) {
    term *= x / stage;
    sum += term;
  }
  return 1 - Math.exp(-x) * sum;
}
