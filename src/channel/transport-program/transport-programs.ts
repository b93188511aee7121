import { PRIORITY } from '../../kernel/priority.ts';
import { type EventKind, NO_EVENT, type Simulation } from '../../kernel/simulation.ts';
import type { SimTime } from '../../kernel/time.ts';
import { EVENT } from '../../observe/event-table.ts';
import type { Observer } from '../../observe/observer.ts';
import type { Orb } from '../../zarch/orb.ts';
import { NO_PATHS } from '../../zarch/path-mask.ts';
import { CSTAT, FCXS } from '../../zarch/scsw.ts';
import type { OperationEnd } from '../operation-end.ts';
import type { StartFunctions } from '../start-function.ts';
import { pathConcerned } from '../status.ts';
import { PHASE, type Subchannel } from '../subchannel.ts';
import { TransportProgram } from './transport-program.ts';

const NOT_DEFINED = -1;

/**
 * Start functions of programs in transport mode that stand in main storage. What happens between the channel and the control
 * unit is the same as for programs that come as a whole (start-function.ts), because all their commands travel together:
 *
 *   SSCH ─► [fetch] ─► select a path, send ─► accepted … [status] ─► conclude ─► ending status
 *                 └ error: program check, protection check
 */
export class TransportPrograms {
  private readonly starts: StartFunctions;
  private readonly sim: Simulation;
  private readonly observer: Observer;
  private readonly subchannels: readonly Subchannel[];
  private readonly endings: OperationEnd;
  private readonly fetchNs: SimTime;
  private fetchKind: EventKind = NOT_DEFINED;

  constructor(
    starts: StartFunctions,
    parts: { sim: Simulation; observer: Observer; subchannels: readonly Subchannel[] },
    endings: OperationEnd,
    fetchNs: SimTime,
  ) {
    this.starts = starts;
    this.sim = parts.sim;
    this.observer = parts.observer;
    this.subchannels = parts.subchannels;
    this.endings = endings;
    this.fetchNs = fetchNs;
  }

  /** SSCH with cc 0. */
  start(sch: Subchannel, orb: Readonly<Orb>): void {
    sch.storedTransport ??= new TransportProgram(sch.environment.storage);
    sch.storedTransport.begin(orb);
    sch.transportFrame = sch.storedTransport;
    // A kind of its own, but only where there is such a program: the numbers of kinds stand in fingerprints.
    if (this.fetchKind === NOT_DEFINED)
      this.fetchKind = this.sim.defineEvent('channel.fetch-transport', (index) => this.fetched(index));
    sch.phase = PHASE.FETCHING;
    sch.event = this.sim.after(this.fetchNs, PRIORITY.MACHINE, this.fetchKind, sch.index, 0);
  }

  private fetched(index: number): void {
    const sch = this.subchannels[index];
    sch.event = NO_EVENT;
    // Without a path it does not matter what the program is.
    if (sch.candidates === NO_PATHS || sch.storedTransport!.fetch()) this.starts.selectPath(sch);
    else this.endWithCheck(sch, sch.storedTransport!.check);
  }

  /**
   * Status has reached the channel: input and the status block go into storage, before the status is made pending. Those of the
   * model's own systems are in their programs already.
   */
  conclude(sch: Subchannel): void {
    const { scsw } = sch.schib;
    if (sch.transportFrame === null) {
      scsw.fcxStatus = FCXS.STATUS_STORED;
      return;
    }
    const program = sch.storedTransport!;
    program.conclude(sch, this.sim.now);
    const { address, commandOffset, residual } = program;
    const { lpum } = sch.schib.pmcw;
    this.observer.emit(
      EVENT['tcw.executed'],
      sch.host,
      sch.id,
      -1,
      lpum,
      -1,
      address,
      commandOffset,
      residual,
    );
    if (program.interruption) this.endings.intermediateStatus(sch, CSTAT.PCI);
    if (program.statusStored) scsw.fcxStatus = FCXS.STATUS_STORED;
    sch.cstat |= program.check;
    // Sense data are in the status block, and none are in the IRB.
    sch.senseCount = 0;
  }

  private endWithCheck(sch: Subchannel, check: number): void {
    sch.eswLpum = pathConcerned(sch);
    sch.dstat = 0;
    sch.cstat = check;
    this.endings.endingStatus(sch);
  }
}
