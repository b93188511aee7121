import { clearIrb, copyExtendedStatus, copyScsw, copyTimes } from '../zarch/block-copy.ts';
import type { Irb } from '../zarch/irb.ts';
import { ACTL, CSTAT, DSTAT, FCTL, type Scsw, STCTL, validPno } from '../zarch/scsw.ts';

/**
 * Status accumulation (device_status.c): a start function may end in several interruptions, and the driver gets their
 * union. Pure functions on IRBs; what needs an instruction is told to the caller.
 */

const PRIMARY_COUNT_ERRORS = 0xff & ~(CSTAT.PCI | CSTAT.INCORRECT_LENGTH);

/** Solicited: the answer to something that the program did (scsw_is_solicited). */
export const isSolicited = (scsw: Scsw): boolean =>
  scsw.cc !== 0 || scsw.stctl !== (STCTL.PENDING | STCTL.ALERT);

export const isPending = (scsw: Scsw): boolean => (scsw.stctl & STCTL.PENDING) !== 0;

/** A path turned out to be not operational while the function was performed. */
export const tellsPathNotOperational = (scsw: Scsw): boolean =>
  scsw.pathNotOperational === 1 && validPno(scsw);

/** Still working: ending status will follow. */
export const isActive = (scsw: Scsw): boolean =>
  (scsw.actl & (ACTL.DEVICE_ACTIVE | ACTL.SUBCHANNEL_ACTIVE)) !== 0;

/** Whether the accumulated status ends the function, so that the driver must hear of it. */
export const isEnding = (stctl: number): boolean =>
  (stctl & STCTL.SECONDARY) !== 0 || stctl === (STCTL.ALERT | STCTL.PENDING) || stctl === STCTL.PENDING;

/** The driver is called for ending and for intermediate status. */
export const concernsDriver = (stctl: number): boolean =>
  isEnding(stctl) || (stctl & STCTL.INTERMEDIATE) !== 0;

/** Channel end and device end together, nothing wrong, nothing special: needs no accumulation. */
export const isPlainEnd = ({ scsw, concurrentSense, pathVerification }: Irb): boolean =>
  scsw.stctl === (STCTL.PRIMARY | STCTL.SECONDARY | STCTL.PENDING) &&
  scsw.dstat === (DSTAT.CHANNEL_END | DSTAT.DEVICE_END) &&
  scsw.cstat === 0 &&
  scsw.cc === 0 &&
  scsw.fctl === FCTL.START &&
  scsw.pathNotOperational === 0 &&
  concurrentSense === 0 &&
  pathVerification === 0;

/** Status of transport mode is not accumulated: it stands for itself. */
export function replaceIrb(sum: Irb, irb: Irb): void {
  copyScsw(irb.scsw, sum.scsw);
  copyExtendedStatus(irb, sum);
}

/** Adds a solicited, pending status of command mode to what was accumulated so far. */
export function accumulateIrb(sum: Irb, irb: Irb): void {
  const from = irb.scsw;
  // A clear function leaves nothing of what was pending before.
  if ((from.fctl & FCTL.CLEAR) !== 0) clearIrb(sum);
  const to = sum.scsw;
  if ((from.fctl & FCTL.START) !== 0) {
    to.cc |= from.cc;
    to.format = from.format;
    to.prefetch = from.prefetch;
    to.pathNotOperational |= from.pathNotOperational;
  }
  to.fctl |= from.fctl;
  to.actl = from.actl;
  to.stctl |= from.stctl;
  to.cstat |= from.cstat;
  const classes = STCTL.PRIMARY | STCTL.SECONDARY | STCTL.INTERMEDIATE | STCTL.ALERT;
  if ((from.stctl & classes) !== 0) to.dstat = (to.dstat & ~DSTAT.BUSY) | from.dstat;
  if ((from.stctl & STCTL.PRIMARY) !== 0) {
    to.ccwAddress = from.ccwAddress;
    if ((from.cstat & PRIMARY_COUNT_ERRORS) === 0) to.count = from.count;
  }
  accumulateExtendedStatus(sum, irb);
}

function accumulateExtendedStatus(sum: Irb, irb: Irb): void {
  if (irb.concurrentSense === 1) copyExtendedStatus(irb, sum);
  else {
    sum.lpum = irb.lpum;
    sum.eswFormat = irb.eswFormat;
    sum.logout = irb.logout;
    sum.pathTimeout = irb.pathTimeout;
    sum.pathVerification |= irb.pathVerification;
    copyTimes(irb, sum);
  }
}

/** Unit check without sense data: a basic sense has to fetch them. */
export const needsSense = (sum: Irb): boolean =>
  (sum.scsw.dstat & DSTAT.UNIT_CHECK) !== 0 && sum.concurrentSense === 0;

/** The status that answers a start which was accepted during a verification (device_fsm.c:create_fake_irb). */
export function fakeIrb(irb: Irb): void {
  clearIrb(irb);
  irb.scsw.cc = 1;
  irb.scsw.fctl = FCTL.START;
  irb.scsw.actl = ACTL.START_PENDING;
  irb.scsw.stctl = STCTL.PENDING;
}
