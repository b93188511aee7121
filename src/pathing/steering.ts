import type { PathView, SelectionPolicy } from '../channel/path-selection.ts';
import { WAIT_ANY } from '../channel/path-selection.ts';
import { firstPath, NO_PATHS, type PathMask, pathBit } from '../zarch/path-mask.ts';
import { drawnPath } from './drawn-path.ts';
import { nextPath } from './next-path.ts';
import type { SteeringOptions } from './specification.ts';

/**
 * Steering by the initial command response time, in the way of channel subsystems since zEC12 (strategies reference
 * P5): rotation over the paths that answer about as fast as the fastest. A slow path gets a share of the starts all the
 * same, since nothing else would tell that it has become faster.
 */
export const steering = ({ alpha, reprobe, margin }: SteeringOptions): SelectionPolicy => ({
  name: 'steering',
  draws: true,
  smoothing: alpha,
  choose({ candidates, busy, responseNs, last }: PathView, draw: number): PathMask {
    const free = candidates & ~busy;
    if (free === NO_PATHS) return WAIT_ANY;
    const slow = slowPaths(free, responseNs, margin);
    if (slow !== NO_PATHS && draw < reprobe) return drawnPath(slow, draw / reprobe);
    return nextPath(free & ~slow, last);
  },
});

/** Paths whose average exceeds the lowest one by more than the margin. One without an average is not slow. */
function slowPaths(paths: PathMask, responseNs: ArrayLike<number>, margin: number): PathMask {
  let fastest = Number.POSITIVE_INFINITY;
  for (let rest = paths; rest !== 0; rest &= ~pathBit(firstPath(rest))) {
    const average = responseNs[firstPath(rest)];
    if (average > 0 && average < fastest) fastest = average;
  }
  const limit = fastest * (1 + margin);
  let slow = NO_PATHS;
  for (let rest = paths; rest !== 0; rest &= ~pathBit(firstPath(rest))) {
    if (responseNs[firstPath(rest)] > limit) slow |= pathBit(firstPath(rest));
  }
  return slow;
}
