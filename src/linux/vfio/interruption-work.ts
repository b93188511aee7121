import type { Process, Steps } from '../../kernel/process.ts';
import { EVENT } from '../../observe/event-table.ts';
import { NONE } from '../../zarch/ids.ts';
import { ACTL, FCTL, isSolicited, type Scsw } from '../../zarch/scsw.ts';
import type { VfioDevice } from './device.ts';
import { VFIO_STATE } from './fsm.ts';
import { copyStatus } from './region-access.ts';
import { IRQ } from './uapi.ts';

/** Kinds of work in records. */
const WORK = { STATUS: 0, PATH: 1 } as const;

/**
 * vfio_ccw_sch_io_todo: gives the status of an interruption to user space. It waits for the regions, so a request that is
 * being translated holds up the work of all devices.
 *
 * A program is over with its final status. That of a halt or clear function, or status that nobody asked for, must leave
 * alone a program that is being translated meanwhile; kernels have learnt that in two steps.
 */
export function* presentStatus(self: Process, device: VfioDevice): Steps {
  const { linux, irb, program, mutex } = device;
  const { vfioFreesRunningProgramOnly, vfioIdleAfterProgramOnly } = linux.features;
  linux.emit(EVENT['vfio_ccw.work'], device.subchannel, NONE, WORK.STATUS, 0, 0);
  self.charge(device.driver.costs.workNs);
  yield* self.settle();

  const isFinal = isFinalStatus(device, irb.scsw);
  let programEnded = false;
  if (isSolicited(irb.scsw)) {
    program.updateScsw(irb.scsw);
    programEnded = !vfioFreesRunningProgramOnly || (isFinal && device.state === VFIO_STATE.CP_PENDING);
    if (programEnded) {
      recordEarlyFree(device, isFinal);
      program.free();
    }
  }
  yield* mutex.acquire(self);
  if (device.statusUnread)
    linux.emit(EVENT['status-overwritten'], device.subchannel, NONE, irb.scsw.fctl, 0, 0);
  copyStatus(irb, device.io.irb);
  device.statusUnread = true;
  mutex.release(linux.sim);

  const isIdle = vfioIdleAfterProgramOnly ? programEnded : isFinal || !vfioFreesRunningProgramOnly;
  if (isIdle && device.relay !== null && !device.isDisconnected) device.state = VFIO_STATE.IDLE;
  device.group?.deviceChanged();
  device.signal(IRQ.IO);
}

/** A suspended program has ended for Linux: nothing is active. Where it can be resumed, it has not until it is halted. */
function isFinalStatus({ driver }: VfioDevice, scsw: Scsw): boolean {
  if ((scsw.actl & (ACTL.DEVICE_ACTIVE | ACTL.SUBCHANNEL_ACTIVE)) !== 0) return false;
  return !(driver.resumes && isSuspended(scsw));
}

/**
 * Records that the program that is being freed is not one that has ended: its pages are unpinned, and its copy is given
 * back, while the kernel or the channel subsystem still uses both.
 */
function recordEarlyFree(device: VfioDevice, isFinal: boolean): void {
  const { linux, subchannel, program, state, starts, startsAtInterruption, irb } = device;
  if (!program.isInitialized) return;
  if (state === VFIO_STATE.CP_PROCESSING) {
    linux.emit(EVENT['vfio_ccw.freed-in-translation'], subchannel, NONE, 0, 0, 0);
  } else if (!isFinal || isSuspended(irb.scsw) || starts !== startsAtInterruption) {
    linux.emit(EVENT['vfio_ccw.freed-in-execution'], subchannel, NONE, 0, 0, 0);
  }
}

/** The channel subsystem keeps the program, and goes on with it when it is resumed. */
const isSuspended = ({ fctl, actl }: Scsw): boolean => (actl & ACTL.SUSPENDED) !== 0 && fctl === FCTL.START;

/** vfio_ccw_crw_todo: has user space read what the relay keeps for it. */
export function* presentPathEvent(self: Process, device: VfioDevice): Steps {
  device.linux.emit(EVENT['vfio_ccw.work'], device.subchannel, NONE, WORK.PATH, 0, 0);
  self.charge(device.driver.costs.workNs);
  yield* self.settle();
  if (device.relay?.hasNews(device) === true) device.signal(IRQ.CRW);
}
