import type { Ccw } from '../zarch/ccw.ts';
import { COMMAND } from '../zarch/commands.ts';
import type { PathAccess } from './configuration-data.ts';
import type { Facilities } from './facilities.ts';
import type { ProgramRun } from './program-run.ts';
import { MESSAGE } from './sense.ts';
import type { UnitAddresses } from './unit-addresses.ts';

/**
 * PERFORM SUBSYSTEM FUNCTION with READ SUBSYSTEM DATA: a function prepares data, and the command chained to it reads
 * them (Linux dasd_eckd.h: PSF_ORDER_*, PSF_SUBORDER_*, struct dasd_rssd_*).
 */
const ORDER = { PREPARE: 0x18, CUIR_RESPONSE: 0x1a, SET_CHARACTERISTICS: 0x1d } as const;
const SUBORDER = {
  MESSAGE_BUFFER: 0x03,
  UNIT_ADDRESS_CONFIGURATION: 0x0e,
  FEATURE_CODES: 0x41,
  VOLUME_STORAGE: 0x52,
  LOGICAL_CONFIGURATION: 0x53,
} as const;
const PREPARE_BYTES = 12;

const FEATURE_BYTES = 256;
/** Feature byte 40. */
const TRANSPORT_MODE = 0x80;
const MANY_TRACKS = 0x20;
const UNIT_ADDRESS_BYTES = 512;
const VOLUME_STORAGE_BYTES = 28;
/** Header and room for 448 extent pools. */
const LOGICAL_CONFIGURATION_BYTES = 32 + 448 * 8;

/** What a control unit has to tell to single hosts, and what they say to it. Paths are host · ports + port. */
export interface AttentionMessages {
  /** The oldest message for whoever reads on this path and device; it is read once. */
  next(path: number, unitAddress: number): Readonly<Uint8Array>;
  /** False when nothing was asked that this order could answer. */
  answered(path: number, unitAddress: number, order: Uint8Array): boolean;
}

/** What a control unit answers about itself, apart from its single devices. */
export class SubsystemData {
  /** Null where the control unit never asks for attention. */
  messages: AttentionMessages | null = null;
  readonly addresses: UnitAddresses;
  private readonly facilities: Facilities;
  private readonly access: readonly PathAccess[];

  constructor(facilities: Facilities, addresses: UnitAddresses, access: readonly PathAccess[]) {
    this.facilities = facilities;
    this.addresses = addresses;
    this.access = access;
  }

  pathAccess(port: number): PathAccess {
    return this.access[port] ?? 'normal';
  }

  /** Data for READ SUBSYSTEM DATA; null when the suborder is not known here. `cylinders` is the device's size. */
  prepare(suborder: number, cylinders: number): Uint8Array | null {
    const { facilities } = this;
    switch (suborder) {
      case SUBORDER.FEATURE_CODES:
        return facilities.readFeatureCodes ? this.featureCodes() : null;
      case SUBORDER.UNIT_ADDRESS_CONFIGURATION:
        return facilities.unitAddressConfiguration ? this.unitAddressConfiguration() : null;
      case SUBORDER.VOLUME_STORAGE:
        return facilities.volumeStorageQuery ? volumeStorage(cylinders) : null;
      case SUBORDER.LOGICAL_CONFIGURATION:
        return facilities.logicalConfigurationQuery ? logicalConfiguration() : null;
      default:
        return null;
    }
  }

  private featureCodes(): Uint8Array {
    const bytes = new Uint8Array(FEATURE_BYTES);
    if (this.facilities.prefix) bytes[8] = 0x01;
    if (this.facilities.readTrackData) bytes[9] = 0x20;
    if (this.facilities.writeTrackData) bytes[12] = 0x40;
    if (this.facilities.transportMode) bytes[40] = TRANSPORT_MODE | MANY_TRACKS;
    return bytes;
  }

  private unitAddressConfiguration(): Uint8Array {
    if (!this.facilities.unitAddressTypes) return new Uint8Array(UNIT_ADDRESS_BYTES);
    return this.addresses.configuration();
  }
}

/** A fully provisioned volume: all of its space is allocated, and none is tracked by extents. */
function volumeStorage(cylinders: number): Uint8Array {
  const bytes = new Uint8Array(VOLUME_STORAGE_BYTES);
  const view = new DataView(bytes.buffer);
  view.setUint32(16, cylinders);
  view.setUint32(20, cylinders);
  view.setUint32(24, cylinders);
  return bytes;
}

/** One extent pool (number 0) of standard CKD volumes with extents of 1113 cylinders. */
function logicalConfiguration(): Uint8Array {
  const bytes = new Uint8Array(LOGICAL_CONFIGURATION_BYTES);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, 40);
  view.setUint16(2, 1);
  bytes[4] = 0x80;
  bytes[36] = 0x18;
  bytes[38] = 0x40;
  return bytes;
}

export function performSubsystemFunction(run: ProgramRun, ccw: Ccw): void {
  const { data } = ccw;
  if (data === null || ccw.count < PREPARE_BYTES) {
    run.reject(MESSAGE.COUNT_SHORT);
    return;
  }
  run.length = ccw.count;
  switch (data[0]) {
    case ORDER.PREPARE: {
      const reply =
        data[6] === SUBORDER.MESSAGE_BUFFER
          ? messageBuffer(run)
          : run.subsystem.prepare(data[6], run.volume.cylinders);
      if (reply === null) run.reject(MESSAGE.INVALID_PARAMETER);
      else run.prepared = reply;
      return;
    }
    case ORDER.CUIR_RESPONSE: {
      const accepted = run.subsystem.messages?.answered(run.path, run.device.unitAddress, data);
      if (accepted !== true) run.reject(MESSAGE.INVALID_PARAMETER);
      return;
    }
    case ORDER.SET_CHARACTERISTICS:
      if (!run.facilities.setSubsystemCharacteristics) run.reject(MESSAGE.INVALID_PARAMETER);
      return;
    default:
      run.reject(MESSAGE.INVALID_PARAMETER);
  }
}

const messageBuffer = ({ subsystem, path, device }: ProgramRun): Readonly<Uint8Array> | null =>
  subsystem.messages?.next(path, device.unitAddress) ?? null;

export function readSubsystemData(run: ProgramRun, ccw: Ccw): void {
  if (run.previous !== COMMAND.psf || run.prepared.length === 0) {
    run.reject(MESSAGE.INVALID_SEQUENCE);
    return;
  }
  run.supply(ccw, run.prepared, run.prepared.length);
}
