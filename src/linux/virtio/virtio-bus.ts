import type { Process, Steps } from '../../kernel/process.ts';
import { E, type Errno } from '../errno.ts';
import { STATUS } from './commands.ts';
import { commonFeatures, FEATURE } from './features.ts';
import type { VirtioTransport } from './transport.ts';
import type { VirtioDriver } from './virtio-driver.ts';

/** The virtio core (drivers/virtio/virtio.c): devices come and go, and find their drivers. */

/** register_virtio_device: without a driver the device is only acknowledged. True when `driver` took it. */
export function* registerDevice(
  self: Process,
  device: VirtioTransport,
  driver: VirtioDriver | null,
): Steps<boolean> {
  yield* device.reset(self);
  yield* device.addStatus(self, STATUS.ACKNOWLEDGE);
  if (driver === null) return false;
  const rc = yield* probe(self, device, driver);
  if (rc === E.OK) return true;
  yield* device.addStatus(self, STATUS.FAILED);
  return false;
}

/** unregister_virtio_device, of a device that a driver has (virtio_dev_remove). */
export function* unregisterDevice(self: Process, device: VirtioTransport, driver: VirtioDriver): Steps {
  yield* driver.remove(self, device);
  // The core looks whether the driver has reset the device, and takes note of the device again.
  yield* device.getStatus(self);
  yield* device.addStatus(self, STATUS.ACKNOWLEDGE);
}

/** virtio_dev_probe. */
function* probe(self: Process, device: VirtioTransport, driver: VirtioDriver): Steps<Errno> {
  yield* device.addStatus(self, STATUS.DRIVER);
  device.features = commonFeatures(yield* device.getFeatures(self), driver.features);
  let rc = yield* device.finalizeFeatures(self);
  if (rc === E.OK) rc = yield* confirmFeatures(self, device);
  if (rc === E.OK) rc = yield* driver.probe(self, device);
  if (rc !== E.OK) return rc;
  if (((yield* device.getStatus(self)) & STATUS.DRIVER_OK) === 0) yield* device.ready(self);
  if (driver.scan !== undefined) yield* driver.scan(self, device);
  return E.OK;
}

/** virtio_features_ok: a device of version 1 may refuse the features that were chosen. */
function* confirmFeatures(self: Process, device: VirtioTransport): Steps<Errno> {
  if (!device.features.has(FEATURE.VERSION_1)) return E.OK;
  yield* device.addStatus(self, STATUS.FEATURES_OK);
  return ((yield* device.getStatus(self)) & STATUS.FEATURES_OK) === 0 ? E.NODEV : E.OK;
}
