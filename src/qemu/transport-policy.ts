import { ACTL, CSTAT, clearTransportFields, SESQ, STCTL } from '../zarch/scsw.ts';
import type { VirtualSubchannel } from './subchannel.ts';

/**
 * What becomes of a guest's programs in transport mode (document 0). `qemu`: nothing, an ORB that asks for it is an operand
 * exception (ioinst.c:ioinst_orb_valid), and no characteristic says that there is such a mode, so that Linux never asks.
 * `kernel`: QEMU hands such an ORB on, and vfio-ccw refuses it (−EOPNOTSUPP), which QEMU makes a unit exception of. What is
 * written of vfio-ccw is true of this pair only. `pass` is a proposal: the kernel translates the program as it does one in
 * command mode, and QEMU shows the guest which paths of the host know the mode.
 */
export const TRANSPORT_POLICIES = ['qemu', 'kernel', 'pass'] as const;
export type TransportPolicy = (typeof TRANSPORT_POLICIES)[number];

/** What an emulated subchannel, whose device knows no transport mode, makes of a start in it: program check, and why. */
export function refuseTransport({ orb, schib: { pmcw, scsw } }: VirtualSubchannel): void {
  pmcw.intparm = orb.intparm;
  clearTransportFields(scsw);
  scsw.transport = 1;
  scsw.ccwAddress = orb.programAddress;
  scsw.extendedStatus = SESQ.DEVICE_NOT_CAPABLE;
  scsw.actl &= ~ACTL.START_PENDING;
  scsw.dstat = 0;
  scsw.cstat = CSTAT.PROGRAM_CHECK;
  scsw.stctl = STCTL.PRIMARY | STCTL.SECONDARY | STCTL.ALERT | STCTL.PENDING;
}
