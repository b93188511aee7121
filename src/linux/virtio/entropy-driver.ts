import { E } from '../errno.ts';
import { VIRTIO_ID } from './commands.ts';
import type { VirtioDriver } from './virtio-driver.ts';

/** Random numbers (drivers/char/hw_random/virtio-rng.c): one queue, and a request on it at once. */
export const entropyDriver: VirtioDriver = {
  id: VIRTIO_ID.ENTROPY,
  features: new Set(),
  *probe(self, device) {
    const rc = yield* device.findQueues(self, 1);
    if (rc === E.OK) yield* device.ready(self);
    return rc;
  },
  *remove(self, device) {
    yield* device.reset(self);
    yield* device.deleteQueues(self);
  },
};
