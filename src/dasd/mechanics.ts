import { NS_PER_S, type SimTime } from '../kernel/time.ts';
import { SECTORS_PER_TRACK, TRACKS_PER_CYLINDER } from './geometry.ts';

/** A spinning disk (architecture reference E.1). */
export interface MechanicsOptions {
  readonly revolutionNs: SimTime;
  /** Seek to a neighbouring cylinder. */
  readonly seekMinNs: SimTime;
  /** Seek over a third of the cylinders, which is the average over random pairs. */
  readonly seekAverageNs: SimTime;
  readonly trackBytesPerSecond: number;
}

/**
 * Seek time over a distance in cylinders: a + b·√d up to a third of the volume, where the arm is accelerated most of
 * the way, and a straight line beyond, which ends at twice the average for the full stroke.
 */
export class SeekCurve {
  private readonly third: number;
  private readonly a: number;
  private readonly b: number;
  private readonly slope: number;
  private readonly averageNs: number;

  constructor(options: MechanicsOptions, cylinders: number) {
    this.third = Math.max(2, cylinders / 3);
    this.averageNs = options.seekAverageNs;
    this.b = (options.seekAverageNs - options.seekMinNs) / (Math.sqrt(this.third) - 1);
    this.a = options.seekMinNs - this.b;
    this.slope = options.seekAverageNs / Math.max(1, cylinders - 1 - this.third);
  }

  seekNs(distance: number): SimTime {
    if (distance === 0) return 0;
    if (distance <= this.third) return Math.round(this.a + this.b * Math.sqrt(distance));
    return Math.round(this.averageNs + this.slope * (distance - this.third));
  }
}

/**
 * The access arm and the platter of one volume. An access waits for earlier ones, seeks, and waits until the sector
 * comes round. Spindles are not synchronised and drift: their phase is the uniform that the request carries, so that
 * the rotational delay is deterministic in time, address and draw.
 */
export class DiskArm {
  private readonly options: MechanicsOptions;
  private readonly curve: SeekCurve;
  private cylinder = 0;
  private freeAt: SimTime = 0;

  constructor(options: MechanicsOptions, cylinders: number) {
    this.options = options;
    this.curve = new SeekCurve(options, cylinders);
  }

  /** Time from `now` until the sector is under the head; the arm stays there for `transferNs`. */
  access(now: SimTime, track: number, sector: number, phase: number, transferNs: SimTime): SimTime {
    const { revolutionNs } = this.options;
    const cylinder = Math.floor(track / TRACKS_PER_CYLINDER);
    const arrived = Math.max(now, this.freeAt) + this.curve.seekNs(Math.abs(cylinder - this.cylinder));
    const angle = (arrived + Math.floor(phase * revolutionNs)) % revolutionNs;
    // A sector number beyond the track asks for no position: transfer begins wherever the head is.
    const target =
      sector < SECTORS_PER_TRACK ? Math.floor((sector * revolutionNs) / SECTORS_PER_TRACK) : angle;
    const rotation = target >= angle ? target - angle : target - angle + revolutionNs;
    this.cylinder = cylinder;
    this.freeAt = arrived + rotation + transferNs;
    return arrived + rotation - now;
  }

  /** Time in which `bytes` pass under the head. */
  transferNs(bytes: number): SimTime {
    return Math.round((bytes * NS_PER_S) / this.options.trackBytesPerSecond);
  }
}
