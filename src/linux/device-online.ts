import { assertNever } from '../kernel/assert.ts';
import type { Steps } from '../kernel/process.ts';
import { NS_PER_MS, NS_PER_S, type SimTime } from '../kernel/time.ts';
import { clearIrb, copyExtendedStatus, copyScsw } from '../zarch/block-copy.ts';
import { DSTAT, FCTL, STCTL } from '../zarch/scsw.ts';
import { CLEAR_TRIES, cancelHaltClear, cancelSubchannel } from './cio.ts';
import type { CioDevice } from './device.ts';
import { accumulate, accumulateBasicSense, startBasicSense } from './device-sense.ts';
import { DEV_EVENT, DEV_STATE, type DevEvent } from './device-state.ts';
import { concernsDriver, isEnding, isSolicited } from './device-status.ts';
import { onlineVerify } from './device-verify.ts';
import { E, type Errno } from './errno.ts';
import type { Executor } from './ioasm.ts';

/** Delay before another attempt to stop an operation. */
const KILL_RETRY: SimTime = 3 * NS_PER_S;
const QUIESCE_RETRY: SimTime = 100 * NS_PER_MS;
const ALERT_PENDING = STCTL.ALERT | STCTL.PENDING;

/** Interruptions and time-outs of devices that drivers use (the ONLINE half of device_fsm.c). */

/** ccw_device_irq: the general case; `CioDevice.plainInterruption` has taken the usual one before. */
export function* online(self: Executor, device: CioDevice): Steps {
  const irb = device.interruptIrb;
  if (!isSolicited(irb.scsw)) return yield* unsolicited(self, device);
  yield* accumulate(self, device, irb);
  if (device.dosense) {
    if ((yield* startBasicSense(self, device, irb)) === E.OK) device.transition(DEV_STATE.W4SENSE);
    return;
  }
  if (callHandler(device) && device.doverify) yield* onlineVerify(self, device);
}

function* unsolicited(self: Executor, device: CioDevice): Steps {
  const irb = device.interruptIrb;
  const unexplained = (irb.scsw.dstat & DSTAT.UNIT_CHECK) !== 0 && irb.concurrentSense === 0;
  if (unexplained && (yield* startBasicSense(self, device, irb)) === E.OK) {
    copyScsw(irb.scsw, device.irb.scsw);
    copyExtendedStatus(irb, device.irb);
    device.transition(DEV_STATE.W4SENSE);
    device.intparm = 0;
    return;
  }
  device.handle(0, irb, E.OK);
  if (device.doverify) yield* onlineVerify(self, device);
}

/** ccw_device_w4sense: the answer to a basic sense. */
export function* waitForSense(self: Executor, device: CioDevice): Steps {
  const irb = device.interruptIrb;
  if (irb.scsw.stctl === ALERT_PENDING) {
    if (irb.scsw.cc === 1) yield* startBasicSense(self, device, irb);
    else device.handle(0, irb, E.OK);
    return;
  }
  if ((irb.scsw.fctl & (FCTL.CLEAR | FCTL.HALT)) !== 0) {
    // Somebody stopped the sense: the driver gets that as if the original request had been stopped.
    device.dosense = false;
    clearIrb(device.irb);
    yield* accumulate(self, device, irb);
  } else {
    yield* accumulateBasicSense(self, device, irb);
    if (device.dosense) {
      yield* startBasicSense(self, device, irb);
      return;
    }
  }
  device.transition(DEV_STATE.ONLINE);
  device.wake();
  if (callHandler(device) && device.doverify) yield* onlineVerify(self, device);
}

/** ccw_device_call_handler: gives the accumulated status to the driver, when it concerns the driver; true when it did. */
function callHandler(device: CioDevice): boolean {
  const { stctl } = device.irb.scsw;
  if (!concernsDriver(stctl)) return false;
  if (isEnding(stctl)) device.stopTimer();
  device.handle(device.intparm, device.irb, E.OK);
  clearIrb(device.irb);
  return true;
}

/** The path under a running operation is gone; what is done about it is a matter of policy. Linux kills it. */
export function* operationLosesPath(self: Executor, device: CioDevice): Steps {
  const { inFlight } = device.linux.pathPolicies;
  switch (inFlight.kind) {
    case 'kill':
      return yield* killIo(self, device);
    case 'ladder':
      return yield* cancelFirst(self, device);
    case 'timeout':
      device.startTimer(inFlight.afterNs);
      break;
    case 'wait':
      break;
    default:
      assertNever(inFlight);
  }
}

/** Only what has not begun is stopped at once; for anything else the timer brings the next step. */
function* cancelFirst(self: Executor, device: CioDevice): Steps {
  const rc = yield* cancelSubchannel(device.linux, self, device.sch);
  if (rc === E.INVAL) device.startTimer(KILL_RETRY);
  if (rc !== E.OK) return;
  yield* onlineVerify(self, device);
  device.handle(device.intparm, device.irb, E.IO);
}

/** ccw_device_kill_io: the driver gets −EIO when the operation has stopped. */
function* killIo(self: Executor, device: CioDevice): Steps {
  if ((yield* beginStopping(self, device, E.IO)) === E.BUSY) return;
  yield* onlineVerify(self, device);
  device.handle(device.intparm, device.irb, E.IO);
}

/** ccw_device_online_timeout: no answer within the time that the driver gave. */
export function* onlineTimeout(self: Executor, device: CioDevice): Steps {
  const rc = yield* beginStopping(self, device, E.TIMEDOUT);
  if (rc === E.BUSY) return;
  if (rc !== E.OK) yield* device.event(self, DEV_EVENT.NOTOPER);
  else device.handle(device.intparm, device.irb, E.TIMEDOUT);
}

function* beginStopping(self: Executor, device: CioDevice, error: Errno): Steps<Errno> {
  device.stopTimer();
  device.iretry = CLEAR_TRIES;
  device.killError = error;
  const rc = yield* cancelHaltClear(device.linux, self, device.sch, device);
  if (rc === E.BUSY) {
    device.startTimer(KILL_RETRY);
    device.transition(DEV_STATE.TIMEOUT_KILL);
  }
  return rc;
}

/** ccw_device_killing_irq: the operation has stopped. */
export function* killingIrq(self: Executor, device: CioDevice): Steps {
  device.stopTimer();
  yield* stopped(self, device);
}

/** ccw_device_killing_timeout: it has not; the next step of the cascade. */
export function* killingTimeout(self: Executor, device: CioDevice): Steps {
  const rc = yield* cancelHaltClear(device.linux, self, device.sch, device);
  if (rc === E.BUSY) device.startTimer(KILL_RETRY);
  else yield* stopped(self, device);
}

function* stopped(self: Executor, device: CioDevice): Steps {
  yield* onlineVerify(self, device);
  device.handle(device.intparm, device.irb, device.killError);
}

/** ccw_device_quiesce_done. */
export function quiesceDone(_self: Executor, device: CioDevice, event: DevEvent): undefined {
  device.stopTimer();
  device.transition(event === DEV_EVENT.NOTOPER ? DEV_STATE.NOT_OPER : DEV_STATE.OFFLINE);
  device.wake();
}

/** ccw_device_quiesce_timeout. */
export function* quiesceTimeout(self: Executor, device: CioDevice): Steps {
  const rc = yield* cancelHaltClear(device.linux, self, device.sch, device);
  if (rc === E.BUSY) {
    device.startTimer(QUIESCE_RETRY);
    return;
  }
  device.transition(rc === E.NODEV ? DEV_STATE.NOT_OPER : DEV_STATE.OFFLINE);
  device.wake();
}

/** One round of io_subchannel_quiesce; true when an interruption or the timer will tell how it ended. */
export function* beginQuiesce(self: Executor, device: CioDevice): Steps<boolean> {
  device.transition(DEV_STATE.QUIESCE);
  device.iretry = CLEAR_TRIES;
  const rc = yield* cancelHaltClear(device.linux, self, device.sch, device);
  if (rc !== E.BUSY) return false;
  device.startTimer(QUIESCE_RETRY);
  return true;
}
