import type { SimTime } from '../kernel/time.ts';

/** What moves managed channels by themselves (strategies C1): nothing, equal loads, or a goal for the time that I/O waits. */
export const DCM_MODES = ['off', 'balance', 'goal'] as const;
export type DcmMode = (typeof DCM_MODES)[number];

/** A control unit in the last interval. */
export interface ManagedUnit {
  /** Mean utilisation of the channel paths that lead to it, 0 to 1. */
  readonly load: number;
  /** Mean time that its operations were start pending, ns. */
  readonly pendNs: SimTime;
  /** Channel paths that lead to it, managed or not. */
  readonly paths: number;
}

/** A managed channel: the control unit at which it is, and those to which it may go, by position. */
export interface ManagedChannel {
  readonly unit: number;
  readonly reach: readonly number[];
}

export interface DcmRule {
  readonly mode: DcmMode;
  /** Difference between two loads that is worth a move. */
  readonly threshold: number;
  /** Start-pending time that no control unit should exceed, ns. */
  readonly goalNs: SimTime;
  /** Paths that every control unit keeps. */
  readonly minPaths: number;
}

export interface DcmMove {
  readonly channel: number;
  readonly to: number;
}

/**
 * One step of dynamic channel-path management (architecture reference B.15): takes a channel from the control unit that
 * needs it least to the one that needs it most; of several equal ones the first. Null: everything stays.
 *
 * `balance` compares loads. `goal` helps a control unit that misses the goal at the cost of one that meets it.
 */
export function chooseMove(
  units: readonly ManagedUnit[],
  channels: readonly ManagedChannel[],
  rule: DcmRule,
): DcmMove | null {
  if (rule.mode === 'off') return null;
  const need = ({ load, pendNs }: ManagedUnit): number => (rule.mode === 'balance' ? load : pendNs);
  let best: DcmMove | null = null;
  let gained = 0;
  for (const [channel, { unit, reach }] of channels.entries()) {
    const giver = units[unit];
    if (giver.paths <= rule.minPaths) continue;
    for (const to of reach) {
      const gain = need(units[to]) - need(giver);
      if (to === unit || gain <= gained || !isWorthIt(giver, units[to], rule)) continue;
      best = { channel, to };
      gained = gain;
    }
  }
  return best;
}

function isWorthIt(from: ManagedUnit, to: ManagedUnit, { mode, threshold, goalNs }: DcmRule): boolean {
  if (mode === 'balance') return to.load - from.load > threshold;
  return to.pendNs > goalNs && from.pendNs <= goalNs;
}
