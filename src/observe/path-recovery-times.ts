import { NS_PER_MS, type SimTime } from '../kernel/time.ts';
import { type Chpid, NONE, type SubchannelId } from '../zarch/ids.ts';
import { EVENT } from './event-table.ts';
import { Samples } from './samples.ts';

/**
 * What giving paths up and taking them back costs:
 *
 *   disable     first of the errors on a path until it is given up for them
 *   errors      how many there were by then; no time, but a number
 *   suppressed  a channel path is kept out of use because it went too often
 *   good        how much of that time it was there
 *   false       the same time once more, where it had come back at once and never went again: for nothing
 *   verify      verification of one device's paths
 *   verifying   how many ran at the beginning of each; a number, too
 */
export const RECOVERY_TIMES = [
  'disable',
  'errors',
  'suppressed',
  'good',
  'false',
  'verify',
  'verifying',
] as const;
export type RecoveryTimeName = (typeof RECOVERY_TIMES)[number];

/** Events from which the times are derived. */
export const RECOVERY_EVENTS = [
  'path.given-up',
  'path.taken-back',
  'verify.start',
  'verify.done',
  'chpid.available',
  'chpid.unavailable',
  'link.up',
  'link.down',
] as const;

export class PathRecoveryTimes {
  private readonly samples: Record<RecoveryTimeName, Samples>[];
  /** What is broken on each channel path; channel paths have the same low-order numbers in every system. */
  private readonly broken = new Map<number, Set<string>>();
  /** Channel paths out of use, by system and number. */
  private readonly suppressions = new Map<string, Suppression>();
  /** Per system: since when each device has been verifying its paths. */
  private readonly verifying: Map<SubchannelId, SimTime>[];

  constructor(systems: number) {
    this.samples = Array.from({ length: systems }, () => ({
      disable: new Samples(),
      errors: new Samples(),
      suppressed: new Samples(),
      good: new Samples(),
      false: new Samples(),
      verify: new Samples(),
      verifying: new Samples(),
    }));
    this.verifying = Array.from({ length: systems }, () => new Map());
  }

  /** The samples of one system that began in [from, to), ascending; of one channel path or of all (null). */
  of(
    system: number,
    name: RecoveryTimeName,
    fromNs: SimTime,
    toNs: SimTime,
    chpid: Chpid | null,
  ): Float64Array {
    return this.samples[system][name].between(fromNs, toNs, chpid);
  }

  event(
    event: number,
    now: SimTime,
    system: number,
    subchannel: SubchannelId,
    chpid: Chpid,
    failures: number,
    sinceMs: number,
  ): void {
    switch (event) {
      case EVENT['path.given-up']:
        if (subchannel === NONE) this.suppress(now, system, chpid);
        else this.disabled(now, system, chpid, failures, sinceMs);
        break;
      case EVENT['path.taken-back']:
        if (subchannel === NONE) this.release(now, system, chpid);
        break;
      case EVENT['verify.start']:
        this.verifying[system].set(subchannel, now);
        this.samples[system].verifying.add(now, this.verifying[system].size, NONE);
        break;
      case EVENT['verify.done']:
        this.verified(now, system, subchannel);
        break;
      case EVENT['chpid.available']:
      case EVENT['chpid.unavailable']:
        this.truthChanged(now, chpid, `system ${system}`, event === EVENT['chpid.available']);
        break;
      default:
        // The number of failures is the position of the control unit in these.
        this.truthChanged(now, chpid, `control unit ${failures}`, event === EVENT['link.up']);
    }
  }

  /** End of the run: what is still out of use was so until now. */
  finish(now: SimTime): void {
    for (const { system, chpid } of [...this.suppressions.values()]) this.release(now, system, chpid);
  }

  private disabled(now: SimTime, system: number, chpid: Chpid, failures: number, sinceMs: number): void {
    const lasted = sinceMs * NS_PER_MS;
    this.samples[system].disable.add(now, lasted, chpid);
    this.samples[system].errors.add(now, failures, chpid);
  }

  private verified(now: SimTime, system: number, subchannel: SubchannelId): void {
    const since = this.verifying[system].get(subchannel);
    if (since === undefined) return;
    this.verifying[system].delete(subchannel);
    this.samples[system].verify.add(since, now - since, NONE);
  }

  private suppress(now: SimTime, system: number, chpid: Chpid): void {
    this.suppressions.set(`${system}/${chpid}`, {
      system,
      chpid,
      since: now,
      goodSince: this.works(chpid) ? now : -1,
      goodNs: 0,
      losses: 0,
    });
  }

  private release(now: SimTime, system: number, chpid: Chpid): void {
    const suppression = this.suppressions.get(`${system}/${chpid}`);
    if (suppression === undefined) return;
    this.suppressions.delete(`${system}/${chpid}`);
    const { since, goodSince, losses } = suppression;
    const lasted = now - since;
    const good = suppression.goodNs + (goodSince < 0 ? 0 : now - goodSince);
    const { suppressed, good: goods, false: falses } = this.samples[system];
    suppressed.add(since, lasted, chpid);
    goods.add(since, good, chpid);
    if (goodSince >= 0 && losses === 0) falses.add(since, lasted, chpid);
  }

  private truthChanged(now: SimTime, chpid: Chpid, what: string, works: boolean): void {
    const number = chpid & 0xff;
    const broken = this.broken.get(number) ?? new Set();
    this.broken.set(number, broken);
    const worked = broken.size === 0;
    if (works) broken.delete(what);
    else broken.add(what);
    if (worked === (broken.size === 0)) return;
    for (const suppression of this.suppressions.values()) {
      if ((suppression.chpid & 0xff) === number) changed(suppression, now, !worked);
    }
  }

  private works(chpid: Chpid): boolean {
    return (this.broken.get(chpid & 0xff)?.size ?? 0) === 0;
  }
}

/** A channel path out of use; `goodSince` −1: it is not there. */
interface Suppression {
  readonly system: number;
  readonly chpid: Chpid;
  readonly since: SimTime;
  goodSince: SimTime;
  goodNs: SimTime;
  /** How often it went once more. */
  losses: number;
}

function changed(suppression: Suppression, now: SimTime, works: boolean): void {
  if (works) {
    suppression.goodSince = now;
    return;
  }
  suppression.goodNs += now - suppression.goodSince;
  suppression.goodSince = -1;
  suppression.losses++;
}
