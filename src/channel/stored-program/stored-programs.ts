import { PRIORITY } from '../../kernel/priority.ts';
import type { EventKind, Simulation } from '../../kernel/simulation.ts';
import { NO_EVENT } from '../../kernel/simulation.ts';
import type { Observer } from '../../observe/observer.ts';
import type { Orb } from '../../zarch/orb.ts';
import { NO_PATHS } from '../../zarch/path-mask.ts';
import { ACTL, CSTAT, DSTAT, FCTL, STCTL } from '../../zarch/scsw.ts';
import type { OperationEnd } from '../operation-end.ts';
import type { StartFunctions } from '../start-function.ts';
import { endedTimes, pathConcerned } from '../status.ts';
import { PHASE, type Subchannel } from '../subchannel.ts';
import type { ProgramLimits } from './program-rules.ts';
import { StoredProgram } from './stored-program.ts';

const NORMAL_END = DSTAT.CHANNEL_END | DSTAT.DEVICE_END;
const NOT_DEFINED = -1;

/**
 * Start and resume functions of programs in main storage, one command after the other. What happens on the way to the
 * control unit and back is the same as for programs that come as a whole (start-function.ts):
 *
 *   SSCH, RSCH ─► [fetch] ─► select a path, send ─► accepted ─► [ready] … execute, transfer ─► [status] ─┐
 *      │ suspend flag: suspended                      ▲                                                  │
 *      └ error: program check          next command ──┴── chain command ◄────────────────────────────────┤
 *                                                                         ending status, check, suspended ◄┘
 */
export class StoredPrograms {
  private readonly starts: StartFunctions;
  private readonly sim: Simulation;
  private readonly observer: Observer;
  private readonly subchannels: readonly Subchannel[];
  private readonly endings: OperationEnd;
  private readonly limits: ProgramLimits;
  private fetchKind: EventKind = NOT_DEFINED;

  constructor(
    starts: StartFunctions,
    parts: { sim: Simulation; observer: Observer; subchannels: readonly Subchannel[] },
    endings: OperationEnd,
    limits: ProgramLimits,
  ) {
    this.starts = starts;
    this.sim = parts.sim;
    this.observer = parts.observer;
    this.subchannels = parts.subchannels;
    this.endings = endings;
    this.limits = limits;
  }

  /** SSCH with cc 0. */
  start(sch: Subchannel, orb: Readonly<Orb>): void {
    sch.stored ??= new StoredProgram(sch, this.observer, this.limits);
    sch.stored.begin(orb, sch.schib.pmcw.limitMode, sch.environment.addressLimit);
    this.fetchFirst(sch);
  }

  /**
   * RSCH: carries on with a suspended program, at the same CCW as it is in storage now. A program that may suspend itself
   * and has not done so keeps the resumption for when it does.
   */
  resume(sch: Subchannel): 0 | 1 | 2 {
    const { scsw } = sch.schib;
    if ((scsw.stctl & STCTL.PENDING) !== 0) return 1;
    if (scsw.fctl !== FCTL.START || scsw.suspendControl === 0) return 2;
    if ((scsw.actl & ACTL.RESUME_PENDING) !== 0) return 2;
    scsw.actl |= ACTL.RESUME_PENDING;
    if ((scsw.actl & ACTL.SUSPENDED) !== 0) this.resumeSuspended(sch);
    else if (sch.measuring !== 0) sch.measurement!.started(sch);
    return 0;
  }

  private resumeSuspended(sch: Subchannel): void {
    const { scsw, pmcw } = sch.schib;
    scsw.pathNotOperational = 0;
    scsw.count = 0;
    pmcw.pnom = NO_PATHS;
    sch.tried = NO_PATHS;
    sch.foundBusy = NO_PATHS;
    sch.controlUnitBusy = NO_PATHS;
    sch.acceptedAt = this.sim.now;
    sch.clearTimes();
    if (sch.measuring !== 0) sch.measurement!.started(sch);
    sch.stored!.refetch();
    this.fetchFirst(sch);
  }

  /**
   * The control unit has accepted the first command since the start or the resumption. A program that is over with its
   * initial status has no interruption for that besides its ending.
   */
  accepted(sch: Subchannel): void {
    const program = sch.stored!;
    const isOver = program.immediate && !program.chainsCommand;
    if (program.rules.initialStatus && !program.initialStatusMade && !isOver) {
      program.initialStatusMade = true;
      this.endings.intermediateStatus(sch, 0);
      sch.schib.scsw.zeroCc = 1;
    }
    this.takesEffect(sch, program);
  }

  /** The planned time of a command has passed: the device does its part, and its data cross the link. */
  execute(sch: Subchannel): void {
    const program = sch.stored!;
    sch.controlUnit.controlUnit.executeCommand(sch);
    const bytes = program.linkBytes;
    sch.readBytes = program.isInput ? bytes : 0;
    sch.writeBytes = program.isInput ? 0 : bytes;
  }

  /** Data and status of a command have reached the channel. */
  statusArrives(sch: Subchannel): void {
    const program = sch.stored!;
    const unasked = !program.interruption;
    program.conclude();
    const { scsw } = sch.schib;
    scsw.ccwAddress = program.current.statusAddress;
    if (program.interruption && unasked) this.endings.intermediateStatus(sch, CSTAT.PCI);
    if (program.check !== 0) this.endWithCheck(sch, program);
    else if (this.goesOn(sch, program)) this.goOn(sch, program);
    else this.end(sch, sch.dstat, program.incorrectLength ? CSTAT.INCORRECT_LENGTH : 0, program.residual);
  }

  private goesOn(sch: Subchannel, program: StoredProgram): boolean {
    if ((sch.dstat & ~DSTAT.STATUS_MODIFIER) !== NORMAL_END) return false;
    return program.chainsCommand && !program.incorrectLength;
  }

  private goOn(sch: Subchannel, program: StoredProgram): void {
    if ((sch.dstat & DSTAT.STATUS_MODIFIER) !== 0) program.passOver();
    if (!this.next(sch, program)) return;
    const channel = sch.paths[sch.pathIndex];
    sch.phase = PHASE.CONNECTED;
    const unit = sch.controlUnit.controlUnit;
    unit.nextCommand(sch);
    this.takesEffect(sch, program);
    const sent = channel.serveCommand(this.sim.now);
    this.starts.operations.connected(sch, sent + channel.travelNs(sent, unit) + sch.connectNs);
  }

  private fetchFirst(sch: Subchannel): void {
    // A kind of its own, but only where there is such a program: the numbers of kinds stand in fingerprints.
    if (this.fetchKind === NOT_DEFINED)
      this.fetchKind = this.sim.defineEvent('channel.fetch', (index) => this.fetched(index));
    sch.phase = PHASE.FETCHING;
    sch.event = this.sim.after(this.limits.fetchNs, PRIORITY.MACHINE, this.fetchKind, sch.index, 0);
  }

  private fetched(index: number): void {
    const sch = this.subchannels[index];
    sch.event = NO_EVENT;
    // Without a path it does not matter what the program is.
    if (sch.candidates === NO_PATHS || this.next(sch, sch.stored!)) this.starts.selectPath(sch);
  }

  /** Makes the next command ready to be sent; otherwise the program has been ended or suspended. */
  private next(sch: Subchannel, program: StoredProgram): boolean {
    const { scsw } = sch.schib;
    let isFetched = program.next();
    if (isFetched && program.isSuspending && takeResumption(sch)) {
      program.refetch();
      isFetched = program.next();
    }
    scsw.ccwAddress = program.current.statusAddress;
    if (isFetched && program.isSuspending) this.suspend(sch, program);
    else if (!isFetched || !program.open()) this.endWithCheck(sch, program);
    else return true;
    return false;
  }

  private takesEffect(sch: Subchannel, program: StoredProgram): void {
    program.carriedOut(program.current);
    if (program.interruption) this.endings.intermediateStatus(sch, CSTAT.PCI);
  }

  /**
   * The device's chain ends here, and the subchannel keeps the start function until RSCH. A program-controlled interruption
   * that goes with the CCW is made all the same.
   */
  private suspend(sch: Subchannel, program: StoredProgram): void {
    const { scsw, pmcw } = sch.schib;
    pmcw.lpum = pathConcerned(sch);
    this.leaveDevice(sch);
    endedTimes(sch, this.sim.now);
    sch.phase = PHASE.SUSPENDED;
    scsw.actl = ACTL.SUSPENDED;
    scsw.count = program.current.count;
    if (program.asksInterruption) this.endings.intermediateStatus(sch, CSTAT.PCI);
    else if (!program.rules.suppressSuspended) this.endings.intermediateStatus(sch, 0);
  }

  /** Program check and protection check end the operation without device status, as both engines that were asked do. */
  private endWithCheck(sch: Subchannel, program: StoredProgram): void {
    this.end(sch, 0, program.check, 0);
  }

  private end(sch: Subchannel, dstat: number, cstat: number, residual: number): void {
    sch.eswLpum = pathConcerned(sch);
    this.leaveDevice(sch);
    sch.dstat = dstat;
    sch.cstat = cstat;
    sch.residual = residual;
    this.endings.endingStatus(sch);
  }

  private leaveDevice(sch: Subchannel): void {
    if (sch.accepted) {
      sch.accepted = false;
      sch.controlUnit.controlUnit.cancel(sch);
    }
    if (sch.pathIndex >= 0) this.starts.closeExchange(sch);
  }
}

/** Whether RSCH came before the program would have suspended itself; the resumption is used up by that. */
function takeResumption(sch: Subchannel): boolean {
  const { scsw } = sch.schib;
  if ((scsw.actl & (ACTL.RESUME_PENDING | ACTL.SUSPENDED)) !== ACTL.RESUME_PENDING) return false;
  scsw.actl &= ~ACTL.RESUME_PENDING;
  return true;
}
