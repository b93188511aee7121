import { assert } from '../kernel/assert.ts';
import { PRIORITY } from '../kernel/priority.ts';
import type { RandomStreams } from '../kernel/random.ts';
import type { Simulation } from '../kernel/simulation.ts';
import type { SimTime } from '../kernel/time.ts';
import type { Observer } from '../observe/observer.ts';
import { Crw, ERC, RSC } from '../zarch/crw.ts';
import { type Chpid, type SubchannelId, subchannelId } from '../zarch/ids.ts';
import { ALL_PATHS, NO_PATHS, type PathMask, pathBit } from '../zarch/path-mask.ts';
import { ChannelPath, type Occupancy } from './channel-path.ts';
import { Configuration } from './configuration.ts';
import type { BusyListener, ControlUnit } from './control-unit.ts';
import { ControlUnitImage } from './control-unit-image.ts';
import { DeviceConfiguration } from './device-configuration.ts';
import { MachineChannelSubsystem, type PathResets } from './image.ts';
import { NO_PORT, portsOf } from './installed-paths.ts';
import { LinkState } from './link-state.ts';
import type { MachineOptions } from './machine-model.ts';
import { ManagedPaths } from './managed-paths.ts';
import { noChannelPath } from './no-channel-path.ts';
import { noControlUnit } from './no-control-unit.ts';
import type { PathGeneration } from './path-generations.ts';
import type { SelectionPolicy } from './path-selection.ts';
import { StartFunctions } from './start-function.ts';
import { StopFunctions } from './stop-functions.ts';
import { PHASE, Subchannel } from './subchannel.ts';
import { SUBCHANNEL_KINDS, type SubchannelKind } from './subchannel-kinds.ts';
import { UnsolicitedStatus } from './unsolicited-status.ts';

export interface MachineParts {
  readonly sim: Simulation;
  readonly observer: Observer;
  readonly streams: RandomStreams;
  readonly options: MachineOptions;
  readonly policy: SelectionPolicy;
}

/** A device as an image sees it. */
export interface DeviceInImage {
  readonly deviceNumber: number;
  readonly unitAddress: number;
  readonly ssid: number;
  /** Paths that are available, and operational, in the beginning, where these are not all that there are. */
  readonly pam?: PathMask;
  readonly pom?: PathMask;
}

/** A control unit and what is at its ports. */
interface AttachedControlUnit {
  readonly unit: ControlUnit;
  readonly paths: readonly ChannelPath[];
  readonly nonPreferred: PathMask;
  /** Which paths of its subchannels they are; undefined: the leftmost. */
  readonly pim: PathMask | undefined;
}

/**
 * The machine: channel paths, the control units at their other end, and one channel-subsystem image per system.
 * It is put together once, from a scenario; afterwards only its state changes.
 */
export class Machine implements PathResets {
  readonly channelPaths: ChannelPath[] = [];
  readonly images: MachineChannelSubsystem[] = [];
  /** Subchannels of all images; their positions are the targets of their events. */
  readonly subchannels: Subchannel[] = [];
  readonly configuration: Configuration;
  readonly devices: DeviceConfiguration;
  private readonly parts: MachineParts;
  private readonly links = new LinkState();
  private readonly starts: StartFunctions;
  private readonly stops: StopFunctions;
  private readonly controlUnits: AttachedControlUnit[] = [];
  private readonly imagesOf = new Map<ControlUnit, ControlUnitImage[]>();
  private readonly resetting = new Set<string>();
  /** Stands where a subchannel has a gap between its paths. */
  private readonly noPath = noChannelPath();
  private managed: ManagedPaths | null = null;
  private readonly resetKind: number;

  constructor(parts: MachineParts) {
    this.parts = parts;
    const { sim, observer, streams } = parts;
    const { subchannels, links } = this;
    this.starts = new StartFunctions({
      sim,
      observer,
      subchannels,
      policy: parts.policy,
      selectionStream: streams.stream('channel/selection'),
      errorStream: streams.stream('channel/path-errors'),
      links,
      lostOperation: parts.options.lostOperation,
      responseTimeoutNs: parts.options.responseTimeoutNs,
      noPathNs: parts.options.noPathNs,
      programs: parts.options.programs,
    });
    this.stops = new StopFunctions({
      sim,
      observer,
      subchannels,
      starts: this.starts,
      links,
      signalNs: parts.options.signalNs,
    });
    this.configuration = new Configuration(sim, observer, parts.options, this, links, this.starts);
    this.devices = new DeviceConfiguration(this.starts, observer);
    this.resetKind = sim.defineEvent('channel.path-reset', (pathIndex, host) =>
      this.pathReset(this.channelPaths[pathIndex], this.images[host]),
    );
  }

  addChannelPath(
    chpid: Chpid,
    generation: PathGeneration,
    propagationNs: SimTime,
    occupancy: Occupancy | null,
  ): ChannelPath {
    const path = new ChannelPath(chpid, this.channelPaths.length, generation, propagationNs, occupancy);
    this.channelPaths.push(path);
    return path;
  }

  /**
   * Attaches a control unit: port n of it is at the end of `paths[n]`; some may be marked as not preferred. `pim` says which
   * paths of its subchannels these are, one bit for each of them, the leftmost first.
   */
  addControlUnit(
    unit: ControlUnit,
    paths: readonly ChannelPath[],
    nonPreferred: PathMask = NO_PATHS,
    pim?: PathMask,
  ): void {
    this.controlUnits.push({ unit, paths, nonPreferred, pim });
    this.imagesOf.set(unit, []);
    unit.busyOver = this.busyListener(unit);
  }

  /**
   * Adds the image of one system. All channel paths must exist; the devices get subchannels in the given order. `cssid`
   * is the number of the channel-subsystem image, which several systems may share; `accessible` the access list of the
   * system, other channel paths are not there for it.
   */
  addImage(cssid = 0, accessible: readonly ChannelPath[] = this.channelPaths): MachineChannelSubsystem {
    const image = new MachineChannelSubsystem({
      host: this.images.length,
      cssid,
      sim: this.parts.sim,
      observer: this.parts.observer,
      options: this.parts.options,
      channelPaths: this.channelPaths,
      accessible,
      starts: this.starts,
      stops: this.stops,
      resets: this,
    });
    this.images.push(image);
    return image;
  }

  /** Gives an image subchannels for devices of one control unit, numbered on from `firstNumber` within their set. */
  addSubchannels(
    image: MachineChannelSubsystem,
    unit: ControlUnit,
    devices: readonly DeviceInImage[],
    nextNumber: number[],
  ): void {
    const attached = this.controlUnits.find((candidate) => candidate.unit === unit);
    assert(attached !== undefined, 'a device needs an attached control unit');
    const way = this.controlUnitImage(attached, image);
    const paths = way.ports.map((port) => attached.paths[port] ?? this.noPath);
    for (const device of devices) {
      const id = subchannelId(0, device.ssid, nextNumber[device.ssid]++);
      const index = this.subchannels.length;
      const sch = new Subchannel(id, index, image.host, device, way, paths, image);
      const { pmcw } = sch.schib;
      pmcw.pam = pmcw.pim & (device.pam ?? ALL_PATHS);
      pmcw.pom = device.pom ?? ALL_PATHS;
      this.subchannels.push(sch);
      way.subchannels.push(sch);
      image.add(sch);
    }
  }

  /** Gives an image a subchannel that no channel path leads to, numbered on like those of devices. */
  addPathlessSubchannel(
    image: MachineChannelSubsystem,
    kind: SubchannelKind,
    device: Omit<DeviceInImage, 'unitAddress'>,
    nextNumber: number[],
  ): SubchannelId {
    const sch = this.addPathless(image, device, nextNumber);
    Object.assign(sch.schib.pmcw, SUBCHANNEL_KINDS[kind]);
    return sch.id;
  }

  /** Gives an image a subchannel of a device that is not there: nothing in it is valid but its number. */
  addVacantSubchannel(image: MachineChannelSubsystem, ssid: number, nextNumber: number[]): void {
    this.addPathless(image, { deviceNumber: 0, ssid }, nextNumber).schib.pmcw.deviceNumberValid = 0;
  }

  private addPathless(
    image: MachineChannelSubsystem,
    { deviceNumber, ssid }: Omit<DeviceInImage, 'unitAddress'>,
    nextNumber: number[],
  ): Subchannel {
    const id = subchannelId(0, ssid, nextNumber[ssid]++);
    const way = new ControlUnitImage(noControlUnit(), image.host, []);
    const index = this.subchannels.length;
    const sch = new Subchannel(id, index, image.host, { deviceNumber, unitAddress: 0 }, way, [], image);
    this.subchannels.push(sch);
    image.add(sch);
    return sch;
  }

  resetChannelPath(image: MachineChannelSubsystem, chpid: Chpid): 0 | 2 | 3 {
    const path = this.channelPaths.find((candidate) => candidate.chpid === chpid);
    if (path === undefined || !image.isConfigured(path)) return 3;
    const key = `${image.host}/${path.index}`;
    if (this.resetting.has(key)) return 2;
    this.resetting.add(key);
    const { sim, options } = this.parts;
    sim.after(options.pathResetNs, PRIORITY.MACHINE, this.resetKind, path.index, image.host);
    return 0;
  }

  /** Every control unit at the end of a path, with the port that the path leads to. */
  controlUnitsOn(path: ChannelPath): { unit: ControlUnit; port: number }[] {
    return this.controlUnits
      .filter(({ unit, paths }) => paths.includes(path) && this.managed?.isElsewhere(path, unit) !== true)
      .map(({ unit, paths }) => ({ unit, port: paths.indexOf(path) }));
  }

  /** Position of a control unit in the order in which they were attached. */
  positionOf(unit: ControlUnit): number {
    return this.controlUnits.findIndex((candidate) => candidate.unit === unit);
  }

  /** Channel paths that lead to a control unit, in the order of its ports. */
  pathsTo(unit: ControlUnit): readonly ChannelPath[] {
    return this.controlUnits.find((candidate) => candidate.unit === unit)!.paths;
  }

  private controlUnitImage(attached: AttachedControlUnit, image: MachineChannelSubsystem): ControlUnitImage {
    const { unit, paths, nonPreferred } = attached;
    const { host } = image;
    const ways = this.imagesOf.get(unit)!;
    let way = ways.find((candidate) => candidate.host === host);
    if (way === undefined) {
      const ports = portsIn(image, attached);
      way = new ControlUnitImage(unit, host, ports, maskAt(nonPreferred, ports));
      for (const [index, port] of ports.entries()) {
        if (port === NO_PORT) continue;
        way.fullLinkAddresses[index] = linkAddress(paths[port], this.positionOf(unit));
        unit.setLogicalPath(host, port, true, 'reset');
      }
      ways.push(way);
    }
    return way;
  }

  /** From now on devices may present status of their own. Called once, when all images exist. */
  takeUnsolicitedStatus(): UnsolicitedStatus {
    const { sim, observer } = this.parts;
    const unsolicited = new UnsolicitedStatus(sim, observer, this.subchannels);
    for (const image of this.images) image.unsolicited = unsolicited;
    return unsolicited;
  }

  /** A device of a control unit has status for one host, on the path at a port. */
  presentStatus(unit: ControlUnit, host: number, port: number, unitAddress: number, dstat: number): void {
    const way = this.imagesOf.get(unit)!.find((candidate) => candidate.host === host);
    const sch = way?.subchannels.find((candidate) => candidate.unitAddress === unitAddress);
    if (way === undefined || sch === undefined) return;
    this.images[host].unsolicited?.present(sch, way.ports.indexOf(port), dstat);
  }

  /** Channel paths that move between control units, with the time that a move takes. */
  managePaths(gapNs: SimTime): ManagedPaths {
    this.managed = new ManagedPaths(this.parts.sim, this.parts.observer, this, this.starts, gapNs);
    return this.managed;
  }

  private pathReset(path: ChannelPath, image: MachineChannelSubsystem): void {
    this.resetting.delete(`${image.host}/${path.index}`);
    for (const sch of image.subchannels) {
      const index = sch.pathOf(path);
      if (index >= 0) this.starts.losses.losePath(sch, index);
    }
    for (const { unit, port } of this.controlUnitsOn(path)) unit.systemReset(image.host, port);
    const crw = new Crw();
    crw.solicited = 1;
    crw.rsc = RSC.CHANNEL_PATH;
    crw.erc = ERC.INITIALIZED;
    crw.rsid = path.chpid & 0xff;
    image.report(crw, path.chpid, -1);
  }

  private busyListener(unit: ControlUnit): BusyListener {
    const waiting = (host: number): readonly Subchannel[] =>
      this.imagesOf.get(unit)!.find((way) => way.host === host)?.subchannels ?? [];
    return {
      deviceEnd: (host, unitAddress) => {
        for (const sch of waiting(host)) {
          if (sch.unitAddress === unitAddress && sch.phase === PHASE.WAITING) this.starts.redrive(sch);
        }
      },
      controlUnitEnd: (port) => {
        for (const way of this.imagesOf.get(unit)!) {
          const bit = pathBit(way.ports.indexOf(port));
          for (const sch of way.subchannels) {
            const owed = sch.phase === PHASE.WAITING && (sch.controlUnitBusy & bit) !== 0;
            if (owed) this.starts.redrive(sch);
          }
        }
      },
    };
  }
}

/** A mask of ports as one of path indexes. */
const maskAt = (mask: PathMask, ports: readonly number[]): PathMask =>
  ports.reduce((all, port, index) => ((mask & pathBit(port)) === 0 ? all : all | pathBit(index)), NO_PATHS);

/** Port of each path of a subchannel in an image; paths that the image has no access to leave a gap where others do. */
function portsIn(image: MachineChannelSubsystem, { paths, pim }: AttachedControlUnit): number[] {
  const isThere = (port: number): boolean => port !== NO_PORT && image.hasPath(paths[port]);
  if (pim === undefined) return [...paths.keys()].filter(isThere);
  return portsOf(pim).map((port) => (isThere(port) ? port : NO_PORT));
}

/** A made-up but distinct director address: switch number in the upper, port in the lower half. */
const linkAddress = (path: ChannelPath, controlUnit: number): number =>
  ((path.index & 0xff) << 8) | ((controlUnit + 1) & 0xff);
