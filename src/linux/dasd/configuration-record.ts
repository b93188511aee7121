import { NS_PER_S, type SimTime } from '../../kernel/time.ts';
import { EXPIRES_MAX_S } from './definitions.ts';

/**
 * What the driver takes from READ CONFIGURATION DATA (dasd_eckd.c: dasd_eckd_identify_conf_parts, create_uid): 32-byte
 * node-element descriptors and qualifiers. The last fitting one of each kind counts.
 */
export const CONFIGURATION_BYTES = 256;
const ELEMENT_BYTES = 32;

const QUALIFIER = 1;
const GENERAL_QUALIFIER = 2;
const DESCRIPTOR = 3;
const IO_DEVICE = 1;
const ALIAS_FORMAT = 1;
const VIRTUAL_DEVICE_FORMAT = 4;

/** Types of a unit address. */
export const UNIT = { NOT_CONFIGURED: 0, BASE: 1, BASE_PAV_ALIAS: 2, HYPER_PAV_ALIAS: 3 } as const;

/** Path access attribute of the general qualifier. */
export const PATH_ACCESS = { NON_PREFERRED: 2, PREFERRED: 3 } as const;

export const isAliasType = (type: number): boolean =>
  type === UNIT.BASE_PAV_ALIAS || type === UNIT.HYPER_PAV_ALIAS;

/** Identity of a device as told on one path: equal on all paths that lead to the same device. */
export interface DeviceUid {
  readonly vendor: string;
  readonly serial: string;
  readonly ssid: number;
  readonly unitAddress: number;
  readonly type: number;
  readonly baseUnitAddress: number;
  /** Unit identifier that a hypervisor gives to a virtual device. */
  readonly virtualUnit: string;
}

export const sameUid = (a: DeviceUid, b: DeviceUid): boolean =>
  a.vendor === b.vendor &&
  a.serial === b.serial &&
  a.ssid === b.ssid &&
  a.unitAddress === b.unitAddress &&
  a.type === b.type &&
  a.baseUnitAddress === b.baseUnitAddress &&
  a.virtualUnit === b.virtualUnit;

export interface ConfigurationRecord {
  readonly uid: DeviceUid;
  /** Number of the logical subsystem, as PREFIX and the volume storage query name it. */
  readonly logicalSubsystem: number;
  /** Primary missing-interruption interval, 0 when none is stated or it is of no use. */
  readonly expiresNs: SimTime;
  /** The control unit understands transport mode. */
  readonly transportMode: boolean;
}

const ABSENT = -1;
/** Byte 17 of the general qualifier. */
const TRANSPORT_MODE = 0x04;

/** The parts of one path's data; null when the descriptor or the general qualifier is missing. */
export function parseConfiguration(data: Uint8Array): ConfigurationRecord | null {
  let ned = ABSENT;
  let general = ABSENT;
  let alias = ABSENT;
  let virtual = ABSENT;
  for (let at = 0; at + ELEMENT_BYTES <= data.length; at += ELEMENT_BYTES) {
    const kind = data[at] >> 6;
    const format = (data[at + 2] << 8) | data[at + 3];
    if (kind === QUALIFIER && format === ALIAS_FORMAT) alias = at;
    else if (kind === QUALIFIER && format === VIRTUAL_DEVICE_FORMAT) virtual = at;
    else if (kind === GENERAL_QUALIFIER) general = at;
    else if (kind === DESCRIPTOR && data[at + 1] === IO_DEVICE) ned = at;
  }
  if (ned === ABSENT || general === ABSENT) return null;
  const type = alias === ABSENT ? UNIT.BASE : data[alias + 8];
  const uid: DeviceUid = {
    vendor: hex(data, ned + 13, 3),
    serial: hex(data, ned + 16, 14),
    ssid: (data[general + 8] << 8) | data[general + 9],
    unitAddress: data[ned + 31],
    type,
    baseUnitAddress: alias !== ABSENT && type === UNIT.BASE_PAV_ALIAS ? data[alias + 9] : 0,
    virtualUnit: virtual === ABSENT ? '' : hex(data, virtual + 8, 16),
  };
  return {
    uid,
    logicalSubsystem: data[ned + 30],
    expiresNs: missingInterruptNs(data[general + 6]),
    transportMode: (data[general + 17] & TRANSPORT_MODE) !== 0,
  };
}

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

function hex(data: Uint8Array, from: number, length: number): string {
  let text = '';
  for (let at = from; at < from + length; at++) text += HEX[data[at]];
  return text;
}

/** Two bits of decimal exponent and six of number, in seconds. */
function missingInterruptNs(interval: number): SimTime {
  let seconds = interval & 0x3f;
  for (let exponent = interval >> 6; exponent > 0; exponent--) seconds *= 10;
  return seconds <= EXPIRES_MAX_S ? seconds * NS_PER_S : 0;
}

/** Path access attribute: of the first general qualifier; 0 without one. */
export function pathAccess(data: Uint8Array): number {
  for (let at = 0; at + ELEMENT_BYTES <= data.length; at += ELEMENT_BYTES) {
    if (data[at] >> 6 === GENERAL_QUALIFIER) return data[at + 18] & 0x07;
  }
  return 0;
}
