import { clearIrb, copyScsw } from '../zarch/block-copy.ts';
import type { Irb } from '../zarch/irb.ts';
import { LOGOUT_LPUM_VALID } from '../zarch/irb.ts';
import { ACTL, CSTAT, DSTAT, FCTL, STCTL } from '../zarch/scsw.ts';
import { SENSE_BYTES, type VirtualSubchannel } from './subchannel.ts';

/**
 * TEST SUBCHANNEL in two steps, as QEMU executes it: the block is built and stored, and only then does the subchannel
 * change (css.c:css_do_tsch_get_irb, css_do_tsch_update_subch).
 */

const PATH = 0x80;
const LOGGED_CHECKS = CSTAT.CHANNEL_DATA_CHECK | CSTAT.CHANNEL_CONTROL_CHECK | CSTAT.INTERFACE_CONTROL_CHECK;
/** Logout of those checks besides the path: field-validity flags, and the termination bit that QEMU always stores. */
const LOGOUT = 0x04000000 | LOGOUT_LPUM_VALID;
/** QEMU stores the number of sense bytes eight bits to the right of the extended-report word's field for it. */
const MISPLACED_SENSE_COUNT = SENSE_BYTES << 8;
const INTERMEDIATE = STCTL.INTERMEDIATE | STCTL.PENDING;
const FUNCTION_ACTIVITY =
  ACTL.RESUME_PENDING | ACTL.START_PENDING | ACTL.HALT_PENDING | ACTL.CLEAR_PENDING | ACTL.SUSPENDED;

/** Builds the IRB (build_irb, build_irb_virtual, build_irb_passthrough); true when status is pending. */
export function buildIrb(sch: VirtualSubchannel, irb: Irb): boolean {
  const { scsw } = sch.schib;
  clearIrb(irb);
  copyScsw(scsw, irb.scsw);
  if ((scsw.stctl & STCTL.PENDING) === 0) return false;
  if (sch.device.storeExtendedStatus === undefined) storeVirtualStatus(sch, irb);
  else sch.device.storeExtendedStatus(sch, irb);
  return true;
}

/** ESW and ECW of a virtual device's status that is pending, and of any device's where QEMU knows no other. */
export function storeVirtualStatus({ schib: { scsw, pmcw }, sense }: VirtualSubchannel, irb: Irb): void {
  irb.lpum = PATH;
  if ((scsw.cstat & LOGGED_CHECKS) !== 0) {
    irb.scsw.eswFormat = 1;
    irb.eswFormat = 0;
    irb.logout = LOGOUT;
  }
  if ((scsw.dstat & DSTAT.UNIT_CHECK) !== 0 && pmcw.concurrentSense === 1) {
    irb.scsw.eswFormat = 1;
    irb.scsw.extendedControl = 1;
    irb.concurrentSense = 1;
    irb.reportFlags = MISPLACED_SENSE_COUNT;
    irb.sense.set(sense);
  }
}

/** Takes the status that was stored away from the subchannel. Bits that say that it is active are kept. */
export function clearStatus(sch: VirtualSubchannel): void {
  const { scsw, pmcw } = sch.schib;
  const { stctl, fctl, actl } = scsw;
  const suspended = (actl & ACTL.SUSPENDED) !== 0;
  const halted = (fctl & FCTL.HALT) !== 0;
  scsw.stctl = 0;
  if (stctl !== INTERMEDIATE || (halted && suspended)) scsw.fctl = 0;
  if (stctl !== INTERMEDIATE) {
    scsw.pathNotOperational = 0;
    scsw.actl &= ~FUNCTION_ACTIVITY;
  } else if (suspended && (fctl & FCTL.START) !== 0) {
    scsw.pathNotOperational = 0;
    scsw.actl &= halted ? ~FUNCTION_ACTIVITY : ~ACTL.RESUME_PENDING;
  }
  if (pmcw.concurrentSense === 1) sch.sense.fill(0);
}
