import type { SimTime } from '../kernel/time.ts';

/** Looks for one event of the story in a span of time, whatever the trace level is. */
export interface EventPattern {
  readonly event: number;
  /** From this time up to but not including `toNs`. */
  readonly fromNs: SimTime;
  readonly toNs: SimTime;
  /** Only events with these numbers; null: any. */
  readonly system: number | null;
  readonly subchannel: number | null;
  readonly chpid: number | null;
  readonly lpm: number | null;
  readonly cc: number | null;
}

export class EventWatch {
  readonly pattern: EventPattern;
  /** Events that fitted, and when the first of them happened (−1: never). */
  matches = 0;
  firstAt: SimTime = -1;

  constructor(pattern: EventPattern) {
    this.pattern = pattern;
  }

  look(
    now: SimTime,
    event: number,
    system: number,
    subchannel: number,
    chpid: number,
    lpm: number,
    cc: number,
  ): void {
    const { pattern } = this;
    if (event !== pattern.event || now < pattern.fromNs || now >= pattern.toNs) return;
    const fits =
      (pattern.system === null || pattern.system === system) &&
      (pattern.subchannel === null || pattern.subchannel === subchannel) &&
      (pattern.chpid === null || pattern.chpid === chpid) &&
      (pattern.lpm === null || pattern.lpm === lpm) &&
      (pattern.cc === null || pattern.cc === cc);
    if (!fits) return;
    if (this.matches === 0) this.firstAt = now;
    this.matches++;
  }
}
