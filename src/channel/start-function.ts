import { PRIORITY } from '../kernel/priority.ts';
import type { Stream } from '../kernel/random.ts';
import { type EventKind, NO_EVENT, type Simulation } from '../kernel/simulation.ts';
import type { SimTime } from '../kernel/time.ts';
import { EVENT } from '../observe/event-table.ts';
import type { Observer } from '../observe/observer.ts';
import type { Orb } from '../zarch/orb.ts';
import { firstPath, NO_PATHS, type PathIndex, type PathMask, pathBit } from '../zarch/path-mask.ts';
import { ACTL, DSTAT, SESQ } from '../zarch/scsw.ts';
import { AcceptedOperations } from './accepted-operation.ts';
import type { ChannelPath } from './channel-path.ts';
import { type ControlUnit, NOT_OPERATIONAL, NOT_TRANSPORT_CAPABLE } from './control-unit.ts';
import type { LinkState } from './link-state.ts';
import type { LostOperation } from './machine-model.ts';
import { markNotOperational, OperationEnd } from './operation-end.ts';
import { PathLosses } from './path-loss.ts';
import { type SelectionPolicy, WAIT_ANY, WAIT_BUSY } from './path-selection.ts';
import { acceptOrb, stopWaiting } from './status.ts';
import type { ProgramLimits } from './stored-program/program-rules.ts';
import { StoredPrograms } from './stored-program/stored-programs.ts';
import { PHASE, type Subchannel, WAITING_FOR } from './subchannel.ts';
import { commandModePath, holdExchange } from './transport-mode.ts';
import { TransportPrograms } from './transport-program/transport-programs.ts';

/** What an attempt on a path came to, as `path.tried` reports it. */
const TRIED = {
  OPERATIONAL: 0,
  CHANNEL_BUSY: 1,
  NOT_OPERATIONAL: 2,
  CONTROL_UNIT_BUSY: 3,
  DEVICE_BUSY: 4,
} as const;

const CONTROL_UNIT_BUSY = DSTAT.BUSY | DSTAT.STATUS_MODIFIER;

/**
 * The start function, from SSCH to status pending (Principles of Operation, "Start Function" and "Path Management";
 * architecture reference B.2 and B.4):
 *
 *   start ─► select a path ─► [send] ─► command at the control unit ─► [ready] ─► disconnect … reconnect
 *            │ all busy: wait                │ busy, not operational:            └► transfer ─► [status] ─► pending
 *            └ none operational: cc 3        └ try the next path
 *
 * Events (in brackets) stand where somebody else can observe or interfere; there is none per CCW. What a program does
 * takes effect at once, when its ending status is formed. A program in main storage goes round for each of its commands.
 */
export class StartFunctions {
  private readonly sim: Simulation;
  private readonly observer: Observer;
  private readonly subchannels: readonly Subchannel[];
  private readonly policy: SelectionPolicy;
  private readonly selectionStream: Stream;
  private readonly errorStream: Stream;
  private readonly links: LinkState;
  private readonly noPathNs: SimTime;
  private readonly endings: OperationEnd;
  /** What is different about programs in main storage. */
  readonly programs: StoredPrograms;
  /** And about those of them in transport mode. */
  readonly transports: TransportPrograms;
  /** What becomes of operations whose path goes. */
  readonly losses: PathLosses;
  /** What follows when a control unit has accepted a start. */
  readonly operations: AcceptedOperations;
  private readonly commandKind: EventKind;
  private readonly noPathKind: EventKind;
  private readonly view = {
    candidates: NO_PATHS,
    busy: NO_PATHS,
    answering: NO_PATHS,
    open: new Int32Array(8),
    responseNs: new Float64Array(8),
    nonPreferred: NO_PATHS,
    last: -1,
  };
  private readonly isLiveTicket = (index: number, ticket: number): boolean => {
    const sch = this.subchannels[index];
    return sch.waitTicket === ticket && (sch.phase === PHASE.WAITING || sch.phase === PHASE.RECONNECTING);
  };

  constructor(options: {
    sim: Simulation;
    observer: Observer;
    subchannels: readonly Subchannel[];
    policy: SelectionPolicy;
    selectionStream: Stream;
    errorStream: Stream;
    links: LinkState;
    /** How an operation ends whose path goes. */
    lostOperation: LostOperation;
    /** A frame got no answer → the channel gives the exchange up, ns. */
    responseTimeoutNs: SimTime;
    /** A start has no path to try → deferred cc 3, ns. */
    noPathNs: SimTime;
    /** Programs in main storage. */
    programs: ProgramLimits;
  }) {
    this.sim = options.sim;
    this.observer = options.observer;
    this.subchannels = options.subchannels;
    this.policy = options.policy;
    this.selectionStream = options.selectionStream;
    this.errorStream = options.errorStream;
    this.links = options.links;
    this.noPathNs = options.noPathNs;
    this.endings = new OperationEnd(options.sim, options.observer);
    this.programs = new StoredPrograms(this, options, this.endings, options.programs);
    this.transports = new TransportPrograms(this, options, this.endings, options.programs.fetchNs);
    this.losses = new PathLosses(this, this.endings, options.observer, options.links, options.lostOperation);
    this.commandKind = this.sim.defineEvent('channel.command', (index) => this.commandArrives(index));
    const ready = this.sim.defineEvent('channel.ready', (index) => this.operations.deviceReady(index));
    this.noPathKind = this.sim.defineEvent('channel.no-path', (index) => this.noPath(index));
    const status = this.sim.defineEvent('channel.status', (index) => this.operations.statusArrives(index));
    const timeout = this.sim.defineEvent('channel.timeout', (index) =>
      this.losses.noResponse(this.subchannels[index]),
    );
    const around = { ...options, endings: this.endings };
    this.operations = new AcceptedOperations(this, around, { ready, status, timeout });
  }

  /** SSCH with cc 0. */
  start(sch: Subchannel, orb: Orb): void {
    acceptOrb(sch, orb, this.sim.now);
    if (sch.program !== null) this.selectPath(sch);
    else if (sch.transport) this.transports.start(sch, orb);
    else this.programs.start(sch, orb);
  }

  /** A channel, control unit or device is free again: a waiting start tries all its paths anew. */
  redrive(sch: Subchannel): void {
    sch.waitingPaths = NO_PATHS;
    if (sch.phase === PHASE.RECONNECTING) {
      this.operations.reconnect(sch);
    } else if (sch.phase === PHASE.WAITING) {
      if (sch.event !== NO_EVENT) this.sim.cancel(sch.event);
      sch.event = NO_EVENT;
      sch.tried = NO_PATHS;
      sch.foundBusy = NO_PATHS;
      sch.controlUnitBusy = NO_PATHS;
      this.selectPath(sch);
    }
  }

  /** Gives up the exchange of an operation and lets the first waiting start have it. */
  closeExchange(sch: Subchannel): void {
    const path = sch.paths[sch.pathIndex];
    path.closeExchange(this.sim.now, sch.transport);
    sch.pathIndex = -1;
    this.offerExchange(path, sch.transport);
  }

  /** Lets the first waiting start have a free exchange; one that goes elsewhere after all leaves it to the next. */
  private offerExchange(path: ChannelPath, transport: boolean): void {
    const waiting = path.waitingFor(transport);
    while (path.hasFreeExchange(transport)) {
      const next = waiting.shift(this.isLiveTicket);
      if (next < 0) return;
      const sch = this.subchannels[next];
      this.redrive(sch);
      if ((sch.waitingPaths & pathBit(sch.pathOf(path))) !== 0) return;
    }
  }

  /** Takes the operation out of the channel, whatever it is doing; the exchange is closed and nothing more will happen. */
  abandon(sch: Subchannel): void {
    this.sim.cancel(sch.event);
    sch.event = NO_EVENT;
    sch.phase = PHASE.IDLE;
    sch.waitTicket++;
    stopWaiting(sch, this.sim.now);
    if (sch.accepted) {
      sch.accepted = false;
      sch.controlUnit.controlUnit.cancel(sch);
    }
    if (sch.pathIndex >= 0) this.closeExchange(sch);
  }

  /** The path went away before any device has accepted the start: it selects a path again. */
  startAnew(sch: Subchannel): void {
    this.abandon(sch);
    sch.phase = PHASE.WAITING;
    this.selectPath(sch);
  }

  /** Tries the next path of those that are left. */
  selectPath(sch: Subchannel): void {
    const { candidates } = sch;
    if (candidates === NO_PATHS) {
      this.nothingLeft(sch);
      return;
    }
    const { view } = this;
    let busy = NO_PATHS;
    for (let path = 0; path < sch.paths.length; path++) {
      const channel = sch.paths[path];
      view.open[path] = channel.open;
      if (!channel.hasFreeExchange(sch.transport)) busy |= pathBit(path);
    }
    const { controlUnit } = sch;
    view.candidates = candidates;
    view.busy = busy & candidates;
    view.answering = candidates | sch.foundBusy;
    view.responseNs = controlUnit.responseNs;
    view.nonPreferred = controlUnit.nonPreferred;
    view.last = controlUnit.lastPath;
    const choice = this.policy.choose(view, this.policy.draws ? this.selectionStream.uniform() : 0);
    // Whoever was refused is waiting already.
    if (choice === WAIT_BUSY) return;
    if (choice === WAIT_ANY) this.waitForChannel(sch, candidates);
    else if ((choice & busy) !== 0) this.waitForChannel(sch, choice);
    else this.send(sch, firstPath(choice));
  }

  /**
   * No path is left to try: wait for what was busy, or tell the program that no path was operational. To find that out
   * takes time even where none could be tried; a program that starts again at once would leave no CPU for anything else.
   */
  private nothingLeft(sch: Subchannel): void {
    if (sch.foundBusy === NO_PATHS && sch.tried !== NO_PATHS) {
      this.endWithoutPath(sch);
      return;
    }
    sch.phase = PHASE.WAITING;
    if (sch.foundBusy === NO_PATHS) this.schedule(sch, this.sim.now + this.noPathNs, this.noPathKind);
  }

  private noPath(index: number): void {
    const sch = this.subchannels[index];
    sch.event = NO_EVENT;
    this.endWithoutPath(sch);
  }

  /** A path that is left, but knows no transport mode, is named to the program: it may use it in command mode. */
  private endWithoutPath(sch: Subchannel): void {
    const refusing = commandModePath(sch);
    if (refusing === NO_PATHS) this.endings.noPathOperational(sch);
    else this.endings.transportRefused(sch, refusing, SESQ.PATH_NOT_CAPABLE);
  }

  /** Waits until one of the channels has a free exchange. */
  waitForChannel(sch: Subchannel, paths: PathMask): void {
    // Missed reconnections are disconnect time; only a start that waits is pending.
    if (sch.phase !== PHASE.RECONNECTING) {
      sch.phase = PHASE.WAITING;
      this.startWaiting(sch, WAITING_FOR.CHANNEL);
    }
    sch.waitTicket++;
    sch.waitingPaths = paths;
    for (let path = 0; path < sch.paths.length; path++) {
      if ((paths & pathBit(path)) === 0) continue;
      sch.paths[path].waitingFor(sch.transport).push(sch.index, sch.waitTicket, this.isLiveTicket);
    }
  }

  private startWaiting(sch: Subchannel, what: number): void {
    stopWaiting(sch, this.sim.now);
    sch.waitingFor = what;
    sch.waitingSince = this.sim.now;
  }

  private send(sch: Subchannel, path: PathIndex): void {
    const { now } = this.sim;
    stopWaiting(sch, now);
    // A ticket that is left on another path must not meet a later wait.
    sch.waitTicket++;
    const channel = sch.paths[path];
    channel.openExchange(now, sch.transport);
    // The rotation moves on with every start that a channel takes: starts come faster than devices accept them.
    sch.controlUnit.lastPath = path;
    sch.phase = PHASE.SENT;
    sch.pathIndex = path;
    sch.port = sch.controlUnit.ports[path];
    sch.sentAt = sch.transport
      ? channel.serveTransport(now)
      : channel.serveStart(now, sch.serviceDraw, sch.program === null ? 1 : sch.program.length);
    const travelNs = channel.travelNs(sch.sentAt, sch.controlUnit.controlUnit);
    this.schedule(sch, sch.sentAt + travelNs, this.commandKind);
  }

  private commandArrives(index: number): void {
    const sch = this.subchannels[index];
    sch.event = NO_EVENT;
    const path = sch.pathIndex;
    const channel = sch.paths[path];
    if (this.links.losesFrames(channel, sch.controlUnit.controlUnit)) {
      this.operations.frameLost(sch);
      return;
    }
    if (channel.impairments !== null && this.isInError(channel, sch.controlUnit.controlUnit)) {
      sch.eswLpum = pathBit(path);
      this.abandon(sch);
      this.endings.interfaceControlCheck(sch);
      return;
    }
    const status = sch.controlUnit.controlUnit.initialSelection(sch);
    if (status === 0) this.accepted(sch, channel, path);
    else this.refused(sch, channel, path, status);
  }

  private isInError({ impairments }: ChannelPath, unit: ControlUnit): boolean {
    const errorRate = impairments === null ? 0 : impairments.errorRate(unit, this.sim.now);
    return errorRate > 0 && this.errorStream.uniform() < errorRate;
  }

  private accepted(sch: Subchannel, channel: ChannelPath, path: PathIndex): void {
    const { now } = this.sim;
    const { pmcw, scsw } = sch.schib;
    const bit = pathBit(path);
    pmcw.pom |= bit;
    pmcw.pnom &= ~bit;
    pmcw.lpum = bit;
    sch.accepted = true;
    sch.dedicated = NO_PATHS;
    // A resumption has done its part now; one that came before any suspension goes on pending.
    const resumption = (scsw.actl & ACTL.SUSPENDED) === 0 ? scsw.actl & ACTL.RESUME_PENDING : 0;
    scsw.actl = ACTL.SUBCHANNEL_ACTIVE | ACTL.DEVICE_ACTIVE | resumption;
    sch.phase = PHASE.CONNECTED;
    sch.connectedAt = now;
    sch.pendNs = now - sch.acceptedAt;
    sch.commandResponseNs = now - sch.sentAt;
    const { smoothing } = this.policy;
    if (smoothing > 0) sch.controlUnit.responded(path, sch.commandResponseNs, smoothing);
    this.observer.emit(EVENT['io.connect'], sch.host, sch.id, channel.chpid, bit, -1, sch.port, 0, 0);
    if (sch.program === null) this.programs.accepted(sch);
    if (sch.transport) holdExchange(sch, channel, now);
    this.operations.connected(sch, now + sch.connectNs);
  }

  private refused(sch: Subchannel, channel: ChannelPath, path: PathIndex, status: number): void {
    const bit = pathBit(path);
    sch.phase = PHASE.WAITING;
    this.closeExchange(sch);
    sch.tried |= bit;
    if (status === NOT_OPERATIONAL) {
      markNotOperational(sch, bit);
      this.tried(sch, channel, bit, TRIED.NOT_OPERATIONAL);
    } else if (status === CONTROL_UNIT_BUSY) {
      sch.foundBusy |= bit;
      sch.controlUnitBusy |= bit;
      this.startWaiting(sch, WAITING_FOR.CONTROL_UNIT);
      this.tried(sch, channel, bit, TRIED.CONTROL_UNIT_BUSY);
    } else if (status === DSTAT.BUSY) {
      sch.foundBusy |= bit;
      this.startWaiting(sch, WAITING_FOR.DEVICE);
      this.tried(sch, channel, bit, TRIED.DEVICE_BUSY);
      // In multipath mode any path will do when the device is free again, so no other one is tried now.
      if (sch.schib.pmcw.multipath === 1) return;
    } else if (status === NOT_TRANSPORT_CAPABLE) {
      this.endings.transportRefused(sch, bit, SESQ.DEVICE_NOT_CAPABLE);
      return;
    } else {
      this.endings.initialStatus(sch, bit, status);
      return;
    }
    this.selectPath(sch);
  }

  private tried(sch: Subchannel, channel: ChannelPath, bit: PathMask, result: number): void {
    const { pom, pnom } = sch.schib.pmcw;
    this.observer.emit(EVENT['path.tried'], sch.host, sch.id, channel.chpid, bit, -1, result, pom, pnom);
  }

  private schedule(sch: Subchannel, time: SimTime, kind: EventKind): void {
    sch.event = this.sim.at(time, PRIORITY.MACHINE, kind, sch.index, 0);
  }
}
