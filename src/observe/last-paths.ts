import type { SimTime } from '../kernel/time.ts';
import type { PathMask } from '../zarch/path-mask.ts';

/** From best to worst. */
export const NO_PATH_ANSWERS = ['yes', 'later', 'no'] as const;
export type NoPathTold = (typeof NO_PATH_ANSWERS)[number];

/**
 * Whether systems know of devices that no path leads to any more. The question comes from the review of vfio-ccw's
 * channel-path events: if I/O failed because no path was left, can that be told, as in a partition? There the device
 * becomes disconnected with no path in its masks, and its requests wait. So an outage ends up as
 *
 *   yes    it came to that before any request was given back with an error
 *   later  one was, and only then did the system know
 *   no     at the end of the outage the device was not known to have no path: its requests failed for reasons unknown,
 *          or it was disconnected while its masks still showed paths
 *
 * Retries are none of the user's business and change nothing.
 */
export class LastPaths {
  private readonly outages: Outage[] = [];
  /** The outage that a device is in, by its number. */
  private readonly open = new Map<number, Outage>();

  /** Paths came or went that lead to a device of which the system knew, with the logical-path mask it has of it. */
  truthChanged(now: SimTime, device: number, truth: PathMask, lpm: PathMask): void {
    if (truth !== 0) {
      this.open.delete(device);
      return;
    }
    const outage: Outage = { since: now, lpm, noticed: false, failedFirst: false };
    this.outages.push(outage);
    this.open.set(device, outage);
  }

  masksChanged(device: number, lpm: PathMask): void {
    const outage = this.open.get(device);
    if (outage !== undefined) outage.lpm = lpm;
  }

  /** A request was given back with an error. */
  requestFailed(device: number): void {
    const outage = this.open.get(device);
    if (outage?.noticed === false) outage.failedFirst = true;
  }

  /** The system disconnects the device, or gives it up. */
  noticed(device: number): void {
    const outage = this.open.get(device);
    if (outage !== undefined) outage.noticed = true;
  }

  /** The worst answer of the outages that began in [from, to); null: there was none. */
  worst(fromNs: SimTime, toNs: SimTime): NoPathTold | null {
    const told = this.outages.filter(({ since }) => since >= fromNs && since < toNs).map(answerOf);
    return NO_PATH_ANSWERS.findLast((answer) => told.includes(answer)) ?? null;
  }
}

/** A device without any path, as it was seen last before a path came back. */
interface Outage {
  readonly since: SimTime;
  lpm: PathMask;
  noticed: boolean;
  failedFirst: boolean;
}

function answerOf({ lpm, noticed, failedFirst }: Outage): NoPathTold {
  if (!noticed || lpm !== 0) return 'no';
  return failedFirst ? 'later' : 'yes';
}
