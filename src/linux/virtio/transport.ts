import type { Process, Steps } from '../../kernel/process.ts';
import type { Simulation } from '../../kernel/simulation.ts';
import { CCW_FLAG } from '../../zarch/ccw.ts';
import { VIRTIO_COMMAND } from '../../zarch/commands.ts';
import type { CcwDevice } from '../ccw-driver.ts';
import { E, type Errno } from '../errno.ts';
import {
  adapterIndicators,
  configIndicators,
  QUEUE_CONFIG_BYTES,
  queueBlock,
  queueIndicators,
  revisionBlock,
} from './blocks.ts';
import { CommandExecution } from './command-execution.ts';
import { STATUS } from './commands.ts';
import {
  addFeatures,
  FEATURE,
  FEATURE_DESCRIPTOR_BYTES,
  type Features,
  featureDescriptor,
} from './features.ts';

/** What differs between kernels (virtio_ccw.c). */
export interface TransportOptions {
  /** Highest revision that the driver asks for, and the one from which on it reads the status from the device. */
  readonly highestRevision: number;
  readonly statusRevision: number;
  /** Processors of the system: drivers set up no more queues. */
  readonly processors: number;
}

/**
 * A virtio device behind the channel: what the virtio core asks of its transport, each as the channel commands that
 * virtio_ccw.c executes for it. Queues are announced but not used: data travel on them without channel programs.
 */
export class VirtioTransport {
  readonly commands: CommandExecution;
  revision = 0;
  /** Negotiated features. */
  features: Features = new Set();
  private readonly device: CcwDevice;
  private readonly options: TransportOptions;
  /** The kernel's copy of the device status. */
  private status = 0;
  private adapterInterruptions = true;
  /** Queues that were announced to the device. */
  private queues = 0;

  constructor(sim: Simulation, device: CcwDevice, options: TransportOptions) {
    this.device = device;
    this.options = options;
    this.commands = new CommandExecution(sim, device);
  }

  /** virtio_ccw_set_transport_rev: the highest revision that the device accepts; one that rejects even 0 is a legacy device. */
  *setRevision(self: Process): Steps<Errno> {
    for (this.revision = this.options.highestRevision; ; this.revision--) {
      const block = revisionBlock(this.revision);
      const rc = yield* this.commands.execute(self, VIRTIO_COMMAND.SET_REVISION, block);
      if (rc !== E.OPNOTSUPP) return rc;
      if (this.revision === 0) return E.OK;
    }
  }

  /** virtio_ccw_reset. */
  *reset(self: Process): Steps {
    this.status = 0;
    yield* this.commands.execute(self, VIRTIO_COMMAND.RESET, null);
  }

  /** virtio_ccw_get_status: a device of an old revision cannot be asked. */
  *getStatus(self: Process): Steps<number> {
    if (this.revision < this.options.statusRevision) return this.status;
    const area = Uint8Array.of(this.status);
    yield* this.commands.execute(self, VIRTIO_COMMAND.READ_STATUS, area);
    this.status = area[0];
    return this.status;
  }

  /** virtio_ccw_set_status. */
  *setStatus(self: Process, status: number): Steps {
    const rc = yield* this.commands.execute(self, VIRTIO_COMMAND.WRITE_STATUS, Uint8Array.of(status));
    if (rc === E.OK) this.status = status;
  }

  /** virtio_add_status. */
  *addStatus(self: Process, bits: number): Steps {
    yield* this.setStatus(self, (yield* this.getStatus(self)) | bits);
  }

  /** virtio_device_ready. */
  *ready(self: Process): Steps {
    yield* this.addStatus(self, STATUS.DRIVER_OK);
  }

  /** virtio_ccw_get_features: a word at a time. */
  *getFeatures(self: Process): Steps<Features> {
    const features = new Set<number>();
    for (let index = 0; index < this.featureWords; index++) {
      const descriptor = new Uint8Array(FEATURE_DESCRIPTOR_BYTES);
      descriptor[FEATURE_DESCRIPTOR_BYTES - 1] = index;
      const rc = yield* this.commands.execute(self, VIRTIO_COMMAND.READ_FEATURES, descriptor);
      if (rc !== E.OK) break;
      addFeatures(features, descriptor, index);
    }
    return features;
  }

  /** virtio_ccw_finalize_features. */
  *finalizeFeatures(self: Process): Steps<Errno> {
    if (this.revision >= 1 && !this.features.has(FEATURE.VERSION_1)) return E.INVAL;
    let rc: Errno = E.OK;
    for (let index = 0; index < this.featureWords && rc === E.OK; index++) {
      const descriptor = featureDescriptor(this.features, index);
      rc = yield* this.commands.execute(self, VIRTIO_COMMAND.WRITE_FEATURES, descriptor);
    }
    return rc;
  }

  /** virtio_ccw_get_config: one field, read with all that lies before it; zeros when it cannot be read. */
  *readConfig(self: Process, offset: number, length: number): Steps<Uint8Array> {
    const area = new Uint8Array(offset + length);
    yield* this.commands.execute(self, VIRTIO_COMMAND.READ_CONFIG, area);
    return area.subarray(offset);
  }

  /** virtio_ccw_find_vqs: announces queues 0 … count−1, and where the device tells about them and its configuration. */
  *findQueues(self: Process, count: number): Steps<Errno> {
    let rc = yield* this.setUpQueues(self, count);
    if (rc === E.OK) rc = yield* this.registerIndicators(self);
    if (rc === E.OK) {
      const block = configIndicators(this.device.index);
      rc = yield* this.commands.execute(self, VIRTIO_COMMAND.SET_CONFIG_INDICATORS, block);
    }
    if (rc !== E.OK) yield* this.deleteQueues(self);
    return rc;
  }

  /** virtio_ccw_del_vqs. */
  *deleteQueues(self: Process): Steps {
    if (this.adapterInterruptions) {
      yield* this.commands.execute(self, VIRTIO_COMMAND.SET_ADAPTER_INDICATORS, adapterIndicators(null));
    } else yield* this.commands.execute(self, VIRTIO_COMMAND.SET_INDICATORS, queueIndicators(null));
    for (let queue = 0; queue < this.queues; queue++) yield* this.setQueue(self, queue, 0);
    this.queues = 0;
  }

  get processors(): number {
    return this.options.processors;
  }

  private get featureWords(): number {
    return this.revision === 0 ? 1 : 2;
  }

  /** virtio_ccw_setup_vq for each queue: how long may it be, and where it is. */
  private *setUpQueues(self: Process, count: number): Steps<Errno> {
    for (let queue = 0; queue < count; queue++) {
      const area = new Uint8Array(QUEUE_CONFIG_BYTES);
      const view = new DataView(area.buffer);
      view.setUint16(0, queue);
      let rc = yield* this.commands.execute(self, VIRTIO_COMMAND.READ_QUEUE_CONFIG, area);
      const length = view.getUint16(2);
      if (rc === E.OK && length === 0) rc = E.NOENT;
      if (rc === E.OK) rc = yield* this.setQueue(self, queue, length);
      if (rc !== E.OK) return rc;
      this.queues = queue + 1;
    }
    return E.OK;
  }

  private setQueue(self: Process, queue: number, length: number): Steps<Errno> {
    const block = queueBlock(this.device.index, queue, length, this.revision === 0);
    return this.commands.execute(self, VIRTIO_COMMAND.SET_QUEUE, block);
  }

  /** Adapter interruptions where the host has them, else indicators of the device's own. */
  private *registerIndicators(self: Process): Steps<Errno> {
    const { index } = this.device;
    if (this.adapterInterruptions) {
      const block = adapterIndicators(index);
      const { SET_ADAPTER_INDICATORS } = VIRTIO_COMMAND;
      const rc = yield* this.commands.execute(self, SET_ADAPTER_INDICATORS, block, CCW_FLAG.SUPPRESS_LENGTH);
      if (rc === E.OK) return rc;
      this.adapterInterruptions = false;
    }
    return yield* this.commands.execute(self, VIRTIO_COMMAND.SET_INDICATORS, queueIndicators(index));
  }
}
