import type { ControlUnitIdentity } from './facilities.ts';
import {
  type DasdModel,
  DEVICE_TYPE,
  HOME_AND_R0_BYTES,
  R0_BYTES,
  SECTORS_PER_TRACK,
  TRACK_CAPACITY,
  TRACKS_PER_CYLINDER,
} from './geometry.ts';

/** READ DEVICE CHARACTERISTICS: 64 bytes (architecture reference D.3; Linux struct dasd_eckd_characteristics). */
export const CHARACTERISTICS_BYTES = 64;

const DIRECT_ACCESS = 0x20;
/** Cylinders in the sixteen-bit field of a volume that is larger; the real number stands at the end. */
const LARGE_VOLUME = 0xfffe;
const LARGEST_SHORT = 65_520;
/** Formula 2 with its factors F1–F5; F6 stands apart. */
const CAPACITY_FORMULA = [2, 34, 19, 9, 6, 116] as const;
const CONTROL_UNIT_CODE = 0x15;
/** Sector calculation factor of rotational-position sensing. */
const RPS_FACTOR = 0x7708;

export function deviceCharacteristics(
  identity: ControlUnitIdentity,
  { model, typeCode }: DasdModel,
  cylinders: number,
): Uint8Array {
  const bytes = new Uint8Array(CHARACTERISTICS_BYTES);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, identity.type);
  bytes[2] = identity.model;
  view.setUint16(3, DEVICE_TYPE);
  bytes[5] = model;
  view.setUint32(6, identity.features);
  bytes[10] = DIRECT_ACCESS;
  bytes[11] = typeCode;
  view.setUint16(12, cylinders > LARGEST_SHORT ? LARGE_VOLUME : cylinders);
  view.setUint16(14, TRACKS_PER_CYLINDER);
  bytes[16] = SECTORS_PER_TRACK;
  view.setUint16(18, TRACK_CAPACITY);
  view.setUint16(20, HOME_AND_R0_BYTES);
  bytes.set(CAPACITY_FORMULA, 22);
  // Identifiers under which error statistics of this device are kept (MDR, OBR).
  bytes[40] = typeCode;
  bytes[41] = typeCode;
  bytes[42] = CONTROL_UNIT_CODE;
  bytes[43] = 0x02;
  view.setUint16(44, R0_BYTES);
  bytes[47] = 0x01;
  bytes[48] = 6;
  view.setUint16(49, RPS_FACTOR);
  bytes[51] = 0x0f;
  bytes[53] = 0x7f;
  bytes[54] = 0x48;
  bytes[56] = CONTROL_UNIT_CODE;
  // The disks behind the volume are no 3390s.
  bytes[57] = 0xff;
  view.setUint32(60, cylinders);
  return bytes;
}
