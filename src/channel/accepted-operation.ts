import { PRIORITY } from '../kernel/priority.ts';
import { type EventKind, NO_EVENT, type Simulation } from '../kernel/simulation.ts';
import type { SimTime } from '../kernel/time.ts';
import { EVENT } from '../observe/event-table.ts';
import type { Observer } from '../observe/observer.ts';
import { firstPath, pathBit } from '../zarch/path-mask.ts';
import { ACTL } from '../zarch/scsw.ts';
import type { LinkState } from './link-state.ts';
import type { OperationEnd } from './operation-end.ts';
import { reconnectPaths } from './path-loss.ts';
import type { StartFunctions } from './start-function.ts';
import { stopWaiting } from './status.ts';
import { PHASE, type Subchannel } from './subchannel.ts';

/** What a connected operation shares with the start function that it is the second half of. */
interface Surroundings {
  readonly sim: Simulation;
  readonly observer: Observer;
  readonly subchannels: readonly Subchannel[];
  readonly links: LinkState;
  readonly endings: OperationEnd;
  /** A frame got no answer → the channel gives the exchange up, ns. */
  readonly responseTimeoutNs: SimTime;
}

/** Kinds of the events that an accepted operation waits for. */
interface Kinds {
  readonly ready: EventKind;
  readonly status: EventKind;
  readonly timeout: EventKind;
}

/**
 * What follows when a control unit has accepted a start: it works with or without the channel, comes back, and presents
 * its ending status.
 */
export class AcceptedOperations {
  private readonly starts: StartFunctions;
  private readonly sim: Simulation;
  private readonly observer: Observer;
  private readonly subchannels: readonly Subchannel[];
  private readonly links: LinkState;
  private readonly endings: OperationEnd;
  private readonly responseTimeoutNs: SimTime;
  private readonly kinds: Kinds;

  constructor(starts: StartFunctions, around: Surroundings, kinds: Kinds) {
    this.starts = starts;
    this.sim = around.sim;
    this.observer = around.observer;
    this.subchannels = around.subchannels;
    this.links = around.links;
    this.endings = around.endings;
    this.responseTimeoutNs = around.responseTimeoutNs;
    this.kinds = kinds;
  }

  /** The control unit works on what it was sent until `time`. */
  connected(sch: Subchannel, time: SimTime): void {
    this.schedule(sch, time, this.kinds.ready);
  }

  /** The control unit has done its connected work, or the device wants its channel back. */
  deviceReady(index: number): void {
    const sch = this.subchannels[index];
    sch.event = NO_EVENT;
    if (sch.phase === PHASE.CONNECTED && sch.disconnectNs > 0) this.disconnect(sch);
    else if (sch.phase === PHASE.DISCONNECTED) this.reconnect(sch);
    else this.transfer(sch);
  }

  private disconnect(sch: Subchannel): void {
    const { now } = this.sim;
    const { chpid } = sch.paths[sch.pathIndex];
    this.observer.emit(EVENT['io.disconnect'], sch.host, sch.id, chpid, sch.schib.pmcw.lpum, -1, 0, 0, 0);
    sch.phase = PHASE.DISCONNECTED;
    sch.disconnectedAt = now;
    sch.schib.scsw.actl &= ~ACTL.SUBCHANNEL_ACTIVE;
    this.schedule(sch, now + sch.disconnectNs, this.kinds.ready);
    this.starts.closeExchange(sch);
  }

  /** Reconnects on the path last used; in multipath mode on any path that has a free exchange. */
  reconnect(sch: Subchannel): void {
    const { pmcw } = sch.schib;
    const eligible = reconnectPaths(sch, this.links);
    let path = firstPath(pmcw.lpum);
    for (let turn = 0; turn < 8; turn++, path = (path + 1) & 7) {
      if ((eligible & pathBit(path)) !== 0 && sch.paths[path].hasFreeExchange(false)) break;
    }
    if ((eligible & pathBit(path)) === 0 || !sch.paths[path].hasFreeExchange(false)) {
      sch.phase = PHASE.RECONNECTING;
      this.starts.waitForChannel(sch, eligible);
      return;
    }
    const { now } = this.sim;
    const channel = sch.paths[path];
    stopWaiting(sch, now);
    sch.waitTicket++;
    channel.openExchange(now, false);
    sch.pathIndex = path;
    sch.port = sch.controlUnit.ports[path];
    pmcw.lpum = pathBit(path);
    sch.disconnectTotalNs += now - sch.disconnectedAt;
    sch.schib.scsw.actl |= ACTL.SUBCHANNEL_ACTIVE;
    this.observer.emit(EVENT['io.reconnect'], sch.host, sch.id, channel.chpid, pmcw.lpum, -1, sch.port, 0, 0);
    this.transfer(sch);
  }

  private transfer(sch: Subchannel): void {
    const channel = sch.paths[sch.pathIndex];
    const unit = sch.controlUnit.controlUnit;
    if (this.links.losesFrames(channel, unit)) {
      this.frameLost(sch);
      return;
    }
    sch.phase = PHASE.TRANSFER;
    if (sch.program === null) this.starts.programs.execute(sch);
    const sent = channel.transfer(this.sim.now, unit, sch.readBytes, sch.writeBytes);
    this.schedule(sch, sent + channel.travelNs(sent, unit), this.kinds.status);
  }

  statusArrives(index: number): void {
    const sch = this.subchannels[index];
    sch.event = NO_EVENT;
    if (this.links.losesFrames(sch.paths[sch.pathIndex], sch.controlUnit.controlUnit)) {
      this.frameLost(sch);
      return;
    }
    if (sch.program === null) {
      this.starts.programs.statusArrives(sch);
      return;
    }
    sch.accepted = false;
    sch.controlUnit.controlUnit.execute(sch);
    if (sch.transport) this.starts.transports.conclude(sch);
    sch.eswLpum = pathBit(sch.pathIndex);
    this.endings.endingStatus(sch);
    this.starts.closeExchange(sch);
  }

  /** A frame went over a broken link: no answer will come, which the channel takes for a failure after a while. */
  frameLost(sch: Subchannel): void {
    sch.phase = PHASE.LOST;
    this.schedule(sch, this.sim.now + this.responseTimeoutNs, this.kinds.timeout);
  }

  private schedule(sch: Subchannel, time: SimTime, kind: EventKind): void {
    sch.event = this.sim.at(time, PRIORITY.MACHINE, kind, sch.index, 0);
  }
}
