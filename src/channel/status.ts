import type { SimTime } from '../kernel/time.ts';
import { copyScsw } from '../zarch/block-copy.ts';
import { type Irb, LOGOUT_CCW_ADDRESS_VALID, LOGOUT_LPUM_VALID } from '../zarch/irb.ts';
import type { Orb } from '../zarch/orb.ts';
import { firstPath, NO_PATHS, type PathMask, pathBit } from '../zarch/path-mask.ts';
import type { Schib } from '../zarch/schib.ts';
import { ACTL, DSTAT, FCTL, STCTL } from '../zarch/scsw.ts';
import { type Subchannel, WAITING_FOR } from './subchannel.ts';
import { acceptMode } from './transport-mode.ts';

/** What becomes of a subchannel's status: made pending, stored and cleared by TSCH, replaced by MSCH. */

const FIVE_PENDING =
  ACTL.RESUME_PENDING | ACTL.START_PENDING | ACTL.HALT_PENDING | ACTL.CLEAR_PENDING | ACTL.SUSPENDED;

/** SSCH with cc 0: what the subchannel takes from the ORB, beside the program itself. */
export function acceptOrb(sch: Subchannel, orb: Orb, now: SimTime): void {
  const { pmcw, scsw } = sch.schib;
  pmcw.intparm = orb.intparm;
  pmcw.lpm = orb.lpm;
  pmcw.pnom = NO_PATHS;
  scsw.key = orb.key;
  scsw.suspendControl = orb.suspendControl;
  scsw.format = orb.format1;
  scsw.prefetch = orb.prefetch;
  scsw.initialStatus = orb.initialStatus;
  scsw.addressLimit = orb.addressLimit;
  scsw.suppressSuspended = orb.suppressSuspended;
  scsw.zeroCc = 0;
  scsw.cc = 0;
  scsw.extendedControl = 0;
  scsw.pathNotOperational = 0;
  scsw.ccwAddress = 0;
  scsw.count = 0;
  scsw.fctl = FCTL.START;
  scsw.actl = ACTL.START_PENDING;
  sch.program = orb.program;
  acceptMode(sch, orb);
  sch.hitDraw = orb.hitDraw;
  sch.serviceDraw = orb.serviceDraw;
  sch.tried = NO_PATHS;
  sch.foundBusy = NO_PATHS;
  sch.controlUnitBusy = NO_PATHS;
  sch.acceptedAt = now;
  sch.clearTimes();
}

export function makeStatusPending(
  sch: Subchannel,
  stctl: number,
  dstat: number,
  cstat: number,
  now: SimTime,
): void {
  const { scsw } = sch.schib;
  scsw.stctl = stctl;
  scsw.dstat = dstat;
  scsw.cstat = cstat;
  const hasSense = (dstat & DSTAT.UNIT_CHECK) !== 0 && sch.senseCount > 0;
  scsw.extendedControl = hasSense && sch.concurrentSense ? 1 : 0;
  if (sch.measurementCheck !== 0) sch.eswFormat = 0;
  else if (sch.eswFormat === 1 && sch.connectTicks >= 0 && (stctl & STCTL.PRIMARY) !== 0) sch.eswFormat = 2;
  scsw.eswFormat = sch.eswFormat === 0 ? 1 : 0;
  sch.statusAt = now;
}

/** The wait of a start is over: its time goes to what it waited for. */
export function stopWaiting(sch: Subchannel, now: SimTime): void {
  if (sch.waitingFor === WAITING_FOR.NOTHING) return;
  const waited = now - sch.waitingSince;
  if (sch.waitingFor === WAITING_FOR.CHANNEL) sch.channelBusyNs += waited;
  else if (sch.waitingFor === WAITING_FOR.CONTROL_UNIT) sch.controlUnitBusyNs += waited;
  else sch.deviceBusyNs += waited;
  sch.waitingFor = WAITING_FOR.NOTHING;
}

/** Ending status is formed: whatever was neither pending nor disconnected was connect time. */
export function endedTimes(sch: Subchannel, now: SimTime): void {
  const total = now - sch.acceptedAt;
  if (sch.pendNs < 0) sch.pendNs = total;
  sch.connectTotalNs = total - sch.pendNs - sch.disconnectTotalNs;
  if (sch.measuring !== 0) sch.measurement!.ended(sch);
}

/** TSCH with status pending (architecture reference B.3). */
export function storeIrb(sch: Subchannel, irb: Irb): void {
  copyScsw(sch.schib.scsw, irb.scsw);
  irb.eswFormat = sch.eswFormat;
  irb.lpum = sch.eswLpum;
  irb.pathVerification = sch.pathVerification;
  irb.logout = sch.eswFormat === 0 ? logoutOf(sch) : 0;
  irb.connectTime = sch.eswFormat === 2 ? sch.connectTicks : 0;
  irb.pathTimeout = sch.pathTimeout;
  irb.concurrentSense = sch.schib.scsw.extendedControl;
  irb.senseCount = irb.concurrentSense === 1 ? sch.senseCount : 0;
  if (irb.concurrentSense === 1) irb.sense.set(sch.sense);
  irb.extendedMeasurement = sch.schib.pmcw.extendedMeasurement;
  irb.pendNs = sch.pendNs;
  irb.cmrNs = sch.commandResponseNs;
  irb.channelBusyNs = sch.channelBusyNs;
  irb.cuBusyNs = sch.controlUnitBusyNs;
  irb.deviceBusyNs = sch.deviceBusyNs;
  irb.discNs = sch.disconnectTotalNs;
  irb.connNs = sch.connectTotalNs;
  irb.statusAtNs = sch.statusAt;
}

/** The path of the operation in progress, else the one last used if it is available, else the first that is. */
export function pathConcerned(sch: Subchannel): PathMask {
  if (sch.pathIndex >= 0) return pathBit(sch.pathIndex);
  const { lpum, pim, pam } = sch.schib.pmcw;
  const available = pim & pam;
  if ((lpum & available) !== NO_PATHS) return lpum;
  return available === NO_PATHS ? NO_PATHS : pathBit(firstPath(available));
}

/** Only programs in main storage have CCWs, or a transport-control word, at addresses. */
function logoutOf(sch: Subchannel): number {
  const valid = LOGOUT_LPUM_VALID | sch.measurementCheck;
  return sch.program === null || sch.transportFrame !== null ? valid | LOGOUT_CCW_ADDRESS_VALID : valid;
}

/** What TSCH leaves behind. */
export function clearStatus(sch: Subchannel): void {
  const { scsw } = sch.schib;
  const intermediateOnly = scsw.stctl === (STCTL.INTERMEDIATE | STCTL.PENDING);
  const suspended = (scsw.actl & ACTL.SUSPENDED) !== 0;
  const halted = (scsw.fctl & FCTL.HALT) !== 0;
  scsw.stctl = 0;
  scsw.zeroCc = 0;
  if (!intermediateOnly || (halted && suspended)) scsw.fctl = 0;
  if (!intermediateOnly) {
    scsw.pathNotOperational = 0;
    scsw.actl &= ~FIVE_PENDING;
  } else if (suspended) {
    scsw.pathNotOperational = 0;
    scsw.actl &= halted ? ~FIVE_PENDING : ~ACTL.RESUME_PENDING;
  }
  sch.eswFormat = 1;
  sch.measurementCheck = 0;
  sch.connectTicks = -1;
  sch.pathVerification = 0;
  sch.pathTimeout = 0;
  sch.senseCount = 0;
}

/** MSCH: replaces what a program may change; the rest of the operand is ignored (architecture reference A.3). */
export function modifySubchannel(from: Readonly<Schib>, to: Schib): void {
  const { pmcw } = from;
  to.pmcw.intparm = pmcw.intparm;
  to.pmcw.isc = pmcw.isc;
  to.pmcw.enabled = pmcw.enabled;
  to.pmcw.limitMode = pmcw.limitMode;
  to.pmcw.measurementMode = pmcw.measurementMode;
  to.pmcw.multipath = pmcw.multipath;
  to.pmcw.lpm = pmcw.lpm;
  to.pmcw.measurementIndex = pmcw.measurementIndex;
  to.pmcw.pom = pmcw.pom;
  to.pmcw.measurementFormat1 = pmcw.measurementFormat1;
  to.pmcw.extendedMeasurement = pmcw.extendedMeasurement;
  to.pmcw.concurrentSense = pmcw.concurrentSense;
  to.measurementBlock = from.measurementBlock;
}
