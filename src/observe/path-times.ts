import type { SimTime } from '../kernel/time.ts';
import { type Chpid, NONE, type SubchannelId } from '../zarch/ids.ts';
import { firstPath, NO_PATHS, type PathMask, pathBit } from '../zarch/path-mask.ts';
import type { BlockRequest } from './block-request.ts';
import { DeviceTable } from './device-table.ts';
import { LastPaths } from './last-paths.ts';
import { PathCapacity } from './path-capacity.ts';
import { Samples } from './samples.ts';
import { WritesAtRisk } from './writes-at-risk.ts';

/**
 * How fast systems learn about paths. The truth about a path is the machine's: its channel path is in the configuration
 * and its link works. What a system believes is the logical-path mask that it reports with `path.masks`.
 *
 *   truth changes ──detect──► first sign in the system ──► … ──► lpm equals the truth        (knowledge)
 *   path returns  ──────────────────────────────────────────► path verified, in vpm and lpm  (restore)
 *   path lost     ──► a request in progress on the device is started again ──► it ends       (failover)
 *
 * `stale` is every span in which a device's lpm differed from the truth. A path that the operator has varied off (not in
 * opm) is expected to be absent. A change that is undone before the system noticed leaves a stale span and nothing else.
 *
 * No path leads to a device that is taken out of the configuration, and a system knows that when it finds the device gone;
 * masks do not tell it. Its paths are in use again with the next verification.
 *
 * A device that a system gave up with its last path is `stranded` when a path leads to it again and none is in vpm. No time
 * shows that: its lpm may be right, and what never happens has no end.
 */
export const PATH_TIMES = ['detect', 'knowledge', 'restore', 'failover', 'stale'] as const;
export type PathTimeName = (typeof PATH_TIMES)[number];

/** A device as one system sees it, with its paths in PMCW order. */
export interface ObservedSubchannel {
  readonly system: number;
  readonly subchannel: SubchannelId;
  /** Bus id of the device (`0.0.1000`): the same for every system that sees it. */
  readonly device: string;
  /** NONE in a gap between them. */
  readonly chpids: readonly Chpid[];
  /** Paths that are not available in the beginning: until their CHPIDs enter the configuration. Absent: none. */
  readonly missing?: PathMask;
  /** Position of its control unit in the scenario. */
  readonly controlUnit: number;
  /** System whose configuration has the channel paths, where that is another: the host of a guest. */
  readonly image?: number;
  /** The device's subchannel there. */
  readonly imageSubchannel?: SubchannelId;
}

/** Path masks of a device as one system holds them; `wrong`: paths about which its lpm errs. */
export interface BelievedMasks {
  readonly system: number;
  readonly subchannel: SubchannelId;
  readonly lpm: PathMask;
  readonly vpm: PathMask;
  readonly opm: PathMask;
  readonly truth: PathMask;
  readonly wrong: PathMask;
}

export class PathTimes {
  readonly lastPaths = new LastPaths();
  readonly capacity = new PathCapacity();
  readonly writesAtRisk: WritesAtRisk;
  private readonly samples: Record<PathTimeName, Samples>[];
  private readonly devices: DeviceTable;
  private readonly beliefs: Belief[] = [];
  private readonly byChpid = new Map<Chpid, Belief[]>();
  /** Channel paths that are not in the configuration of a system. */
  private readonly unavailable = new Set<string>();
  /** Links that are down: control unit and channel path. */
  private readonly downLinks = new Set<string>();
  /** Per system: times of changes that it has shown no sign of yet. */
  private readonly unnoticed: { readonly at: SimTime; readonly chpid: Chpid }[][];

  constructor(systems: number, subchannels: readonly ObservedSubchannel[]) {
    this.devices = new DeviceTable(systems);
    this.samples = Array.from({ length: systems }, () => ({
      detect: new Samples(),
      knowledge: new Samples(),
      restore: new Samples(),
      failover: new Samples(),
      stale: new Samples(),
    }));
    this.writesAtRisk = new WritesAtRisk(systems);
    this.unnoticed = Array.from({ length: systems }, () => []);
    for (const subchannel of subchannels) this.observe(subchannel);
  }

  /** The samples of one system whose change lies in [from, to), ascending; of one channel path or of all (null). */
  of(
    system: number,
    name: PathTimeName,
    fromNs: SimTime,
    toNs: SimTime,
    chpid: Chpid | null = null,
  ): Float64Array {
    return this.samples[system][name].between(fromNs, toNs, chpid);
  }

  /** A channel path enters or leaves the configuration of one system. */
  chpidChanged(now: SimTime, system: number, chpid: Chpid, available: boolean): void {
    const key = pairKey(system, chpid);
    if (available) this.unavailable.delete(key);
    else this.unavailable.add(key);
    for (const belief of this.byChpid.get(chpid) ?? []) {
      if (belief.image === system) belief.missing &= ~pathBit(belief.chpids.indexOf(chpid));
    }
    this.truthChanged(now, chpid);
  }

  linkChanged(now: SimTime, chpid: Chpid, controlUnit: number, up: boolean): void {
    const link = pairKey(controlUnit, chpid);
    if (up) this.downLinks.delete(link);
    else this.downLinks.add(link);
    this.truthChanged(now, chpid);
  }

  /** A device leaves or enters the configuration of one system again. */
  deviceChanged(now: SimTime, system: number, subchannel: SubchannelId, present: boolean): void {
    for (const belief of this.beliefs) {
      if (belief.image !== system || belief.imageSubchannel !== subchannel) continue;
      belief.present = present;
      const truth = this.truthOf(belief);
      const changed = truth ^ belief.truth;
      if (changed === 0) continue;
      belief.change(now, truth, changed);
      this.capacity.truthChanged(now, this.row(belief), truth);
      this.compare(now, belief);
      this.unnoticed[belief.system].push({ at: now, chpid: belief.chpids[0] });
    }
  }

  /** A path verification has found paths that work. */
  verified(now: SimTime, system: number, subchannel: SubchannelId): void {
    const belief = this.beliefs[this.devices.row(system, subchannel)];
    if (belief === undefined || !belief.foundGone) return;
    belief.foundGone = false;
    belief.givenUp = false;
    this.compare(now, belief);
  }

  masksChanged(
    now: SimTime,
    system: number,
    subchannel: SubchannelId,
    lpm: PathMask,
    vpm: PathMask,
    opm: PathMask,
  ): void {
    const row = this.devices.row(system, subchannel);
    const belief = this.beliefs[row];
    if (belief === undefined) return;
    this.lastPaths.masksChanged(row, lpm);
    this.capacity.masksChanged(now, row, lpm);
    belief.lpm = lpm;
    belief.vpm = vpm;
    belief.opm = opm;
    belief.told = true;
    if (vpm !== 0) belief.givenUp = false;
    this.compare(now, belief);
  }

  /** A driver starts I/O on these paths of a device. */
  driverMaskChanged(now: SimTime, system: number, subchannel: SubchannelId, opm: PathMask): void {
    this.capacity.driverMaskChanged(now, this.devices.row(system, subchannel), opm);
  }

  /** A channel path went while a device in one system's configuration was working on it. */
  operationLost(now: SimTime, system: number, subchannel: SubchannelId, chpid: Chpid): void {
    for (const belief of this.beliefs) {
      if (belief.image !== system || belief.imageSubchannel !== subchannel) continue;
      this.writesAtRisk.pathLost(now, belief.system, belief.subchannel, chpid);
    }
  }

  /** Position of a device's control unit in the scenario; NONE where it has none. */
  controlUnitOf(system: number, subchannel: SubchannelId): number {
    return this.beliefs[this.devices.row(system, subchannel)]?.controlUnit ?? NONE;
  }

  /** The system did something that it does only on account of path changes. */
  sign(now: SimTime, system: number): void {
    const changes = this.unnoticed[system];
    if (changes.length === 0) return;
    for (const { at, chpid } of changes) this.samples[system].detect.add(at, now - at, chpid);
    changes.length = 0;
  }

  /** The system knows that no path leads to a device any more. */
  noPathNoticed(now: SimTime, system: number, subchannel: SubchannelId): void {
    const row = this.devices.row(system, subchannel);
    this.lastPaths.noticed(row);
    const belief = this.beliefs[row];
    if (belief === undefined || belief.truth !== 0) return;
    belief.givenUp = true;
    if (belief.present) return;
    belief.foundGone = true;
    this.compare(now, belief);
  }

  /** Devices that were given up for want of a path, and are not in use now although one leads to them. */
  get stranded(): number {
    return this.beliefs.filter(({ givenUp, truth, opm }) => givenUp && (truth & opm) !== 0).length;
  }

  requestFailed(system: number, subchannel: SubchannelId): void {
    this.lastPaths.requestFailed(this.devices.row(system, subchannel));
  }

  /** A request that was started more than once has ended. */
  retriedRequestEnded(system: number, subchannel: SubchannelId, request: BlockRequest): void {
    this.writesAtRisk.ended(system, request);
    const belief = this.beliefs[this.devices.row(system, subchannel)];
    if (belief === undefined) return;
    const { lostAt } = belief;
    if (lostAt < 0 || request.arrivalNs > lostAt || request.endNs <= lostAt) return;
    this.samples[system].failover.add(lostAt, request.endNs - lostAt, belief.lostChpid);
  }

  /** What systems believe about devices now, beside the truth; those that have told no masks are left out. */
  *masks(): Generator<BelievedMasks> {
    for (const { told, system, subchannel, lpm, vpm, opm, truth, installed } of this.beliefs) {
      if (!told) continue;
      const wrong = (lpm ^ (truth & opm)) & installed;
      yield { system, subchannel, lpm, vpm, opm, truth, wrong };
    }
  }

  /** End of the run: masks that are still wrong were wrong until now. */
  finish(now: SimTime): void {
    for (const belief of this.beliefs) this.endStaleSpan(now, belief);
  }

  private observe(seen: ObservedSubchannel): void {
    const { system, subchannel, chpids } = seen;
    const belief = new Belief(seen);
    const row = this.devices.row(system, subchannel);
    this.beliefs[row] = belief;
    this.capacity.add(row, system, chpids, belief.truth);
    for (const chpid of new Set(chpids)) {
      const others = this.byChpid.get(chpid);
      if (others === undefined) this.byChpid.set(chpid, [belief]);
      else others.push(belief);
    }
  }

  private truthChanged(now: SimTime, chpid: Chpid): void {
    const told = new Set<number>();
    for (const belief of this.byChpid.get(chpid) ?? []) {
      const truth = this.truthOf(belief);
      const changed = truth ^ belief.truth;
      if (changed === 0) continue;
      belief.change(now, truth, changed);
      this.capacity.truthChanged(now, this.row(belief), truth);
      this.compare(now, belief);
      if (belief.watched) this.lastPaths.truthChanged(now, this.row(belief), truth, belief.lpm);
      if (told.has(belief.system)) continue;
      told.add(belief.system);
      this.unnoticed[belief.system].push({ at: now, chpid });
    }
  }

  private row({ system, subchannel }: Belief): number {
    return this.devices.row(system, subchannel);
  }

  private truthOf(belief: Belief): PathMask {
    let truth = 0;
    if (!belief.present) return truth;
    belief.chpids.forEach((chpid, path) => {
      const gone = this.unavailable.has(pairKey(belief.image, chpid));
      const works = !gone && !this.downLinks.has(pairKey(belief.controlUnit, chpid));
      if (works) truth |= 0x80 >> path;
    });
    return truth & belief.installed & ~belief.missing;
  }

  private compare(now: SimTime, belief: Belief): void {
    const { knowledge, restore } = this.samples[belief.system];
    const lpm = belief.foundGone ? NO_PATHS : belief.lpm;
    const wrong = (lpm ^ (belief.truth & belief.opm)) & belief.installed;
    if (wrong === 0 && belief.told) belief.watched = true;
    if (!belief.watched) return;
    const restored = belief.toRestore & lpm & belief.vpm;
    const learned = belief.toLearn & ~wrong;
    for (let path = 0; path < belief.chpids.length; path++) {
      const bit = 0x80 >> path;
      const changedAt = belief.changedAt[path];
      if ((learned & bit) !== 0) knowledge.add(changedAt, now - changedAt, belief.chpids[path]);
      if ((restored & bit) !== 0) restore.add(changedAt, now - changedAt, belief.chpids[path]);
    }
    belief.toLearn &= ~learned;
    belief.toRestore &= ~restored;
    if (wrong === 0) this.endStaleSpan(now, belief);
    else if (belief.staleSince < 0) belief.beginStaleSpan(now, wrong);
  }

  private endStaleSpan(now: SimTime, belief: Belief): void {
    if (belief.staleSince < 0) return;
    this.samples[belief.system].stale.add(belief.staleSince, now - belief.staleSince, belief.staleChpid);
    belief.staleSince = -1;
  }
}

/** What one system believes about one device's paths, beside the truth. */
class Belief {
  readonly system: number;
  readonly image: number;
  readonly imageSubchannel: SubchannelId;
  readonly subchannel: SubchannelId;
  readonly controlUnit: number;
  readonly chpids: readonly Chpid[];
  readonly installed: PathMask;
  missing: PathMask;
  truth: PathMask;
  lpm: PathMask = 0;
  vpm: PathMask = 0;
  opm: PathMask = 0xff;
  /** Whether the system has ever said what it believes: one without masks, an instruction script, is never wrong. */
  told = false;
  /** Whether the system once had it right: before that it is still discovering the device. */
  watched = false;
  /** Whether the device is in the configuration, and whether the system has found that it is not. */
  present = true;
  foundGone = false;
  /** Whether the system gave the device up when no path led to it, and has verified none since. */
  givenUp = false;
  /** Changed paths of which the system has not learned, and returned paths that it does not use again yet. */
  toLearn: PathMask = 0;
  toRestore: PathMask = 0;
  readonly changedAt: Float64Array;
  /** When the device lost a path last, and which; −1: never. */
  lostAt: SimTime = -1;
  lostChpid: Chpid = NONE;
  /** Since when the masks have been wrong, and the first path about which; −1: they are right. */
  staleSince: SimTime = -1;
  staleChpid: Chpid = NONE;

  constructor(seen: ObservedSubchannel) {
    const { system, image = system, subchannel, imageSubchannel = subchannel, controlUnit, chpids } = seen;
    const { missing = NO_PATHS } = seen;
    this.system = system;
    this.image = image;
    this.imageSubchannel = imageSubchannel;
    this.subchannel = subchannel;
    this.controlUnit = controlUnit;
    this.chpids = chpids;
    this.installed = chpids.reduce(
      (mask, chpid, path) => (chpid === NONE ? mask : mask | pathBit(path)),
      NO_PATHS,
    );
    this.missing = missing;
    this.truth = this.installed & ~missing;
    this.changedAt = new Float64Array(chpids.length);
  }

  change(now: SimTime, truth: PathMask, changed: PathMask): void {
    this.truth = truth;
    // What changed twice without being noticed is as it was believed to be.
    this.toLearn ^= changed;
    this.toRestore = (this.toRestore | changed) & truth & ~(changed & ~this.toLearn);
    for (let path = 0; path < this.chpids.length; path++) {
      if ((changed & (0x80 >> path)) !== 0) this.changedAt[path] = now;
    }
    const lost = changed & ~truth;
    if (lost === 0) return;
    this.lostAt = now;
    this.lostChpid = this.chpids[firstPath(lost)];
  }

  beginStaleSpan(now: SimTime, wrong: PathMask): void {
    this.staleSince = now;
    this.staleChpid = this.chpids[firstPath(wrong)];
  }
}

const pairKey = (number: number, chpid: Chpid): string => `${number}/${chpid}`;
