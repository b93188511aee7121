import type { SimTime } from '../kernel/time.ts';
import { type Chpid, NONE } from '../zarch/ids.ts';
import { NO_PATHS, type PathMask, pathBit } from '../zarch/path-mask.ts';

/**
 * How much of the channel paths systems do without: the time during which a path of a device is not used, whether it is
 * broken, or works and its system does not start I/O on it. A path is used when it works (the machine's truth), the
 * common I/O layer names it (lpm) and the driver does (its operational-path mask). Each path of a device is as much of its
 * channel path as all others, so one that ten devices do without for a second costs a second, and half a second when
 * another ten go on.
 *
 * A device counts from when its driver first has a path. One that is set offline goes on to count: its paths are unused.
 */
export class PathCapacity {
  private readonly devices: (Device | undefined)[] = [];
  private readonly meters: Meter[] = [];

  /** A device that a system may use: its row, its channel paths in PMCW order, those of them that work. */
  add(row: number, system: number, chpids: readonly Chpid[], truth: PathMask): void {
    const meters = chpids.map((chpid) => (chpid === NONE ? null : this.meterOf(system, chpid)));
    this.devices[row] = new Device(meters, truth);
  }

  truthChanged(now: SimTime, row: number, truth: PathMask): void {
    const device = this.devices[row]!;
    device.truth = truth;
    device.settle(now);
  }

  /** What the common I/O layer may start I/O on. */
  masksChanged(now: SimTime, row: number, lpm: PathMask): void {
    const device = this.devices[row]!;
    device.lpm = lpm;
    device.settle(now);
  }

  /** What the driver starts I/O on. */
  driverMaskChanged(now: SimTime, row: number, opm: PathMask): void {
    const device = this.devices[row];
    if (device === undefined) return;
    device.driver = opm;
    if (opm !== NO_PATHS) device.begin(now);
    device.settle(now);
  }

  /** Time lost until now, ns of a whole channel path, for each pair of a system and a channel path in a fixed order. */
  lostBy(now: SimTime): Float64Array {
    return Float64Array.from(this.meters, (meter) => meter.by(now));
  }

  /** What `lostBy` is about. */
  get pairs(): readonly { readonly system: number; readonly chpid: Chpid }[] {
    return this.meters;
  }

  private meterOf(system: number, chpid: Chpid): Meter {
    const known = this.meters.find((meter) => meter.system === system && meter.chpid === chpid);
    if (known !== undefined) return known;
    const meter = new Meter(system, chpid);
    this.meters.push(meter);
    return meter;
  }
}

/** One channel path as one system uses it. */
class Meter {
  readonly system: number;
  readonly chpid: Chpid;
  /** Paths of devices to it, and those that are not used now. */
  private paths = 0;
  private unused = 0;
  /** Time lost until `since`, ns. */
  private lost = 0;
  private since: SimTime = 0;

  constructor(system: number, chpid: Chpid) {
    this.system = system;
    this.chpid = chpid;
  }

  by(now: SimTime): number {
    return this.unused === 0 ? this.lost : this.lost + (this.unused / this.paths) * (now - this.since);
  }

  change(now: SimTime, paths: number, unused: number): void {
    this.lost = this.by(now);
    this.since = now;
    this.paths += paths;
    this.unused += unused;
  }
}

class Device {
  truth: PathMask;
  lpm: PathMask = NO_PATHS;
  driver: PathMask = NO_PATHS;
  private begun = false;
  /** Null in a gap between the paths. */
  private readonly meters: readonly (Meter | null)[];
  private unused: PathMask = NO_PATHS;

  constructor(meters: readonly (Meter | null)[], truth: PathMask) {
    this.meters = meters;
    this.truth = truth;
  }

  begin(now: SimTime): void {
    if (this.begun) return;
    this.begun = true;
    for (const meter of this.meters) meter?.change(now, 1, 0);
  }

  settle(now: SimTime): void {
    if (!this.begun) return;
    const unused = ~(this.truth & this.lpm & this.driver);
    const changed = unused ^ this.unused;
    this.unused = unused;
    this.meters.forEach((meter, path) => {
      if ((changed & pathBit(path)) === 0) return;
      meter?.change(now, 0, (unused & pathBit(path)) === 0 ? -1 : 1);
    });
  }
}
