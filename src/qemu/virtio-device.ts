import { assert } from '../kernel/assert.ts';

/** Virtio device status (virtio 1.x, "Device Status Field"). */
const VIRTIO_STATUS = {
  ACKNOWLEDGE: 0x01,
  DRIVER: 0x02,
  DRIVER_OK: 0x04,
  FEATURES_OK: 0x08,
  FAILED: 0x80,
} as const;

/** Feature bits by their number; bits from 32 on exist for drivers of virtio revision 1 and later only. */
const VIRTIO_FEATURE = {
  NOTIFY_ON_EMPTY: 24,
  ANY_LAYOUT: 27,
  RING_INDIRECT_DESC: 28,
  RING_EVENT_IDX: 29,
  VERSION_1: 32,
  ACCESS_PLATFORM: 33,
} as const;

/** Queues that a device can be asked about (QEMU VIRTIO_QUEUE_MAX); also the number that stands for its configuration. */
export const QUEUES_MAX = 1024;
/** A queue that notifies nobody. */
export const NO_VECTOR = 0xffff;

/** What a virtio device is. */
export interface VirtioModel {
  /** Device id of the virtio specification; it is the control-unit model. */
  readonly deviceId: number;
  /** Size of each queue. */
  readonly queueSizes: readonly number[];
  readonly configBytes: number;
  /** Numbers of the feature bits that the device offers, besides those that all devices offer. */
  readonly features: readonly number[];
}

/** Devices of the recordings and their relatives (hw/virtio/virtio-rng.c, virtio-net.c, virtio-blk.c …). */
export const VIRTIO_MODELS = {
  rng: { deviceId: 4, queueSizes: [8], configBytes: 0, features: [] },
  net: { deviceId: 1, queueSizes: [256, 256, 64], configBytes: 12, features: [5, 16, 17, 18, 19, 20] },
  blk: { deviceId: 2, queueSizes: [256], configBytes: 60, features: [1, 2, 6, 9, 10] },
  console: { deviceId: 3, queueSizes: [128, 128], configBytes: 12, features: [] },
  balloon: { deviceId: 5, queueSizes: [128, 128], configBytes: 16, features: [] },
} as const satisfies Record<string, VirtioModel>;
export type VirtioKind = keyof typeof VIRTIO_MODELS;

const COMMON_FEATURES = [
  VIRTIO_FEATURE.NOTIFY_ON_EMPTY,
  VIRTIO_FEATURE.ANY_LAYOUT,
  VIRTIO_FEATURE.RING_INDIRECT_DESC,
  VIRTIO_FEATURE.RING_EVENT_IDX,
  VIRTIO_FEATURE.VERSION_1,
];

/** One queue. Addresses are below 2^53. */
export class VirtQueue {
  readonly maxSize: number;
  size: number;
  descriptors = 0;
  available = 0;
  used = 0;
  vector = NO_VECTOR;

  constructor(maxSize: number) {
    this.maxSize = maxSize;
    this.size = maxSize;
  }

  reset(): void {
    this.size = this.maxSize;
    this.descriptors = 0;
    this.available = 0;
    this.used = 0;
    this.vector = NO_VECTOR;
  }
}

/** What drivers have made of a virtio device, as a migration sends it. */
export interface VirtioState {
  readonly status: number;
  readonly accepted: Uint32Array;
  readonly config: Uint8Array;
  readonly configVector: number;
  readonly queues: readonly QueueState[];
}

type QueueState = Pick<VirtQueue, 'size' | 'descriptors' | 'available' | 'used' | 'vector'>;

/** State of a virtio device that does not depend on how it is reached (hw/virtio/virtio.c). */
export class VirtioDevice {
  readonly model: VirtioModel;
  readonly queues: readonly VirtQueue[];
  readonly config: Uint8Array;
  status = 0;
  /** Features in two words, bits 0 to 31 first. */
  readonly offered = new Uint32Array(2);
  readonly accepted = new Uint32Array(2);
  /** Changes of the configuration are notified. */
  configVector = NO_VECTOR;

  constructor(model: VirtioModel) {
    this.model = model;
    this.queues = model.queueSizes.map((size) => new VirtQueue(size));
    this.config = new Uint8Array(model.configBytes);
    for (const bit of [...COMMON_FEATURES, ...model.features]) this.offered[bit >> 5] |= 1 << (bit & 31);
  }

  /** Size of a queue; zero when the device does not have it. */
  queueSize(index: number): number {
    return this.queues[index]?.size ?? 0;
  }

  /** Accepts feature bits in word `word`, as far as they are offered and the driver has not finished negotiating. */
  acceptFeatures(word: 0 | 1, bits: number): void {
    if ((this.status & VIRTIO_STATUS.FEATURES_OK) !== 0) return;
    this.accepted[word] = bits & this.offered[word];
  }

  /** False: the device refuses to work with the features that the driver accepted, and the status stays. */
  setStatus(status: number): boolean {
    const finishes = (status & ~this.status & VIRTIO_STATUS.FEATURES_OK) !== 0;
    if (finishes && this.hasAccepted(VIRTIO_FEATURE.VERSION_1) && !this.featuresSuffice()) return false;
    this.status = status;
    return true;
  }

  reset(): void {
    this.status = 0;
    this.accepted.fill(0);
    this.configVector = NO_VECTOR;
    for (const queue of this.queues) queue.reset();
  }

  save(): VirtioState {
    const { status, accepted, config, configVector, queues } = this;
    return {
      status,
      accepted: accepted.slice(),
      config: config.slice(),
      configVector,
      queues: queues.map(({ size, descriptors, available, used, vector }) => ({
        size,
        descriptors,
        available,
        used,
        vector,
      })),
    };
  }

  load({ status, accepted, config, configVector, queues }: VirtioState): void {
    this.status = status;
    this.accepted.set(accepted);
    this.config.set(config);
    this.configVector = configVector;
    for (const [at, queue] of queues.entries()) Object.assign(this.queues[at], queue);
  }

  hasAccepted(bit: number): boolean {
    return ((this.accepted[bit >> 5] >>> (bit & 31)) & 1) === 1;
  }

  /** A device that translates its addresses cannot serve a driver that does not (virtio.c:virtio_validate_features). */
  private featuresSuffice(): boolean {
    const bit = VIRTIO_FEATURE.ACCESS_PLATFORM;
    const isOffered = ((this.offered[bit >> 5] >>> (bit & 31)) & 1) === 1;
    return !isOffered || this.hasAccepted(bit);
  }

  /** The vector of a queue; the caller knows that the queue is there. */
  vectorOf(queue: number): number {
    assert(queue < this.queues.length, 'a virtio device notifies with a queue that it has');
    return this.queues[queue].vector;
  }
}
