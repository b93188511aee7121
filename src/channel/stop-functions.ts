import { PRIORITY } from '../kernel/priority.ts';
import { type EventKind, NO_EVENT, type Simulation } from '../kernel/simulation.ts';
import type { SimTime } from '../kernel/time.ts';
import { EVENT } from '../observe/event-table.ts';
import type { Observer } from '../observe/observer.ts';
import { ALL_PATHS, firstPath, NO_PATHS } from '../zarch/path-mask.ts';
import { ACTL, DSTAT, FCTL, STCTL } from '../zarch/scsw.ts';
import { haltCommand } from './halted-program.ts';
import type { LinkState } from './link-state.ts';
import { markNotOperational } from './operation-end.ts';
import type { StartFunctions } from './start-function.ts';
import { endedTimes, makeStatusPending, pathConcerned } from './status.ts';
import { PHASE, type Subchannel } from './subchannel.ts';

const ENDING = STCTL.PRIMARY | STCTL.SECONDARY | STCTL.ALERT;
const START_ACTIVITY = ACTL.RESUME_PENDING | ACTL.START_PENDING | ACTL.SUSPENDED;
const ACTIVE = ACTL.SUBCHANNEL_ACTIVE | ACTL.DEVICE_ACTIVE;

/**
 * Halt, clear and cancel (Principles of Operation, "Halt Function", "Clear Function", "Cancel Subchannel"). The signal
 * takes its way to the control unit and back; what the operation was doing ends when the instruction is executed, and
 * status pending follows.
 */
export class StopFunctions {
  private readonly sim: Simulation;
  private readonly observer: Observer;
  private readonly subchannels: readonly Subchannel[];
  private readonly starts: StartFunctions;
  private readonly links: LinkState;
  private readonly signalNs: SimTime;
  private readonly stoppedKind: EventKind;

  constructor(options: {
    sim: Simulation;
    observer: Observer;
    subchannels: readonly Subchannel[];
    starts: StartFunctions;
    links: LinkState;
    /** Time of the channel subsystem for one signal, without propagation, ns. */
    signalNs: SimTime;
  }) {
    this.sim = options.sim;
    this.observer = options.observer;
    this.subchannels = options.subchannels;
    this.starts = options.starts;
    this.links = options.links;
    this.signalNs = options.signalNs;
    this.stoppedKind = this.sim.defineEvent('channel.stopped', (index) => this.stopped(index));
  }

  /** HSCH. */
  halt(sch: Subchannel): 0 | 1 | 2 {
    const { scsw } = sch.schib;
    const pending = (scsw.stctl & STCTL.PENDING) !== 0;
    if (pending && (scsw.stctl === STCTL.PENDING || (scsw.stctl & ENDING) !== 0)) return 1;
    if ((scsw.fctl & (FCTL.HALT | FCTL.CLEAR)) !== 0) return 2;
    if (pending) {
      // Intermediate status alone is discarded.
      scsw.stctl = 0;
      scsw.zeroCc = 0;
      sch.interrupts.withdraw(sch.id);
    }
    // A device that has lost its operation with the path has nothing to end.
    const works = (scsw.actl & ACTL.DEVICE_ACTIVE) !== 0 && sch.phase !== PHASE.LOST;
    const suspended = scsw.actl & ACTL.SUSPENDED;
    // The times of a suspended program have been taken already.
    if (scsw.fctl === FCTL.START && sch.phase !== PHASE.SUSPENDED) endedTimes(sch, this.sim.now);
    this.signal(sch);
    scsw.fctl |= FCTL.HALT;
    scsw.actl = ACTL.HALT_PENDING | suspended;
    sch.dstat = works ? DSTAT.CHANNEL_END | DSTAT.DEVICE_END : 0;
    if (works) haltCommand(sch);
    return 0;
  }

  /** CSCH. */
  clear(sch: Subchannel): 0 {
    const { scsw, pmcw } = sch.schib;
    if ((scsw.stctl & STCTL.PENDING) !== 0) sch.interrupts.withdraw(sch.id);
    this.signal(sch);
    scsw.fctl = FCTL.CLEAR;
    scsw.actl = ACTL.CLEAR_PENDING;
    scsw.stctl = 0;
    scsw.cc = 0;
    scsw.zeroCc = 0;
    scsw.pathNotOperational = 0;
    sch.eswFormat = 3;
    sch.dedicated = NO_PATHS;
    sch.measurementCheck = 0;
    sch.eswLpum = NO_PATHS;
    sch.pathVerification = 0;
    sch.pathTimeout = 0;
    sch.senseCount = 0;
    pmcw.pnom = NO_PATHS;
    pmcw.lpum = NO_PATHS;
    pmcw.pom = ALL_PATHS;
    return 0;
  }

  /** XSCH: takes a start back that no device has accepted yet. */
  cancel(sch: Subchannel): 0 | 1 | 2 {
    const { scsw } = sch.schib;
    if ((scsw.stctl & STCTL.PENDING) !== 0) return 1;
    if (scsw.fctl !== FCTL.START || (scsw.actl & START_ACTIVITY) === 0) return 2;
    if ((scsw.actl & ACTIVE) !== 0) return 2;
    this.starts.abandon(sch);
    scsw.fctl = 0;
    scsw.actl = 0;
    scsw.dstat = 0;
    scsw.cstat = 0;
    return 0;
  }

  /** Ends what the subchannel is doing and sends the signal on the path that it used. */
  private signal(sch: Subchannel): void {
    const path = sch.pathIndex >= 0 ? sch.paths[sch.pathIndex] : null;
    sch.signalled = pathConcerned(sch);
    this.starts.abandon(sch);
    sch.phase = PHASE.STOPPING;
    const { now } = this.sim;
    const travelNs = path === null ? 0 : 2 * path.travelNs(now, sch.controlUnit.controlUnit);
    const time = now + this.signalNs + travelNs;
    sch.event = this.sim.at(time, PRIORITY.MACHINE, this.stoppedKind, sch.index, 0);
  }

  private stopped(index: number): void {
    const sch = this.subchannels[index];
    const { scsw } = sch.schib;
    sch.event = NO_EVENT;
    sch.phase = PHASE.IDLE;
    const cleared = (scsw.fctl & FCTL.CLEAR) !== 0;
    if (!this.signalArrives(sch)) sch.signalled = NO_PATHS;
    const ended = !cleared && sch.signalled !== NO_PATHS && sch.dstat !== 0;
    const dstat = ended ? sch.dstat : 0;
    const cstat = ended ? sch.cstat : 0;
    if (cleared && sch.signalled !== NO_PATHS) {
      const { controlUnit, ports } = sch.controlUnit;
      controlUnit.selectiveReset(sch.host, ports[firstPath(sch.signalled)], sch.unitAddress);
    }
    const suspended = scsw.actl & ACTL.SUSPENDED;
    scsw.actl = suspended;
    scsw.cc = 0;
    if (suspended === 0) scsw.count = ended ? sch.residual : 0;
    sch.senseCount = 0;
    makeStatusPending(sch, stoppedStatus(dstat, suspended), dstat, cstat, this.sim.now);
    sch.eswLpum = sch.signalled;
    this.observer.emit(EVENT['io.status'], sch.host, sch.id, -1, sch.eswLpum, -1, dstat, cstat, 0);
    sch.interrupts.post(sch.id, sch.schib.pmcw.isc);
  }

  /** Whether the control unit gets the signal. A path that is available and does not carry it is not operational. */
  private signalArrives(sch: Subchannel): boolean {
    const { signalled } = sch;
    const { pim, pam } = sch.schib.pmcw;
    if ((signalled & pim & pam) === NO_PATHS) return false;
    if (!this.links.isDown(sch.paths[firstPath(signalled)], sch.controlUnit.controlUnit)) return true;
    markNotOperational(sch, signalled);
    return false;
  }
}

/** A program that was suspended is told of as it was halted: still suspended, with intermediate status. */
function stoppedStatus(dstat: number, suspended: number): number {
  if (suspended !== 0) return STCTL.INTERMEDIATE | STCTL.PENDING;
  return dstat === 0 ? STCTL.PENDING : STCTL.PRIMARY | STCTL.SECONDARY | STCTL.PENDING;
}
