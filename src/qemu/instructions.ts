import { copyOrb } from '../zarch/block-copy.ts';
import type { Orb } from '../zarch/orb.ts';
import type { Schib } from '../zarch/schib.ts';
import { ACTL, FCTL, STCTL } from '../zarch/scsw.ts';
import type { VirtualSubchannel } from './subchannel.ts';

/**
 * Condition codes of the instructions for one subchannel, and what they change before a function is carried out
 * (css.c:css_do_*). GO: the function is to be performed now, and the condition code is 0.
 */
export const GO = -1;
export type Decision = typeof GO | 0 | 1 | 2 | 3;

const ANY_FUNCTION = FCTL.START | FCTL.HALT | FCTL.CLEAR;
const ENDED = STCTL.PRIMARY | STCTL.SECONDARY | STCTL.ALERT;
const ACTIVE = ACTL.SUBCHANNEL_ACTIVE | ACTL.DEVICE_ACTIVE;

/** MSCH. Without a valid device nothing changes; what a program may change replaces what was there. */
export function modify(sch: VirtualSubchannel, from: Schib): Decision {
  const { pmcw, scsw } = sch.schib;
  if (pmcw.deviceNumberValid === 0) return 0;
  if ((scsw.stctl & STCTL.PENDING) !== 0) return 1;
  if (scsw.fctl !== 0) return 2;
  const wasEnabled = pmcw.enabled === 1;
  pmcw.intparm = from.pmcw.intparm;
  pmcw.isc = from.pmcw.isc;
  pmcw.enabled = from.pmcw.enabled;
  pmcw.limitMode = from.pmcw.limitMode;
  pmcw.measurementMode = from.pmcw.measurementMode;
  pmcw.multipath = from.pmcw.multipath;
  pmcw.lpm = from.pmcw.lpm;
  pmcw.measurementIndex = from.pmcw.measurementIndex;
  pmcw.pom = from.pmcw.pom;
  pmcw.measurementFormat1 = from.pmcw.measurementFormat1;
  pmcw.concurrentSense = from.pmcw.concurrentSense;
  sch.schib.measurementBlock = from.measurementBlock;
  if (wasEnabled && pmcw.enabled === 0) sch.device.disabled(sch);
  return 0;
}

/** SSCH: whether the subchannel takes a start function. */
export function mayStart(sch: VirtualSubchannel): Decision {
  if (sch.notOperational) return 3;
  const { scsw } = sch.schib;
  if ((scsw.stctl & STCTL.PENDING) !== 0) return 1;
  return (scsw.fctl & ANY_FUNCTION) !== 0 ? 2 : GO;
}

/** SSCH is accepted. */
export function acceptStart(sch: VirtualSubchannel, orb: Orb, programAddress: number): void {
  const { scsw } = sch.schib;
  copyOrb(orb, sch.orb);
  sch.ccwAddress = programAddress;
  scsw.fctl |= FCTL.START;
  scsw.actl |= ACTL.START_PENDING;
  scsw.pathNotOperational = 0;
}

export function halt(sch: VirtualSubchannel): Decision {
  if (sch.notOperational) return 3;
  const { scsw } = sch.schib;
  if (scsw.stctl === STCTL.PENDING || (scsw.stctl & ENDED) !== 0) return 1;
  if ((scsw.fctl & (FCTL.HALT | FCTL.CLEAR)) !== 0) return 2;
  scsw.fctl = (scsw.fctl | FCTL.HALT) & ~FCTL.START;
  if (scsw.actl === ACTIVE && scsw.stctl === STCTL.INTERMEDIATE) scsw.stctl &= ~STCTL.PENDING;
  scsw.actl |= ACTL.HALT_PENDING;
  return GO;
}

export function clear(sch: VirtualSubchannel): Decision {
  if (sch.notOperational) return 3;
  const { scsw } = sch.schib;
  scsw.fctl = FCTL.CLEAR;
  scsw.actl = ACTL.CLEAR_PENDING;
  return GO;
}

/** XSCH: nothing is signalled and no interruption is made or taken back. */
export function cancel(sch: VirtualSubchannel, statusBeforeFunction: boolean): Decision {
  if (sch.notOperational) return 3;
  const { scsw } = sch.schib;
  const hasStatus = scsw.stctl !== 0;
  if (hasStatus && statusBeforeFunction) return 1;
  const cancellable = ACTL.RESUME_PENDING | ACTL.START_PENDING | ACTL.SUSPENDED;
  if (scsw.fctl !== FCTL.START || (scsw.actl & cancellable) === 0) return 2;
  if ((scsw.actl & ACTL.SUBCHANNEL_ACTIVE) !== 0) return 2;
  if (hasStatus) return 1;
  scsw.fctl &= ~FCTL.START;
  scsw.actl &= ~cancellable;
  sch.ccwAddress = 0;
  sch.afterTransfer = false;
  scsw.dstat = 0;
  scsw.cstat = 0;
  return 0;
}

/** RSCH: whether there is something to resume. */
export function mayResume(sch: VirtualSubchannel): Decision {
  if (sch.notOperational) return 3;
  const { scsw } = sch.schib;
  if ((scsw.stctl & STCTL.PENDING) !== 0) return 1;
  if (scsw.fctl !== FCTL.START || (scsw.actl & ACTL.RESUME_PENDING) !== 0) return 2;
  return (scsw.actl & ACTL.SUSPENDED) === 0 ? 2 : GO;
}

export function acceptResume(sch: VirtualSubchannel): void {
  sch.schib.scsw.actl |= ACTL.RESUME_PENDING;
}
