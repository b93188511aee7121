import { PRIORITY } from '../kernel/priority.ts';
import type { EventKind, Simulation } from '../kernel/simulation.ts';
import { EVENT } from '../observe/event-table.ts';
import type { Observer } from '../observe/observer.ts';
import { SEI_CONTENT } from '../zarch/chsc.ts';
import { Crw, ERC, RSC } from '../zarch/crw.ts';
import type { PathIndex } from '../zarch/path-mask.ts';
import { pathBit } from '../zarch/path-mask.ts';
import type { ChannelPath } from './channel-path.ts';
import type { ControlUnit } from './control-unit.ts';
import type { MachineChannelSubsystem } from './image.ts';
import type { LinkState } from './link-state.ts';
import type { Machine } from './machine.ts';
import type { MachineOptions } from './machine-model.ts';
import { type Impairment, PathImpairments } from './path-impairment.ts';
import type { StartFunctions } from './start-function.ts';
import type { Subchannel } from './subchannel.ts';

/** Event information about channel paths comes from reporting source 4. */
const SOURCE_CHANNEL_PATH = 4;
const LINK_NOT_OPERATIONAL = 2;

/** How a CHPID is configured, as an event of the simulation carries it. */
const ON = 1;
const UNREPORTED = 2;

/**
 * What changes at the machine itself while programs run: CHPIDs enter and leave the configuration, links break and
 * heal, control units are reset. Each change becomes known to the channel subsystem after its detection time; then
 * masks change, operations on the path end and reports are made, in the machine's own order.
 */
export class Configuration {
  private readonly sim: Simulation;
  private readonly observer: Observer;
  private readonly options: MachineOptions;
  private readonly machine: Machine;
  private readonly links: LinkState;
  private readonly starts: StartFunctions;
  private readonly configureKind: EventKind;
  private readonly linkKind: EventKind;
  /** Changes of links that have not been noticed yet; the detection time is constant, so they are noticed in this order. */
  private readonly unnoticed: { path: ChannelPath; unit: ControlUnit; up: boolean; change: number }[] = [];

  constructor(
    sim: Simulation,
    observer: Observer,
    options: MachineOptions,
    machine: Machine,
    links: LinkState,
    starts: StartFunctions,
  ) {
    this.sim = sim;
    this.observer = observer;
    this.options = options;
    this.machine = machine;
    this.links = links;
    this.starts = starts;
    this.configureKind = sim.defineEvent('machine.configure', (path, how) => {
      for (const image of machine.images) this.configured(image, machine.channelPaths[path], how);
    });
    this.linkKind = sim.defineEvent('machine.link-detected', () => this.linkDetected());
  }

  /**
   * Configures a CHPID on or off for all images, as an operator does at the support element. Unless it is `reported`,
   * neither a channel report nor event information tells of it.
   */
  configureChpid(path: ChannelPath, on: boolean, reported = true): void {
    const { configureDelayNs } = this.options;
    const how = (on ? ON : 0) | (reported ? 0 : UNREPORTED);
    this.sim.after(configureDelayNs, PRIORITY.MACHINE, this.configureKind, path.index, how);
  }

  /** Before programs run: a CHPID is not in the configuration of any image. */
  standBy(path: ChannelPath): void {
    for (const image of this.machine.images) {
      image.setConfigured(path, false);
      for (const { sch, index } of usersOf(image, path)) sch.schib.pmcw.pam &= ~pathBit(index);
      for (const { unit, port } of this.machine.controlUnitsOn(path)) {
        unit.setLogicalPath(image.host, port, false, this.options.pathGroupReturn);
      }
    }
  }

  /** A link between a channel path and a control unit breaks or heals. The channel notices it later. */
  setLink(path: ChannelPath, unit: ControlUnit, up: boolean): void {
    const change = this.links.set(path, unit, up);
    if (change === 0) return;
    const event = up ? EVENT['link.up'] : EVENT['link.down'];
    const port = this.machine.pathsTo(unit).indexOf(path);
    const unitPosition = this.machine.positionOf(unit);
    this.observer.emit(event, -1, -1, path.chpid, -1, -1, port, unitPosition, 0);
    this.unnoticed.push({ path, unit, up, change });
    this.sim.after(this.options.linkDetectNs, PRIORITY.MACHINE, this.linkKind, path.index, unitPosition);
  }

  /** A link goes on to work, but slowly or with errors. Nothing reports it. */
  impair(path: ChannelPath, impairment: Impairment): void {
    path.impairments = (path.impairments ?? new PathImpairments([])).with(impairment);
  }

  /** Takes one impairment away again. */
  relieve(path: ChannelPath, impairment: Impairment): void {
    path.impairments = path.impairments?.without(impairment) ?? null;
  }

  /** A control unit resets itself: its operations end, every logical path owes a reset notification. */
  resetControlUnit(unit: ControlUnit): void {
    const paths = this.machine.pathsTo(unit);
    for (const image of this.machine.images) {
      for (const sch of image.subchannels) {
        if (sch.controlUnit.controlUnit === unit) this.starts.losses.loseOperation(sch);
      }
      for (const port of paths.keys()) unit.systemReset(image.host, port);
    }
  }

  private configured(image: MachineChannelSubsystem, path: ChannelPath, how: number): void {
    const on = (how & ON) !== 0;
    const reported = (how & UNREPORTED) === 0;
    if (!image.hasPath(path) || image.isConfigured(path) === on) return;
    image.setConfigured(path, on);
    const event = on ? EVENT['chpid.available'] : EVENT['chpid.unavailable'];
    this.observer.emit(event, image.host, -1, path.chpid, -1, -1, 0, 0, 0);
    if (on) this.arrive(image, path, reported);
    else this.depart(image, path, reported);
  }

  private arrive(image: MachineChannelSubsystem, path: ChannelPath, reported: boolean): void {
    const { pathGroupReturn } = this.options;
    for (const { unit, port } of this.machine.controlUnitsOn(path)) {
      if (!this.links.isDown(path, unit)) unit.setLogicalPath(image.host, port, true, pathGroupReturn);
    }
    const users = usersOf(image, path);
    for (const { sch, index } of users) sch.schib.pmcw.pam |= pathBit(index);
    if (reported) this.reportArrival(image, path);
    for (const { sch } of users) this.starts.redrive(sch);
  }

  private depart(image: MachineChannelSubsystem, path: ChannelPath, reported: boolean): void {
    const { pathGroupReturn, lossOrder } = this.options;
    const users = usersOf(image, path);
    path.leaving = true;
    for (const step of lossOrder) {
      if (step === 'mask') {
        for (const { sch, index } of users) sch.schib.pmcw.pam &= ~pathBit(index);
      } else if (step === 'io') {
        if (this.machine.images.length === 1) path.purge(this.sim.now);
        for (const { sch, index } of users) this.starts.losses.losePath(sch, index);
      } else if (reported) this.reportDeparture(image, path);
    }
    for (const { unit, port } of this.machine.controlUnitsOn(path)) {
      unit.setLogicalPath(image.host, port, false, pathGroupReturn);
    }
    path.leaving = false;
    for (const { sch } of users) this.starts.redrive(sch);
  }

  private linkDetected(): void {
    const { path, unit, up, change } = this.unnoticed.shift()!;
    if (!this.links.notice(path, unit, change)) return;
    const port = this.machine.pathsTo(unit).indexOf(path);
    for (const image of this.machine.images) {
      if (!image.isConfigured(path)) continue;
      unit.setLogicalPath(image.host, port, up, this.options.pathGroupReturn);
      const users = usersOf(image, path).filter(({ sch }) => sch.controlUnit.controlUnit === unit);
      if (!up) for (const { sch, index } of users) this.starts.losses.losePath(sch, index);
      if (this.options.reports.eventInformation && users.length > 0) {
        const fla = users[0].sch.controlUnit.fullLinkAddresses[users[0].index];
        if (up) this.reportAccessible(image, path, 0xc0, fla);
        else this.reportIncident(image, path);
      }
      for (const { sch } of users) this.starts.redrive(sch);
    }
  }

  private reportArrival(image: MachineChannelSubsystem, path: ChannelPath): void {
    const { reports } = this.options;
    if (reports.arriveReport) this.reportPath(image, path, ERC.INITIALIZED);
    else if (reports.configurationAsEvent) this.reportAccessible(image, path, 0, 0);
  }

  private reportDeparture(image: MachineChannelSubsystem, path: ChannelPath): void {
    const { reports } = this.options;
    if (reports.goneReport) this.reportPath(image, path, ERC.PERMANENT_NOT_INITIALIZED);
    else if (reports.configurationAsEvent) this.reportIncident(image, path);
  }

  private reportPath(image: MachineChannelSubsystem, path: ChannelPath, erc: number): void {
    const crw = new Crw();
    crw.rsc = RSC.CHANNEL_PATH;
    crw.erc = erc;
    crw.rsid = path.chpid & 0xff;
    image.report(crw, path.chpid, -1);
  }

  private reportAccessible(
    image: MachineChannelSubsystem,
    path: ChannelPath,
    validity: number,
    fla: number,
  ): void {
    this.reportEvent(image, path, SEI_CONTENT.RESOURCE_ACCESSIBILITY, validity, fla, 0);
  }

  private reportIncident(image: MachineChannelSubsystem, path: ChannelPath): void {
    this.reportEvent(image, path, SEI_CONTENT.LINK_INCIDENT, 0, 0, LINK_NOT_OPERATIONAL);
  }

  private reportEvent(
    image: MachineChannelSubsystem,
    path: ChannelPath,
    contentCode: number,
    validity: number,
    fla: number,
    incidentClass: number,
  ): void {
    const crw = new Crw();
    crw.rsc = RSC.CHANNEL_SUBSYSTEM;
    crw.erc = ERC.EVENT;
    image.reportEvent(
      {
        notificationType: 0,
        contentCode,
        reportingSource: SOURCE_CHANNEL_PATH,
        rsid: path.chpid & 0xff,
        validity,
        fla,
        incidentClass,
        chpids: [],
        operation: 0,
      },
      crw,
    );
  }
}

/** Subchannels of an image that have the path, with its index in each. */
function usersOf(image: MachineChannelSubsystem, path: ChannelPath): { sch: Subchannel; index: PathIndex }[] {
  return image.subchannels.map((sch) => ({ sch, index: sch.pathOf(path) })).filter(({ index }) => index >= 0);
}
