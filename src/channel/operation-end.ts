import { assert } from '../kernel/assert.ts';
import type { Simulation } from '../kernel/simulation.ts';
import { EVENT } from '../observe/event-table.ts';
import type { Observer } from '../observe/observer.ts';
import type { PathMask } from '../zarch/path-mask.ts';
import { CSTAT, DSTAT, FCTL, STCTL } from '../zarch/scsw.ts';
import { endedTimes, makeStatusPending } from './status.ts';
import { PHASE, type Subchannel } from './subchannel.ts';

const PRIMARY_AND_SECONDARY = STCTL.PRIMARY | STCTL.SECONDARY | STCTL.PENDING;
const WITH_ALERT = STCTL.ALERT | PRIMARY_AND_SECONDARY;

/** The ways in which a start function ends: each makes status pending and posts the interruption. */
export class OperationEnd {
  private readonly sim: Simulation;
  private readonly observer: Observer;

  constructor(sim: Simulation, observer: Observer) {
    this.sim = sim;
    this.observer = observer;
  }

  /** The control unit presented ending status, which stands in the subchannel. */
  endingStatus(sch: Subchannel): void {
    const alert = (sch.dstat & ~(DSTAT.CHANNEL_END | DSTAT.DEVICE_END)) !== 0 || sch.cstat !== 0;
    this.end(sch, 0, alert ? WITH_ALERT : PRIMARY_AND_SECONDARY, sch.dstat, sch.cstat);
  }

  /** The first command was answered with a status other than busy: the program is over before it began. */
  initialStatus(sch: Subchannel, path: PathMask, status: number): void {
    const { pmcw } = sch.schib;
    pmcw.pom |= path;
    pmcw.pnom &= ~path;
    pmcw.lpum = path;
    sch.eswLpum = path;
    sch.dstat = status;
    sch.cstat = 0;
    this.end(sch, 1, WITH_ALERT, status, 0);
  }

  /**
   * Channel or control unit knows no transport mode: the program has not begun. `path`: the one that it concerns;
   * `qualifier`: SESQ, which says who it was (asm/scsw.h; dasd_eckd.c: dasd_eckd_handle_hpf_error).
   */
  transportRefused(sch: Subchannel, path: PathMask, qualifier: number): void {
    sch.senseCount = 0;
    sch.eswLpum = path;
    sch.residual = 0;
    sch.schib.scsw.extendedStatus = qualifier;
    this.end(sch, 0, WITH_ALERT, 0, CSTAT.PROGRAM_CHECK);
  }

  /** The channel found an error on the interface, or lost it. The path used, in `eswLpum`, becomes the one last used. */
  interfaceControlCheck(sch: Subchannel): void {
    sch.senseCount = 0;
    sch.eswFormat = 0;
    sch.pathVerification = 1;
    sch.schib.pmcw.lpum = sch.eswLpum;
    this.end(sch, 0, WITH_ALERT, 0, CSTAT.INTERFACE_CONTROL_CHECK);
  }

  /** Status that comes while the program goes on, or when it has suspended itself; it joins what is pending already. */
  intermediateStatus(sch: Subchannel, cstat: number): void {
    const { scsw, pmcw } = sch.schib;
    const wasPending = (scsw.stctl & STCTL.PENDING) !== 0;
    scsw.cstat = wasPending ? scsw.cstat | cstat : cstat;
    scsw.stctl |= STCTL.INTERMEDIATE | STCTL.PENDING;
    scsw.dstat = 0;
    sch.eswLpum = pmcw.lpum;
    sch.statusAt = this.sim.now;
    if (!wasPending) sch.interrupts.post(sch.id, pmcw.isc);
  }

  /** Deferred condition code 3: no path that the program allowed was operational. */
  noPathOperational(sch: Subchannel): void {
    sch.senseCount = 0;
    this.end(sch, 3, WITH_ALERT, 0, 0);
  }

  private end(sch: Subchannel, deferredCc: number, stctl: number, dstat: number, cstat: number): void {
    const { scsw, pmcw } = sch.schib;
    assert(scsw.fctl === FCTL.START, 'a start function ends that is not in progress');
    sch.phase = PHASE.IDLE;
    endedTimes(sch, this.sim.now);
    scsw.cc = deferredCc;
    scsw.actl = 0;
    scsw.count = deferredCc === 0 ? sch.residual : 0;
    if ((dstat & DSTAT.UNIT_CHECK) !== 0 && !sch.concurrentSense) sch.dedicated = sch.eswLpum;
    if ((scsw.stctl & STCTL.PENDING) === 0) makeStatusPending(sch, stctl, dstat, cstat, this.sim.now);
    else this.joinIntermediate(sch, stctl, dstat, cstat);
    this.observer.emit(EVENT['io.status'], sch.host, sch.id, -1, sch.eswLpum, -1, dstat, cstat, deferredCc);
    sch.interrupts.post(sch.id, pmcw.isc);
  }

  /** The program has not looked at the intermediate status yet: one interruption tells of both. */
  private joinIntermediate(sch: Subchannel, stctl: number, dstat: number, cstat: number): void {
    const { scsw } = sch.schib;
    const interruption = scsw.cstat & CSTAT.PCI;
    sch.interrupts.withdraw(sch.id);
    makeStatusPending(sch, stctl | STCTL.INTERMEDIATE, dstat, cstat | interruption, this.sim.now);
  }
}

/** A path was not operational. Only a path that was thought operational is indicated (POM 1 → 0 sets PNOM and N). */
export function markNotOperational(sch: Subchannel, path: PathMask): void {
  const { pmcw, scsw } = sch.schib;
  if ((pmcw.pom & path) !== 0) {
    pmcw.pnom |= path;
    scsw.pathNotOperational = 1;
  }
  pmcw.pom &= ~path;
}
