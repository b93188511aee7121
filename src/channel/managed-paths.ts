import { PRIORITY } from '../kernel/priority.ts';
import type { EventKind, Simulation } from '../kernel/simulation.ts';
import type { SimTime } from '../kernel/time.ts';
import { EVENT } from '../observe/event-table.ts';
import type { Observer } from '../observe/observer.ts';
import { pathBit } from '../zarch/path-mask.ts';
import type { ChannelPath } from './channel-path.ts';
import type { ControlUnit } from './control-unit.ts';
import type { MachineChannelSubsystem } from './image.ts';
import type { Machine } from './machine.ts';
import type { StartFunctions } from './start-function.ts';
import type { Subchannel } from './subchannel.ts';

/** A channel path that leads to one of several control units at a time. */
interface Managed {
  readonly path: ChannelPath;
  unit: ControlUnit;
  /** Where it is on its way to; null while it stays. */
  next: ControlUnit | null;
}

/**
 * Managed channel paths: each is defined for several control units, and installed in the subchannels of one (architecture
 * reference B.15). A move takes two steps, each of them a configuration change that every subchannel of the control unit
 * reports as "installed parameters modified":
 *
 *   leaves: PIM, PAM, CHPID gone ─► gap: what it was doing ends by itself ─► arrives: PIM, PAM, CHPID of the other unit
 */
export class ManagedPaths {
  private readonly observer: Observer;
  private readonly sim: Simulation;
  private readonly machine: Machine;
  private readonly starts: StartFunctions;
  private readonly gapNs: SimTime;
  private readonly managed: Managed[] = [];
  private readonly arriveKind: EventKind;

  constructor(sim: Simulation, observer: Observer, machine: Machine, starts: StartFunctions, gapNs: SimTime) {
    this.sim = sim;
    this.observer = observer;
    this.machine = machine;
    this.starts = starts;
    this.gapNs = gapNs;
    this.arriveKind = sim.defineEvent('machine.managed-path', (at) => this.arrive(this.managed[at]));
  }

  /** Before programs run: the path is managed, and installed at the first of its control units. */
  manage(path: ChannelPath): void {
    const [home, ...others] = this.machine.controlUnitsOn(path);
    this.managed.push({ path, unit: home.unit, next: null });
    for (const { unit } of others) {
      this.tellLink(EVENT['link.down'], path, unit);
      for (const { image, sch } of this.users(path, unit)) {
        uninstall(sch, path);
        sch.schib.pmcw.lpm &= sch.schib.pmcw.pim;
        this.disconnect(image, path, unit);
      }
    }
  }

  /** Control unit at which a path is, or from which it is on its way. */
  unitOf(path: ChannelPath): ControlUnit {
    return this.of(path).unit;
  }

  isMoving(path: ChannelPath): boolean {
    return this.of(path).next !== null;
  }

  /** Whether a path is defined for a control unit, but does not lead there now. */
  isElsewhere(path: ChannelPath, unit: ControlUnit): boolean {
    return this.managed.some((managed) => managed.path === path && managed.unit !== unit);
  }

  /** Takes a path to another control unit that it is defined for. False when it is there, or on its way. */
  move(path: ChannelPath, to: ControlUnit): boolean {
    const managed = this.of(path);
    if (managed.unit === to || managed.next !== null) return false;
    managed.next = to;
    const { machine } = this;
    const [from, onto] = [machine.positionOf(managed.unit), machine.positionOf(to)];
    this.observer.emit(EVENT['channel-path.moved'], -1, -1, path.chpid, -1, -1, from, onto, 0);
    this.tellLink(EVENT['link.down'], path, managed.unit);
    for (const { image, sch } of this.users(path, managed.unit)) {
      uninstall(sch, path);
      machine.devices.modify(image, sch);
    }
    this.sim.after(this.gapNs, PRIORITY.MACHINE, this.arriveKind, this.managed.indexOf(managed), 0);
    return true;
  }

  private arrive(managed: Managed): void {
    const { path, unit: from } = managed;
    const to = managed.next!;
    for (const { image, sch } of this.users(path, from)) {
      this.starts.losses.losePath(sch, sch.paths.indexOf(path));
      this.disconnect(image, path, from);
      this.starts.redrive(sch);
    }
    managed.unit = to;
    managed.next = null;
    this.tellLink(EVENT['link.up'], path, to);
    const users = this.users(path, to);
    for (const { image, sch } of users) {
      install(sch, path, image.isConfigured(path));
      if (image.isConfigured(path)) this.connect(image, path, to);
      this.machine.devices.modify(image, sch);
    }
    for (const { sch } of users) this.starts.redrive(sch);
  }

  /** What the devices of a control unit can be reached on has changed: to them it is as if a link did. */
  private tellLink(event: number, path: ChannelPath, unit: ControlUnit): void {
    const { machine, observer } = this;
    const port = machine.pathsTo(unit).indexOf(path);
    observer.emit(event, -1, -1, path.chpid, -1, -1, port, machine.positionOf(unit), 0);
  }

  private connect(image: MachineChannelSubsystem, path: ChannelPath, unit: ControlUnit): void {
    const port = this.machine.pathsTo(unit).indexOf(path);
    unit.setLogicalPath(image.host, port, true, image.options.pathGroupReturn);
  }

  private disconnect(image: MachineChannelSubsystem, path: ChannelPath, unit: ControlUnit): void {
    const port = this.machine.pathsTo(unit).indexOf(path);
    unit.setLogicalPath(image.host, port, false, image.options.pathGroupReturn);
  }

  private users(path: ChannelPath, unit: ControlUnit): { image: MachineChannelSubsystem; sch: Subchannel }[] {
    return this.machine.images.flatMap((image) =>
      image.subchannels
        .filter((sch) => sch.controlUnit.controlUnit === unit && sch.paths.includes(path))
        .map((sch) => ({ image, sch })),
    );
  }

  private of(path: ChannelPath): Managed {
    return this.managed.find((candidate) => candidate.path === path)!;
  }
}

function install(sch: Subchannel, path: ChannelPath, available: boolean): void {
  const index = sch.paths.indexOf(path);
  const { pmcw } = sch.schib;
  pmcw.pim |= pathBit(index);
  if (available) pmcw.pam |= pathBit(index);
  pmcw.chpids[index] = path.chpid & 0xff;
}

function uninstall(sch: Subchannel, path: ChannelPath): void {
  const index = sch.paths.indexOf(path);
  const { pmcw } = sch.schib;
  pmcw.pim &= ~pathBit(index);
  pmcw.pam &= ~pathBit(index);
  pmcw.chpids[index] = 0;
}
