import type { SimTime } from '../kernel/time.ts';
import { type FailBackPolicy, type FlapHistory, UNTIL_OPERATOR } from '../linux/path-recovery.ts';
import type { HoldDownOptions, LinkRecoveryOptions } from './recovery-specification.ts';

/** A path that was lost or given up stays out of use until somebody wants it back (strategies reference R6). */
export const manual: FailBackPolicy = {
  keepsGivenUp: true,
  lost(flaps: FlapHistory): void {
    flaps.untilNs = UNTIL_OPERATOR;
  },
  heldUntil: (flaps: FlapHistory): SimTime => flaps.untilNs,
};

/**
 * Too many losses within a span, and the channel path is left alone for good, or for a time after the last of them (R4,
 * "link recovery threshold reached").
 */
export const linkRecovery = ({ flaps: most, withinNs, holdNs }: LinkRecoveryOptions): FailBackPolicy => ({
  keepsGivenUp: false,
  lost(flaps: FlapHistory, now: SimTime): void {
    const { recentNs } = flaps;
    recentNs.push(now);
    while (now - recentNs[0] > withinNs) recentNs.shift();
    if (recentNs.length < most && flaps.untilNs <= now) return;
    flaps.untilNs = holdNs === 0 ? UNTIL_OPERATOR : now + holdNs;
  },
  heldUntil: (flaps: FlapHistory): SimTime => flaps.untilNs,
});

/**
 * Damping as in BGP (R7, RFC 2439): each loss adds to a penalty, which decays by half within each half-life. Above one
 * limit the channel path is out of use, below another it is used again.
 */
export const holdDown = ({ penalty, halfLifeNs, suppress, reuse }: HoldDownOptions): FailBackPolicy => ({
  keepsGivenUp: false,
  lost(flaps: FlapHistory, now: SimTime): void {
    flaps.penalty = decayed(flaps, now, halfLifeNs) + penalty;
    flaps.penaltyAtNs = now;
    if (flaps.penalty <= suppress && flaps.untilNs <= now) return;
    // It may never have been above the limit for reuse.
    const halvings = Math.max(0, Math.log(flaps.penalty / reuse) / Math.LN2);
    flaps.untilNs = now + Math.ceil(halfLifeNs * halvings);
  },
  heldUntil: (flaps: FlapHistory): SimTime => flaps.untilNs,
});

/** The penalty at a later time. */
export const decayed = ({ penalty, penaltyAtNs }: FlapHistory, now: SimTime, halfLifeNs: SimTime): number =>
  penalty * Math.exp((-Math.LN2 * (now - penaltyAtNs)) / halfLifeNs);
