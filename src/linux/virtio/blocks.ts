import { IO_SCH_ISC } from '../cio.ts';

/**
 * Parameter blocks of virtio channel commands, big-endian (virtio_ccw.c). The kernel's allocator is not modelled: every
 * device has an area of storage of its own for its indicators and rings.
 */
const FIRST_AREA = 0x0100_0000;
const AREA_BYTES = 0x10_0000;
/** Areas below 2 GiB; devices beyond share them, which nobody notices while rings are announced but not used. */
const AREAS = 1024;
const SUMMARY_ADDRESS = FIRST_AREA - 0x1000;
/** Alignment of the parts of a ring (KVM_VIRTIO_CCW_RING_ALIGN). */
const RING_ALIGN = 0x1000;

const REVISION_BYTES = 4;
/** Block of READ QUEUE CONFIGURATION. */
export const QUEUE_CONFIG_BYTES = 4;
const QUEUE_BYTES = 32;
const LEGACY_QUEUE_BYTES = 16;
const ADAPTER_INDICATOR_BYTES = 25;
/** Indicator bits that a device is given. */
const INDICATOR_BITS = 64;

const areaOf = (device: number): number => FIRST_AREA + (device % AREAS) * AREA_BYTES;

/** SET INDICATORS: where the device tells which queues have something. `device` null: nowhere any more. */
export const queueIndicators = (device: number | null): Uint8Array =>
  addressBlock(device === null ? 0 : areaOf(device));

/** SET CONFIGURATION INDICATORS. */
export const configIndicators = (device: number): Uint8Array => addressBlock(areaOf(device) + 8);

/** SET ADAPTER INDICATORS: summary indicator, indicators, number of the first bit, interruption subclass. */
export function adapterIndicators(device: number | null): Uint8Array {
  const block = new Uint8Array(ADAPTER_INDICATOR_BYTES);
  const view = new DataView(block.buffer);
  view.setUint32(4, SUMMARY_ADDRESS);
  if (device !== null) {
    view.setUint32(12, SUMMARY_ADDRESS + 0x100);
    view.setUint32(20, device * INDICATOR_BITS);
  }
  view.setUint8(24, IO_SCH_ISC);
  return block;
}

/** SET QUEUE: where a ring of `length` descriptors lies, in the form of the revision; length 0 takes it back. */
export function queueBlock(device: number, queue: number, length: number, legacy: boolean): Uint8Array {
  const ring = length === 0 ? 0 : areaOf(device) + (3 * queue + 1) * RING_ALIGN;
  const block = new Uint8Array(legacy ? LEGACY_QUEUE_BYTES : QUEUE_BYTES);
  const view = new DataView(block.buffer);
  view.setUint32(4, ring);
  if (legacy && length > 0) view.setUint32(8, RING_ALIGN);
  view.setUint16(12, queue);
  view.setUint16(14, length);
  if (legacy || length === 0) return block;
  view.setUint32(20, ring + RING_ALIGN);
  view.setUint32(28, ring + 2 * RING_ALIGN);
  return block;
}

/** SET VIRTIO REVISION, without payload. */
export function revisionBlock(revision: number): Uint8Array {
  const block = new Uint8Array(REVISION_BYTES);
  new DataView(block.buffer).setUint16(0, revision);
  return block;
}

function addressBlock(address: number): Uint8Array {
  const block = new Uint8Array(8);
  new DataView(block.buffer).setUint32(4, address);
  return block;
}
