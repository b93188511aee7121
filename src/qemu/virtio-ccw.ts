import { VIRTIO_COMMAND } from '../zarch/commands.ts';
import type { Storage } from '../zarch/storage.ts';
import { checksLength } from './ccw-interpreter.ts';
import type { DataStream } from './data-stream.ts';
import type { Notifier } from './notifier.ts';
import { PROGRAM, type ProgramResult } from './program-result.ts';
import type { VirtualDevice, VirtualSubchannel } from './subchannel.ts';
import type { QemuTrace } from './trace.ts';
import { NO_VECTOR, QUEUES_MAX, type VirtioDevice, type VirtioState } from './virtio-device.ts';
import { type IndicatorState, VirtioIndicators } from './virtio-indicators.ts';
import type { VirtualCcw } from './virtual-ccw.ts';

const VIRTIO_CONTROL_UNIT = 0x3832;
const VIRTIO_PATH_TYPE = 0x32;
const NO_REVISION = -1;
const LEGACY_ALIGNMENT = 4096;
/** Queues that 64 classic indicator bits can stand for. */
const CLASSIC_QUEUES = 64;

const FEATURES_BYTES = 5;
const QUEUE_BYTES = 32;
const LEGACY_QUEUE_BYTES = 16;
const INDICATORS_BYTES = 8;
const QUEUE_CONFIG_BYTES = 4;
const ADAPTER_BYTES = 25;
const REVISION_BYTES = 4;

/** Bytes of one command on their way; devices take turns, one instruction at a time. */
const BYTES = new Uint8Array(ADAPTER_BYTES + QUEUE_BYTES);

export interface VirtioCcwOptions {
  /** Highest revision that may be negotiated. */
  readonly maxRevision: number;
  /** Revision 0 is refused, and so is every command before a revision was set. */
  readonly forceRevision1: boolean;
}
export const VIRTIO_CCW_DEFAULTS: VirtioCcwOptions = { maxRevision: 2, forceRevision1: false };

/** What a program has made of a device, as a migration sends it (virtio-ccw.c:vmstate_virtio_ccw_dev). */
export interface VirtioCcwState {
  readonly revision: number;
  readonly indicators: IndicatorState;
  readonly virtio: VirtioState;
}

/** A virtio device behind a subchannel: its commands and its notifications (hw/s390x/virtio-ccw.c). */
export class VirtioCcwDevice implements VirtualDevice {
  readonly cuType = VIRTIO_CONTROL_UNIT;
  readonly cuModel: number;
  readonly pathType = VIRTIO_PATH_TYPE;
  readonly passedThrough = false;
  readonly virtio: VirtioDevice;
  revision = NO_REVISION;
  private readonly options: VirtioCcwOptions;
  private readonly trace: QemuTrace;
  private readonly indicators: VirtioIndicators;

  constructor(virtio: VirtioDevice, options: VirtioCcwOptions, storage: Storage, trace: QemuTrace) {
    this.virtio = virtio;
    this.cuModel = virtio.model.deviceId;
    this.options = options;
    this.trace = trace;
    this.indicators = new VirtioIndicators(storage, trace);
  }

  execute(sch: VirtualSubchannel, ccw: VirtualCcw, data: DataStream): ProgramResult {
    this.trace.command(sch.id, ccw.command);
    if (this.revision === NO_REVISION && ccw.command !== VIRTIO_COMMAND.SET_REVISION) {
      if (this.options.forceRevision1) return PROGRAM.REJECT;
      this.revision = 0;
    }
    switch (ccw.command) {
      case VIRTIO_COMMAND.SET_QUEUE:
        return this.setQueue(sch, ccw, data);
      case VIRTIO_COMMAND.RESET:
        this.reset(sch);
        return PROGRAM.OK;
      case VIRTIO_COMMAND.READ_FEATURES:
        return this.readFeatures(sch, ccw, data);
      case VIRTIO_COMMAND.WRITE_FEATURES:
        return this.writeFeatures(sch, ccw, data);
      case VIRTIO_COMMAND.READ_CONFIG:
        return this.readConfig(sch, ccw, data);
      case VIRTIO_COMMAND.WRITE_CONFIG:
        return this.writeConfig(sch, ccw, data);
      case VIRTIO_COMMAND.READ_STATUS:
        return this.readStatus(sch, ccw, data);
      case VIRTIO_COMMAND.WRITE_STATUS:
        return this.writeStatus(sch, ccw, data);
      case VIRTIO_COMMAND.SET_INDICATORS:
        return this.setIndicators(sch, ccw, data);
      case VIRTIO_COMMAND.SET_CONFIG_INDICATORS:
        return this.setConfigIndicators(sch, ccw, data);
      case VIRTIO_COMMAND.READ_QUEUE_CONFIG:
        return this.readQueueConfig(sch, ccw, data);
      case VIRTIO_COMMAND.SET_ADAPTER_INDICATORS:
        return this.setAdapterIndicators(sch, ccw, data);
      case VIRTIO_COMMAND.SET_REVISION:
        return this.setRevision(ccw, data);
      default:
        return PROGRAM.REJECT;
    }
  }

  disabled(): void {
    this.revision = NO_REVISION;
  }

  save(): VirtioCcwState {
    return { revision: this.revision, indicators: this.indicators.save(), virtio: this.virtio.save() };
  }

  load({ revision, indicators, virtio }: VirtioCcwState): void {
    this.revision = revision;
    this.indicators.load(indicators);
    this.virtio.load(virtio);
  }

  /** The device has used buffers of a queue, or its configuration has changed. */
  notify(sch: VirtualSubchannel, queue: number | 'config', notifier: Notifier): void {
    if (queue === 'config') {
      this.indicators.notifyConfig(sch, notifier);
      return;
    }
    const vector = this.virtio.vectorOf(queue);
    if (vector !== NO_VECTOR) this.indicators.notifyQueue(sch, vector, notifier);
  }

  reset(sch: VirtualSubchannel): void {
    this.virtio.reset();
    this.indicators.reset();
    sch.adapterInterruptions = false;
  }

  private setQueue(sch: VirtualSubchannel, ccw: VirtualCcw, data: DataStream): ProgramResult {
    const isLegacy = this.revision < 1;
    const length = isLegacy ? LEGACY_QUEUE_BYTES : QUEUE_BYTES;
    if (!fits(ccw, length) || !data.fetch(BYTES, length)) return PROGRAM.CHECK;
    const isSet = isLegacy ? this.setLegacyQueue() : this.setModernQueue();
    sch.schib.scsw.count = 0;
    return isSet ? PROGRAM.OK : PROGRAM.CHECK;
  }

  /** One address for all three rings, 4 KiB apart; the queue has its full size. */
  private setLegacyQueue(): boolean {
    const address = doubleword(0);
    const index = halfword(12);
    if (index >= QUEUES_MAX || (address !== 0 && word(8) !== LEGACY_ALIGNMENT)) return false;
    return this.setRings(index, address, 0, 0, () => this.virtio.queueSize(index) <= halfword(14));
  }

  private setModernQueue(): boolean {
    const index = halfword(12);
    const size = halfword(14);
    if (index >= QUEUES_MAX) return false;
    return this.setRings(index, doubleword(0), doubleword(16), doubleword(24), () => {
      const queue = this.virtio.queues[index];
      if ((queue?.maxSize ?? 0) < size) return false;
      if (queue !== undefined) queue.size = size;
      return true;
    });
  }

  private setRings(
    index: number,
    descriptors: number,
    available: number,
    used: number,
    hasSize: () => boolean,
  ): boolean {
    const queue = this.virtio.queues[index];
    if (queue !== undefined) {
      queue.descriptors = descriptors;
      queue.available = available;
      queue.used = used;
    }
    if (descriptors !== 0 && !hasSize()) return false;
    if (queue !== undefined) queue.vector = descriptors === 0 ? NO_VECTOR : index;
    this.virtio.configVector = QUEUES_MAX;
    return true;
  }

  private readFeatures(sch: VirtualSubchannel, ccw: VirtualCcw, data: DataStream): ProgramResult {
    if (!fits(ccw, FEATURES_BYTES)) return PROGRAM.CHECK;
    if (!data.advance(4) || !data.fetch(BYTES, 1)) return PROGRAM.CHECK;
    const index = BYTES[0];
    data.rewind();
    storeLittleEndian(this.offeredTo(index));
    if (!data.store(BYTES, 4)) return PROGRAM.CHECK;
    sch.schib.scsw.count = ccw.count - FEATURES_BYTES;
    return PROGRAM.OK;
  }

  /** Bits from 32 on are there from revision 1 on. */
  private offeredTo(index: number): number {
    if (index === 0) return this.virtio.offered[0];
    return index === 1 && this.revision >= 1 ? this.virtio.offered[1] : 0;
  }

  private writeFeatures(sch: VirtualSubchannel, ccw: VirtualCcw, data: DataStream): ProgramResult {
    if (!fits(ccw, FEATURES_BYTES) || !data.fetch(BYTES, FEATURES_BYTES)) return PROGRAM.CHECK;
    const index = BYTES[4];
    const bits = (BYTES[0] | (BYTES[1] << 8) | (BYTES[2] << 16) | (BYTES[3] << 24)) >>> 0;
    if (index === 0) this.virtio.acceptFeatures(0, bits);
    else if (index === 1 && this.revision >= 1) this.virtio.acceptFeatures(1, bits);
    sch.schib.scsw.count = ccw.count - FEATURES_BYTES;
    return PROGRAM.OK;
  }

  /** The residual count is set only when the store failed, as QEMU's test is the wrong way round. */
  private readConfig(sch: VirtualSubchannel, ccw: VirtualCcw, data: DataStream): ProgramResult {
    const { config } = this.virtio;
    if (checksLength(ccw) && ccw.count > config.length) return PROGRAM.CHECK;
    if (ccw.address === 0) return PROGRAM.CHECK;
    if (data.store(config, Math.min(ccw.count, config.length))) return PROGRAM.OK;
    sch.schib.scsw.count = data.residual;
    return PROGRAM.CHECK;
  }

  private writeConfig(sch: VirtualSubchannel, ccw: VirtualCcw, data: DataStream): ProgramResult {
    const { config } = this.virtio;
    if (checksLength(ccw) && ccw.count > config.length) return PROGRAM.CHECK;
    const length = Math.min(ccw.count, config.length);
    if (ccw.address === 0 || !data.fetch(config, length)) return PROGRAM.CHECK;
    sch.schib.scsw.count = ccw.count - length;
    return PROGRAM.OK;
  }

  private readStatus(sch: VirtualSubchannel, ccw: VirtualCcw, data: DataStream): ProgramResult {
    if (!fits(ccw, 1)) return PROGRAM.CHECK;
    BYTES[0] = this.virtio.status;
    data.storeAtDataAddress(BYTES);
    sch.schib.scsw.count = ccw.count - 1;
    return PROGRAM.OK;
  }

  private writeStatus(sch: VirtualSubchannel, ccw: VirtualCcw, data: DataStream): ProgramResult {
    if (!fits(ccw, 1) || !data.fetch(BYTES, 1)) return PROGRAM.CHECK;
    if (!this.virtio.setStatus(BYTES[0])) return PROGRAM.REJECT;
    if (this.virtio.status === 0) this.reset(sch);
    sch.schib.scsw.count = ccw.count - 1;
    return PROGRAM.OK;
  }

  private setIndicators(sch: VirtualSubchannel, ccw: VirtualCcw, data: DataStream): ProgramResult {
    if (!hasLength(ccw, INDICATORS_BYTES)) return PROGRAM.CHECK;
    if (sch.adapterInterruptions || this.virtio.queues.length > CLASSIC_QUEUES) return PROGRAM.REJECT;
    if (ccw.address === 0 || !data.fetch(BYTES, INDICATORS_BYTES)) return PROGRAM.CHECK;
    this.indicators.setClassic(doubleword(0));
    sch.schib.scsw.count = ccw.count - INDICATORS_BYTES;
    return PROGRAM.OK;
  }

  private setConfigIndicators(sch: VirtualSubchannel, ccw: VirtualCcw, data: DataStream): ProgramResult {
    if (!fits(ccw, INDICATORS_BYTES) || !data.fetch(BYTES, INDICATORS_BYTES)) return PROGRAM.CHECK;
    this.indicators.setConfig(doubleword(0));
    sch.schib.scsw.count = ccw.count - INDICATORS_BYTES;
    return PROGRAM.OK;
  }

  private readQueueConfig(sch: VirtualSubchannel, ccw: VirtualCcw, data: DataStream): ProgramResult {
    if (!fits(ccw, QUEUE_CONFIG_BYTES) || !data.fetch(BYTES, 2)) return PROGRAM.CHECK;
    const index = halfword(0);
    if (index >= QUEUES_MAX) return PROGRAM.CHECK;
    const size = this.virtio.queueSize(index);
    BYTES[0] = size >> 8;
    BYTES[1] = size;
    if (!data.store(BYTES, 2)) return PROGRAM.CHECK;
    sch.schib.scsw.count = ccw.count - QUEUE_CONFIG_BYTES;
    return PROGRAM.OK;
  }

  private setAdapterIndicators(sch: VirtualSubchannel, ccw: VirtualCcw, data: DataStream): ProgramResult {
    if (!fits(ccw, ADAPTER_BYTES)) return PROGRAM.CHECK;
    if (this.indicators.areSet && !sch.adapterInterruptions) return PROGRAM.REJECT;
    if (!data.fetch(BYTES, ADAPTER_BYTES)) return PROGRAM.CHECK;
    this.indicators.setAdapter(doubleword(0), doubleword(8), doubleword(16), BYTES[24] & 7);
    sch.adapterInterruptions = true;
    sch.schib.scsw.count = ccw.count - ADAPTER_BYTES;
    return PROGRAM.OK;
  }

  /** Further data of a revision may follow; there is none so far, but its length must be right. */
  private setRevision(ccw: VirtualCcw, data: DataStream): ProgramResult {
    if (ccw.count < REVISION_BYTES || ccw.address === 0) return PROGRAM.CHECK;
    if (!data.fetch(BYTES, REVISION_BYTES)) return PROGRAM.CHECK;
    const revision = halfword(0);
    const length = REVISION_BYTES + halfword(2);
    if (ccw.count < length || (checksLength(ccw) && ccw.count > length)) return PROGRAM.CHECK;
    if (this.revision !== NO_REVISION || revision > this.options.maxRevision) return PROGRAM.REJECT;
    if (revision === 0 && this.options.forceRevision1) return PROGRAM.REJECT;
    this.revision = revision;
    return PROGRAM.OK;
  }
}

/** Whether the count of a command with `length` bytes of data is right, and there is a data address. */
const fits = (ccw: VirtualCcw, length: number): boolean => hasLength(ccw, length) && ccw.address !== 0;
const hasLength = (ccw: VirtualCcw, length: number): boolean =>
  checksLength(ccw) ? ccw.count === length : ccw.count >= length;

const halfword = (at: number): number => (BYTES[at] << 8) | BYTES[at + 1];
const word = (at: number): number => halfword(at) * 0x10000 + halfword(at + 2);
const doubleword = (at: number): number => word(at) * 0x100000000 + word(at + 4);

function storeLittleEndian(value: number): void {
  for (let byte = 0; byte < 4; byte++) BYTES[byte] = value >>> (8 * byte);
}
