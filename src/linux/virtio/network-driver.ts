import { E } from '../errno.ts';
import { VIRTIO_ID } from './commands.ts';
import type { VirtioDriver } from './virtio-driver.ts';

/** Feature bits of network devices that make the driver read configuration or set up queues (virtio_net.h). */
const F = { MTU: 3, MAC: 5, STATUS: 16, CTRL_VQ: 17, MQ: 22 } as const;
/** Further ones that the driver knows: offloads, mergeable buffers, control commands. */
const OTHERS = [0, 1, 2, 7, 8, 9, 10, 11, 12, 13, 14, 15, 18, 19, 21, 23, 53, 57, 60, 62, 63];

/** Offset and length of configuration fields, bytes. */
const MAC_BYTES = 6;
const STATUS_FIELD = [6, 2] as const;
const MAX_QUEUE_PAIRS = [8, 2] as const;
const MTU_FIELD = [10, 2] as const;

/** Network devices (drivers/net/virtio_net.c). */
export const networkDriver: VirtioDriver = {
  id: VIRTIO_ID.NET,
  features: new Set([...Object.values(F), ...OTHERS]),
  *probe(self, device) {
    let pairs = 1;
    if (device.features.has(F.MTU)) yield* device.readConfig(self, ...MTU_FIELD);
    if (device.features.has(F.MQ)) pairs = (yield* device.readConfig(self, ...MAX_QUEUE_PAIRS))[0];
    if (device.features.has(F.MAC)) {
      // The bytes of an address are fetched one by one.
      for (let at = 0; at < MAC_BYTES; at++) yield* device.readConfig(self, at, 1);
    }
    if (device.features.has(F.MTU)) yield* device.readConfig(self, ...MTU_FIELD);
    const control = device.features.has(F.CTRL_VQ) ? 1 : 0;
    const rc = yield* device.findQueues(self, 2 * Math.max(1, pairs) + control);
    if (rc === E.OK) yield* device.ready(self);
    return rc;
  },
  *remove(self, device) {
    yield* device.reset(self);
    yield* device.deleteQueues(self);
  },
  /** The work item that looks whether the link is up. */
  *scan(self, device) {
    if (device.features.has(F.STATUS)) yield* device.readConfig(self, ...STATUS_FIELD);
  },
};
