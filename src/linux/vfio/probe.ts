import type { Process, Steps } from '../../kernel/process.ts';
import { NS_PER_S, type SimTime } from '../../kernel/time.ts';
import { enableSubchannel } from '../cio.ts';
import { E, type Errno } from '../errno.ts';
import { SUBCHANNEL_TYPE_IO } from '../subchannel.ts';
import type { VfioDevice } from './device.ts';
import { VFIO_STATE } from './fsm.ts';
import { shutDown } from './lifecycle.ts';
import { IRQ } from './uapi.ts';

/** How often user space is asked again to let go of a device (vfio_unregister_group_dev). */
const REQUEST_INTERVAL: SimTime = 10 * NS_PER_S;

/** vfio_ccw_sch_probe. Only I/O subchannels match the driver, and of those with queues it wants none. */
export function* probe(self: Process, device: VfioDevice): Steps<Errno> {
  const { linux, sch } = device;
  const { subchannelType, qdio } = sch.schib.pmcw;
  if (subchannelType !== SUBCHANNEL_TYPE_IO || qdio === 1) return E.NODEV;
  const rc = linux.features.vfioOpenClose ? E.OK : yield* enable(self, device);
  if (rc === E.OK) device.driver.probed(device);
  return rc;
}

/** Before open and close had a part in the state machine, the subchannel was enabled as long as it was bound. */
function* enable(self: Process, { sch, linux }: VfioDevice): Steps<Errno> {
  yield* sch.lock.acquire(self);
  const rc = yield* enableSubchannel(linux, self, sch);
  sch.lock.release(linux.sim);
  return rc;
}

/** vfio_ccw_sch_remove. Whoever unregisters or unbinds the subchannel waits until user space has closed the device. */
export function* remove(self: Process, device: VfioDevice): Steps {
  const { sch, linux } = device;
  if (!linux.features.vfioOpenClose) {
    yield* sch.lock.acquire(self);
    yield* shutDown(self, device);
    sch.lock.release(linux.sim);
  }
  yield* removeMediated(self, device);
  device.driver.forget(device);
}

/** Takes the mediated device away; while it is open, user space is asked for it again and again. */
export function* removeMediated(self: Process, device: VfioDevice): Steps {
  if (device.relay === null) return;
  yield* self.settle();
  while (device.isOpen) {
    if (device.linux.features.vfioRequest) device.signal(IRQ.REQ);
    yield* device.released.wait(self, REQUEST_INTERVAL);
  }
  device.relay = null;
  device.uuid = null;
  if (!device.linux.features.vfioOpenClose && device.isOperational) device.state = VFIO_STATE.STANDBY;
}
