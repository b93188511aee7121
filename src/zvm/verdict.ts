import { MESSAGE } from '../dasd/sense.ts';
import type { Irb } from '../zarch/irb.ts';
import { CSTAT, DSTAT, FCTL, STCTL } from '../zarch/scsw.ts';

/**
 * What status of an operation says about the path that it was on:
 *
 *   path-error    the channel or its link failed; nothing is known about the device
 *   no-path       no path that was allowed is operational
 *   reset         the control unit was reset and has forgotten the path group
 *   device        nothing: it is an answer of the device, or of a halt or clear function
 */
export type Verdict = 'device' | 'path-error' | 'no-path' | 'reset';

const PATH_CHECKS = CSTAT.INTERFACE_CONTROL_CHECK | CSTAT.CHANNEL_CONTROL_CHECK;

export function verdictOf(irb: Irb): Verdict {
  const { fctl, cc, cstat, dstat } = irb.scsw;
  if ((fctl & (FCTL.HALT | FCTL.CLEAR)) !== 0) return 'device';
  if (cc === 3) return 'no-path';
  if ((cstat & PATH_CHECKS) !== 0) return 'path-error';
  const hasSense = (dstat & DSTAT.UNIT_CHECK) !== 0 && irb.concurrentSense === 1;
  return hasSense && irb.sense[7] === MESSAGE.RESET_NOTIFICATION ? 'reset' : 'device';
}

/** The operation has ended at the device too. */
export const isOver = ({ scsw }: Irb): boolean =>
  scsw.cc !== 0 ||
  (scsw.stctl & (STCTL.SECONDARY | STCTL.ALERT)) !== 0 ||
  (scsw.fctl & (FCTL.HALT | FCTL.CLEAR)) !== 0;

/** A program that ended as it should. */
export const endedWell = ({ scsw }: Irb): boolean =>
  scsw.cc === 0 && scsw.cstat === 0 && (scsw.dstat & DSTAT.UNIT_CHECK) === 0;
