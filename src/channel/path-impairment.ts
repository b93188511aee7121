import type { SimTime } from '../kernel/time.ts';
import type { ControlUnit } from './control-unit.ts';

/** What makes one link slow or faulty though it works: congestion, a dirty connector, a frame that is lost now and then. */
export interface Impairment {
  /** The control unit at the end of the link. */
  readonly unit: ControlUnit;
  /** Probability of an interface-control check per start, in the beginning and when it is at its worst. */
  readonly errorRate: readonly [first: number, worst: number];
  /** What a frame takes longer, one way, at its worst; asked once for each frame. */
  readonly delay: (() => SimTime) | null;
  /** Share of the bandwidth that is left at its worst. */
  readonly bandwidth: number;
  readonly fromNs: SimTime;
  /** It becomes worse evenly for so long, in so many steps; 0 steps: without any. */
  readonly rampNs: SimTime;
  readonly steps: number;
}

/**
 * The impairments of one channel path. Of error rates the highest counts, of bandwidths the least; delays add up. Nothing
 * is kept up to date by events: how bad it is now is worked out when a frame is sent.
 */
export class PathImpairments {
  private readonly list: readonly Impairment[];

  constructor(list: readonly Impairment[]) {
    this.list = list;
  }

  /** Probability that a start on the link ends with an interface-control check. */
  errorRate(unit: ControlUnit, now: SimTime): number {
    let highest = 0;
    for (const impairment of this.list) {
      if (impairment.unit !== unit) continue;
      const [first, worst] = impairment.errorRate;
      highest = Math.max(highest, first + (worst - first) * badness(impairment, now));
    }
    return highest;
  }

  /** What a frame that is sent on the link now takes longer. */
  delayNs(unit: ControlUnit, now: SimTime): SimTime {
    let sum = 0;
    for (const impairment of this.list) {
      const { delay } = impairment;
      if (impairment.unit === unit && delay !== null) sum += Math.round(delay() * badness(impairment, now));
    }
    return sum;
  }

  /** Share of the bandwidth that a transfer on the link gets. */
  bandwidth(unit: ControlUnit, now: SimTime): number {
    let least = 1;
    for (const impairment of this.list) {
      if (impairment.unit !== unit) continue;
      least = Math.min(least, 1 - (1 - impairment.bandwidth) * badness(impairment, now));
    }
    return least;
  }

  with(impairment: Impairment): PathImpairments {
    return new PathImpairments([...this.list, impairment]);
  }

  /** Null when this was the last. */
  without(impairment: Impairment): PathImpairments | null {
    const others = this.list.filter((other) => other !== impairment);
    return others.length === 0 ? null : new PathImpairments(others);
  }
}

/** How bad it is by now, 0 … 1. */
export function badness({ fromNs, rampNs, steps }: Impairment, now: SimTime): number {
  const sinceNs = now - fromNs;
  if (sinceNs >= rampNs) return 1;
  const share = sinceNs / rampNs;
  return steps === 0 ? share : Math.floor(share * steps) / steps;
}
