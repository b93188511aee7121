import { PRIORITY } from '../kernel/priority.ts';
import type { EventKind, Simulation } from '../kernel/simulation.ts';
import { EVENT } from '../observe/event-table.ts';
import type { Observer } from '../observe/observer.ts';
import { firstPath, NO_PATHS, type PathIndex, pathBit } from '../zarch/path-mask.ts';
import { clearTransportFields, STCTL } from '../zarch/scsw.ts';
import { makeStatusPending } from './status.ts';
import { PHASE, type Subchannel } from './subchannel.ts';

/**
 * Status that a device presents without having been asked, for instance attention (Principles of Operation, "Alert
 * Status"; architecture reference B.3):
 *
 *   present ─► [at the channel] ─► subchannel idle?  ─► status pending with alert, interruption
 *                                  └ busy: stacked ─► TSCH, XSCH ─► once more
 *
 * The control unit keeps stacked status and offers it again when the subchannel has no function and no status of its own;
 * a program that starts the next operation in the same breath goes first. A subchannel that is not enabled takes none.
 */
export class UnsolicitedStatus {
  private readonly sim: Simulation;
  private readonly observer: Observer;
  private readonly subchannels: readonly Subchannel[];
  private readonly arriveKind: EventKind;

  constructor(sim: Simulation, observer: Observer, subchannels: readonly Subchannel[]) {
    this.sim = sim;
    this.observer = observer;
    this.subchannels = subchannels;
    this.arriveKind = sim.defineEvent('channel.unsolicited-status', (index) => this.arrives(index));
  }

  /** A device has status for its program, on one path. What it had before and could not present is replaced. */
  present(sch: Subchannel, path: PathIndex, dstat: number): void {
    sch.stackedStatus = dstat;
    sch.stackedOn = pathBit(path);
    this.offer(sch);
  }

  /** The subchannel may be idle now. */
  offer(sch: Subchannel): void {
    const channel = sch.paths[firstPath(sch.stackedOn)];
    const travelNs = channel.travelNs(this.sim.now, sch.controlUnit.controlUnit);
    this.sim.after(travelNs, PRIORITY.MACHINE, this.arriveKind, sch.index, 0);
  }

  private arrives(index: number): void {
    const sch = this.subchannels[index];
    const { stackedStatus: dstat, stackedOn: path } = sch;
    const { pmcw, scsw } = sch.schib;
    if (dstat === 0) return;
    if (pmcw.enabled === 0 || pmcw.deviceNumberValid === 0 || (pmcw.pim & pmcw.pam & path) === NO_PATHS) {
      sch.stackedStatus = 0;
      return;
    }
    if (sch.phase !== PHASE.IDLE || scsw.fctl !== 0 || (scsw.stctl & STCTL.PENDING) !== 0) return;
    sch.stackedStatus = 0;
    pmcw.lpum = path;
    sch.eswLpum = path;
    sch.senseCount = 0;
    sch.clearTimes();
    scsw.cc = 0;
    scsw.ccwAddress = 0;
    scsw.count = 0;
    clearTransportFields(scsw);
    makeStatusPending(sch, STCTL.ALERT | STCTL.PENDING, dstat, 0, this.sim.now);
    const { chpid } = sch.paths[firstPath(path)];
    this.observer.emit(EVENT['io.unsolicited'], sch.host, sch.id, chpid, path, -1, dstat, 0, 0);
    sch.interrupts.post(sch.id, pmcw.isc);
  }
}
