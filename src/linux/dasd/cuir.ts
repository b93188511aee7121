import { firstPath, NO_PATHS, type PathMask, pathBit } from '../../zarch/path-mask.ts';
import type { DasdDevice } from './dasd-device.ts';
import { MESSAGE } from './definitions.ts';

/**
 * What the driver makes of a control unit's request to do without paths, or to use them again (dasd_eckd.c:
 * dasd_eckd_handle_cuir and the functions that it calls).
 */
const CODE = { QUIESCE: 1, RESUME: 2 } as const;
export const RESPONSE = { COMPLETED: 1, NOT_SUPPORTED: 2, LAST_PATH: 5 } as const;

/** A message of attention counts as such a request only with this length and format. */
const LENGTH = 14;
const FORMAT = 1;
export const RESPONSE_BYTES = 22;
const RESPONSE_ORDER = 0x1a;

/** Descriptors and general qualifier within the configuration data of a path. */
const NED_BYTES = 32;
const GENERAL_QUALIFIER = 224;
const RECORD_SELECTOR = 1;
const LAST_QUALIFIER_BYTE = 31;

/** `struct dasd_cuir_message`. */
export interface CuirRequest {
  readonly code: number;
  readonly messageId: number;
  /** 24 bits: bytes 8 to 31 of the general qualifier. */
  readonly neqMap: number;
  readonly nedMap: number;
  readonly recordSelector: number;
}

/** Null when the message is about something else, or there is none. */
export function decodeRequest(message: Uint8Array): CuirRequest | null {
  const view = new DataView(message.buffer, message.byteOffset);
  if (view.getUint16(0) !== LENGTH || message[2] !== FORMAT) return null;
  return {
    code: message[3],
    messageId: view.getUint32(4),
    neqMap: (message[9] << 16) | (message[10] << 8) | message[11],
    nedMap: message[12],
    recordSelector: message[13],
  };
}

/** `struct dasd_psf_cuir_response`; device number and system id stay zero. */
export function encodeResponse(
  messageId: number,
  response: number,
  chpid: number,
  cssid: number,
): Uint8Array {
  const bytes = new Uint8Array(RESPONSE_BYTES);
  bytes[0] = RESPONSE_ORDER;
  bytes[2] = response;
  bytes[3] = chpid;
  new DataView(bytes.buffer).setUint32(8, messageId);
  bytes[20] = cssid;
  return bytes;
}

/** Configuration data of each path, null where none were kept. */
export type PathRecords = readonly (Readonly<Uint8Array> | null)[];

/**
 * Paths of a device that a request is about (dasd_eckd_cuir_scope). Without maps it is the path on which attention came.
 * Where the kernel has kept no data it compares what happens to stand at address 0: such paths are equal to each other.
 */
export function scopeOf(records: PathRecords, lpum: PathMask, request: CuirRequest): PathMask {
  const { nedMap, neqMap } = request;
  if (nedMap === 0 || neqMap === 0) return lpum;
  const reference = referenceRecord(records, lpum, request.recordSelector);
  let paths: PathMask = NO_PATHS;
  for (let index = 0; index < records.length; index++) {
    if (isEqual(reference, records[index], nedMap, neqMap)) paths |= pathBit(index);
  }
  return paths;
}

function referenceRecord(records: PathRecords, lpum: PathMask, selector: number): PathRecords[number] {
  const selected = (record: PathRecords[number]): boolean =>
    record !== null && record[GENERAL_QUALIFIER + RECORD_SELECTOR] === selector;
  return (selector === 0 ? undefined : records.find(selected)) ?? records[firstPath(lpum)] ?? null;
}

function isEqual(a: PathRecords[number], b: PathRecords[number], nedMap: number, neqMap: number): boolean {
  if (a === null || b === null) return a === b;
  // Of several bits the rightmost counts.
  const ned = firstPath(nedMap & -nedMap) * NED_BYTES;
  for (let at = ned; at < ned + NED_BYTES; at++) if (a[at] !== b[at]) return false;
  for (let bit = 0; bit < 24; bit++) {
    const at = GENERAL_QUALIFIER + LAST_QUALIFIER_BYTE - bit;
    if ((neqMap & (1 << bit)) !== 0 && a[at] !== b[at]) return false;
  }
  return true;
}

/** Carries a request out on all devices of a logical control unit; what the answer is. */
export function reconfigure(devices: readonly DasdDevice[], lpum: PathMask, request: CuirRequest): number {
  if (request.code === CODE.QUIESCE) return quiesce(devices, lpum, request);
  if (request.code !== CODE.RESUME) return RESPONSE.NOT_SUPPORTED;
  resume(devices, lpum, request);
  return RESPONSE.COMPLETED;
}

/** Devices that have given up their path before another one refuses stay without it: the storage server asks them again. */
function quiesce(devices: readonly DasdDevice[], lpum: PathMask, request: CuirRequest): number {
  let given: PathMask = NO_PATHS;
  for (const device of devices) {
    const { paths } = device;
    const scope = scopeOf(device.pathRecords, lpum, request);
    if ((paths.opm & scope) === 0) continue;
    if ((paths.opm & ~scope) === 0) return RESPONSE.LAST_PATH;
    paths.opm &= ~scope;
    paths.cuirpm |= scope;
    device.pathsChanged();
    given |= scope;
  }
  tell(devices, given, MESSAGE.SERVICE_OFFLINE);
  return RESPONSE.COMPLETED;
}

/** A path that works again on its own account is left alone, and others of the scope with it. */
function resume(devices: readonly DasdDevice[], lpum: PathMask, request: CuirRequest): void {
  let back: PathMask = NO_PATHS;
  for (const device of devices) {
    const { paths } = device;
    const scope = scopeOf(device.pathRecords, lpum, request);
    back |= scope;
    if ((paths.opm & scope) !== 0) continue;
    paths.tbvpm |= scope;
    device.pathsChanged();
    device.scheduleBottomHalf();
  }
  tell(devices, back, MESSAGE.SERVICE_ONLINE);
}

/** One message per path, in the name of the first device. */
function tell(devices: readonly DasdDevice[], paths: PathMask, message: number): void {
  for (let left = paths; left !== 0; left &= ~pathBit(firstPath(left))) {
    devices[0]?.message(message, pathBit(firstPath(left)));
  }
}
