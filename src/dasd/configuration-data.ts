import { NS_PER_S, type SimTime } from '../kernel/time.ts';
import type { ControlUnitIdentity, Facilities } from './facilities.ts';
import { DEVICE_TYPE } from './geometry.ts';
import { storeEbcdic } from './volume-label.ts';

/**
 * SENSE ID data and the configuration data of READ CONFIGURATION DATA: node-element descriptors of device, string,
 * storage director and subsystem from byte 0, a specific qualifier at 128, the general qualifier at 224 (architecture
 * reference A.13, D.4; Linux dasd_eckd.h: struct dasd_ned, dasd_sneq, dasd_gneq).
 */
export const CONFIGURATION_BYTES = 256;
const ELEMENT_BYTES = 32;
const SPECIFIC_QUALIFIER = 128;
const GENERAL_QUALIFIER = 224;
/** Serial number within the device's descriptor. */
const SERIAL = 18;
const SERIAL_BYTES = 12;

/** Unit-address types (Linux enum uc_type). A HyperPAV alias serves any base of its logical subsystem. */
export const UNIT_ADDRESS = { NOT_CONFIGURED: 0, BASE: 1, PAV_ALIAS: 2, HYPERPAV_ALIAS: 3 } as const;

/** How a device likes to be reached by a path: general qualifier byte 18, bits 5–7. */
export const PATH_ACCESS = { normal: 0, 'non-preferred': 2, preferred: 3 } as const;
export type PathAccess = keyof typeof PATH_ACCESS;

export interface NodeElement {
  readonly unitAddress: number;
  /** Serial number of the device, up to twelve digits or capital letters. */
  readonly serial: string;
  /** Primary missing-interrupt interval; 0: none is stated. */
  readonly missingInterruptNs: SimTime;
  /** The device is no volume but another way to one: to the base with this unit address, or to any. */
  readonly aliasOf?: number | 'any';
}

export function unitAddressType({ aliasOf }: NodeElement): number {
  if (aliasOf === undefined) return UNIT_ADDRESS.BASE;
  return aliasOf === 'any' ? UNIT_ADDRESS.HYPERPAV_ALIAS : UNIT_ADDRESS.PAV_ALIAS;
}

/** SENSE ID: control-unit and device type, then the command-information words. */
export function senseIdData(identity: ControlUnitIdentity, model: number): Uint8Array {
  const bytes = new Uint8Array(8 + 4 * identity.ciws.length);
  const view = new DataView(bytes.buffer);
  bytes[0] = 0xff;
  view.setUint16(1, identity.type);
  bytes[3] = identity.model;
  view.setUint16(4, DEVICE_TYPE);
  bytes[6] = model;
  identity.ciws.forEach((ciw, index) => {
    view.setUint32(8 + 4 * index, ciw);
  });
  return bytes;
}

/**
 * The configuration data that all devices of one model on a control unit have in common; `storeDeviceData` and
 * `storePathData` add what differs.
 */
export function configurationData(
  identity: ControlUnitIdentity,
  facilities: Facilities,
  unit: { readonly model: number; readonly logicalSubsystem: number; readonly subsystemId: number },
): Uint8Array {
  const bytes = new Uint8Array(CONFIGURATION_BYTES);
  const view = new DataView(bytes.buffer);
  const hex = (value: number, digits: number): string =>
    value.toString(16).toUpperCase().padStart(digits, '0');
  const device = `${hex(DEVICE_TYPE, 4)}0${hex(unit.model, 2)}`;
  const director = `${hex(identity.type, 4)}0${hex(identity.model, 2)}`;
  const maker = identity.manufacturer + identity.plant;

  const descriptor = (index: number, flags: number, text: string, last: number): void => {
    view.setUint32(index * ELEMENT_BYTES, flags);
    storeEbcdic(bytes, index * ELEMENT_BYTES + 4, text);
    view.setUint16(index * ELEMENT_BYTES + 30, last);
  };
  descriptor(0, 0xdc010100, `00${device}${maker}`, unit.logicalSubsystem << 8);
  descriptor(1, 0xd4020000, `  ${device}${maker}000000000003`, 0);
  descriptor(2, 0xd0000000, `  ${director}${maker}000000000002`, unit.logicalSubsystem);
  descriptor(3, 0xf0000001, `  ${hex(identity.type, 4)}   ${maker}000000000001`, 0);

  if (facilities.unitAddressTypes) {
    bytes[SPECIFIC_QUALIFIER] = 0x40;
    bytes[SPECIFIC_QUALIFIER + 3] = 1;
  }
  bytes[GENERAL_QUALIFIER] = 0x80;
  view.setUint16(GENERAL_QUALIFIER + 8, unit.subsystemId);
  bytes[GENERAL_QUALIFIER + 10] = 0x80;
  bytes[GENERAL_QUALIFIER + 17] = facilities.transportMode ? 0x84 : 0x80;
  return bytes;
}

/** Completes configuration data with what is true of one device: its serial number, address and timing. */
export function storeDeviceData(bytes: Uint8Array, node: NodeElement): void {
  const { unitAddress, aliasOf } = node;
  storeEbcdic(bytes, SERIAL, node.serial.padStart(SERIAL_BYTES, '0').slice(-SERIAL_BYTES));
  bytes[ELEMENT_BYTES - 1] = unitAddress;
  if (bytes[SPECIFIC_QUALIFIER] !== 0) {
    bytes[SPECIFIC_QUALIFIER + 8] = unitAddressType(node);
    bytes[SPECIFIC_QUALIFIER + 9] = typeof aliasOf === 'number' ? aliasOf : 0;
  }
  bytes[GENERAL_QUALIFIER + 6] = missingInterruptByte(node.missingInterruptNs);
  bytes.fill(unitAddress, GENERAL_QUALIFIER + 11, GENERAL_QUALIFIER + 14);
  bytes[GENERAL_QUALIFIER + 19] = unitAddress;
}

/** Completes configuration data with what is true of one path: its interface and how it is preferred. */
export function storePathData(bytes: Uint8Array, interfaceId: number, access: PathAccess): void {
  bytes[GENERAL_QUALIFIER + 2] = interfaceId >>> 8;
  bytes[GENERAL_QUALIFIER + 3] = interfaceId;
  bytes[GENERAL_QUALIFIER + 14] = interfaceId;
  bytes[GENERAL_QUALIFIER + 18] = 0x80 | PATH_ACCESS[access];
}

/**
 * A missing-interrupt interval as the general qualifier states it: two bits of decimal exponent and six of number,
 * number · 10^exponent seconds. An interval that has no exact form is rounded up, the longest is 63,000 s.
 */
export function missingInterruptByte(intervalNs: SimTime): number {
  const seconds = Math.ceil(intervalNs / NS_PER_S);
  let unit = 1;
  for (let exponent = 0; exponent < 4; exponent++) {
    const number = Math.ceil(seconds / unit);
    if (number < 64) return (exponent << 6) | number;
    unit *= 10;
  }
  return 0xff;
}
