import type { Process, Steps } from '../../kernel/process.ts';
import { NS_PER_S, type SimTime } from '../../kernel/time.ts';
import { CLEAR_TRIES, cancelHaltClear, disableSubchannel, enableSubchannel } from '../cio.ts';
import { E, type Errno } from '../errno.ts';
import type { VfioDevice } from './device.ts';
import { VFIO_STATE } from './fsm.ts';
import { IRQ } from './uapi.ts';

/** How long one step towards an idle subchannel may take before the next (vfio_ccw_sch_quiesce). */
const QUIESCE_WAIT: SimTime = 3 * NS_PER_S;

/** fsm_open: the subchannel is enabled as long as somebody has the device open. False: it is not operational. */
export function* open(self: Process, device: VfioDevice): Steps<boolean> {
  const { sch, linux } = device;
  yield* sch.lock.acquire(self);
  const rc = yield* enableSubchannel(linux, self, sch);
  if (rc === E.OK) device.state = VFIO_STATE.IDLE;
  sch.lock.release(linux.sim);
  return rc === E.OK;
}

/** fsm_close; false: the subchannel is not operational. */
export function* close(self: Process, device: VfioDevice): Steps<boolean> {
  const { sch, linux } = device;
  yield* sch.lock.acquire(self);
  const rc = sch.schib.pmcw.enabled === 1 ? yield* disableOrQuiesce(self, device) : E.NODEV;
  if (rc === E.OK) device.state = VFIO_STATE.STANDBY;
  sch.lock.release(linux.sim);
  if (rc === E.OK) device.program.free();
  return rc === E.OK;
}

/**
 * fsm_notoper: the subchannel is going to be unregistered. User space gets neither a report nor an interruption; it is
 * asked to let go when the driver is.
 */
export function becomeNotOperational(device: VfioDevice): void {
  device.linux.css.scheduleUnregister(device.sch);
  device.state = VFIO_STATE.NOT_OPER;
  device.program.free();
  device.relay?.deviceGone(device);
}

/**
 * Policy `disconnected`: nobody has the subchannel unregistered, and user space keeps the device open. Nothing that was
 * in progress on the subchannel ends with status any more.
 */
export function disconnect(device: VfioDevice): void {
  device.state = VFIO_STATE.DISCONNECTED;
  device.program.free();
  device.signal(IRQ.OPER);
}

/**
 * The other half: the subchannel is as a reset has left it, and is enabled again for whoever has the device open. When
 * that fails it is gone once more, and the next report says so. The caller holds the lock.
 */
export function* reconnect(self: Process, device: VfioDevice): Steps {
  const { sch, linux } = device;
  const { vfioOpenClose } = linux.features;
  if (device.isOpen || !vfioOpenClose) {
    if ((yield* enableSubchannel(linux, self, sch)) !== E.OK) return;
  }
  const isUsed = vfioOpenClose ? device.isOpen : device.relay !== null;
  device.state = isUsed ? VFIO_STATE.IDLE : VFIO_STATE.STANDBY;
  sch.lpm = sch.schib.pmcw.pam & sch.opm;
  linux.css.masksChanged(sch);
  sch.reportMasks(linux.observer, linux.system);
  device.signal(IRQ.OPER);
}

/**
 * Where open and close have no part in the state machine, whoever ends what is in progress leaves the device not
 * operational (vfio_ccw_sch_quiesce of Linux 5.10). The caller holds the lock.
 */
export function* shutDown(self: Process, device: VfioDevice): Steps<Errno> {
  const rc = device.sch.schib.pmcw.enabled === 1 ? yield* disableOrQuiesce(self, device) : E.OK;
  device.state = VFIO_STATE.NOT_OPER;
  return rc;
}

/** vfio_ccw_mdev_reset of those kernels. */
export function* restart(self: Process, device: VfioDevice): Steps<Errno> {
  if (device.isDisconnected) return E.NODEV;
  const { sch, linux } = device;
  yield* sch.lock.acquire(self);
  let rc = yield* shutDown(self, device);
  if (rc === E.OK) rc = yield* enableSubchannel(linux, self, sch);
  if (rc === E.OK) device.state = VFIO_STATE.IDLE;
  sch.lock.release(linux.sim);
  return rc;
}

function* disableOrQuiesce(self: Process, device: VfioDevice): Steps<Errno> {
  const rc = yield* disableSubchannel(device.linux, self, device.sch);
  return rc === E.BUSY ? yield* quiesce(self, device) : rc;
}

/**
 * vfio_ccw_sch_quiesce: stops what is in progress step by step, and disables the subchannel. The lock is given back while
 * an interruption is waited for, and all work of vfio-ccw that is queued is waited for, too.
 */
function* quiesce(self: Process, device: VfioDevice): Steps<Errno> {
  const { sch, linux } = device;
  const retry = { iretry: CLEAR_TRIES };
  for (;;) {
    const stopped = yield* cancelHaltClear(linux, self, sch, retry);
    if (stopped === E.IO) return stopped;
    sch.lock.release(linux.sim);
    if (stopped === E.BUSY) yield* device.quiesced.wait(self, QUIESCE_WAIT);
    yield* device.driver.queue.flush(self);
    yield* sch.lock.acquire(self);
    const rc = yield* disableSubchannel(linux, self, sch);
    if (rc !== E.BUSY) return rc;
  }
}
