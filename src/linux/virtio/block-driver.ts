import type { Process, Steps } from '../../kernel/process.ts';
import { E } from '../errno.ts';
import { VIRTIO_ID } from './commands.ts';
import type { VirtioTransport } from './transport.ts';
import type { VirtioDriver } from './virtio-driver.ts';

/** Feature bits of block devices (virtio_blk.h). */
const F = {
  SIZE_MAX: 1,
  SEG_MAX: 2,
  GEOMETRY: 4,
  RO: 5,
  BLK_SIZE: 6,
  FLUSH: 9,
  TOPOLOGY: 10,
  CONFIG_WCE: 11,
  MQ: 12,
  DISCARD: 13,
  WRITE_ZEROES: 14,
  SECURE_ERASE: 16,
} as const;

/** Offset and length of a configuration field, bytes. */
type Field = readonly [number, number];
const CAPACITY: Field = [0, 8];
const NUM_QUEUES: Field = [34, 2];

/** What the driver reads before it sets queues up, and after, in this order; each only with its feature (virtblk_probe). */
const BEFORE_QUEUES: readonly (readonly [number, Field])[] = [[F.SEG_MAX, [12, 4]]];
const AFTER_QUEUES: readonly (readonly [number, Field])[] = [
  [F.CONFIG_WCE, [32, 1]],
  [F.SIZE_MAX, [8, 4]],
  [F.BLK_SIZE, [20, 4]],
  [F.TOPOLOGY, [24, 1]],
  [F.TOPOLOGY, [25, 1]],
  [F.TOPOLOGY, [26, 2]],
  [F.TOPOLOGY, [28, 4]],
  [F.DISCARD, [44, 4]],
  [F.DISCARD, [36, 4]],
  [F.DISCARD, [40, 4]],
  [F.WRITE_ZEROES, [48, 4]],
];

/** Block devices (drivers/block/virtio_blk.c). */
export const blockDriver: VirtioDriver = {
  id: VIRTIO_ID.BLOCK,
  features: new Set(Object.values(F)),
  *probe(self, device) {
    yield* readFields(self, device, BEFORE_QUEUES);
    let queues = 1;
    if (device.features.has(F.MQ)) {
      // Little-endian, as all fields of a device of version 1; there is a queue for each processor at most.
      const offered = (yield* device.readConfig(self, ...NUM_QUEUES))[0];
      queues = Math.max(1, Math.min(offered, device.processors));
    }
    const rc = yield* device.findQueues(self, queues);
    if (rc !== E.OK) return rc;
    yield* readFields(self, device, AFTER_QUEUES);
    yield* device.readConfig(self, ...CAPACITY);
    yield* device.ready(self);
    return E.OK;
  },
  *remove(self, device) {
    yield* device.reset(self);
    yield* device.deleteQueues(self);
  },
};

function* readFields(
  self: Process,
  device: VirtioTransport,
  fields: readonly (readonly [number, Field])[],
): Steps {
  for (const [feature, [offset, length]] of fields) {
    if (device.features.has(feature)) yield* device.readConfig(self, offset, length);
  }
}
