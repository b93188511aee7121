import type { Process, Steps } from '../../kernel/process.ts';
import { CCW_FLAG } from '../../zarch/ccw.ts';
import { COMMAND } from '../../zarch/commands.ts';
import type { PathMask } from '../../zarch/path-mask.ts';
import type { Errno } from '../errno.ts';
import { CONFIGURATION_BYTES } from './configuration-record.ts';
import type { DasdDevice } from './dasd-device.ts';
import {
  CONTROL_EXPIRES_NS,
  FLAG,
  PATH_TEST_RETRIES,
  REQUEST_RETRIES,
  VERIFICATION_RETRIES,
} from './definitions.ts';
import { controlCcw, controlProgram, type DasdRequest } from './request.ts';
import { sleepOn, sleepOnImmediately } from './sleep-on.ts';

/** Orders of PERFORM SUBSYSTEM FUNCTION, and what is prepared to be read. */
const ORDER = { PREPARE_READ: 0x18, SET_CHARACTERISTICS: 0x1d } as const;
export const SUBORDER = {
  MESSAGE_BUFFER: 0x03,
  UNIT_ADDRESS_CONFIGURATION: 0x0e,
  FEATURE_CODES: 0x41,
  VOLUME_STORAGE_QUERY: 0x52,
  LOGICAL_CONFIGURATION_QUERY: 0x53,
} as const;
export type Suborder = (typeof SUBORDER)[keyof typeof SUBORDER];

const PREPARE_BYTES = 12;
const SET_CHARACTERISTICS_BYTES = 66;
const CHARACTERISTICS_BYTES = 64;
/** "V1.0" in EBCDIC: the driver understands the qualifier of virtual devices. */
const VIRTUAL_QUALIFIER_KNOWN = [0xe5, 0xf1, 0x4b, 0xf0];

/** A request of the driver itself, with the usual retries and time. */
export function controlRequest(device: DasdDevice, program: DasdRequest['program']): DasdRequest {
  const request = device.shared.createRequest(program);
  request.retries = REQUEST_RETRIES;
  request.expiresNs = CONTROL_EXPIRES_NS;
  return request;
}

function configurationRequest(device: DasdDevice, data: Uint8Array, lpm: PathMask): DasdRequest {
  data.fill(0);
  data.set(VIRTUAL_QUALIFIER_KNOWN);
  const program = controlProgram(controlCcw(COMMAND.rcd, 0, CONFIGURATION_BYTES, data));
  const request = controlRequest(device, program);
  request.lpm = lpm;
  request.flags |= FLAG.VERIFY_PATH;
  return request;
}

/** READ CONFIGURATION DATA on one path, with error recovery. */
export function* readConfigurationData(
  self: Process,
  device: DasdDevice,
  data: Uint8Array,
  lpm: PathMask,
): Steps<Errno> {
  return yield* sleepOn(self, device, configurationRequest(device, data, lpm));
}

/** The same ahead of all other requests and with few tries: verification of a path. */
export function* verifyConfigurationData(
  self: Process,
  device: DasdDevice,
  data: Uint8Array,
  lpm: PathMask,
): Steps<Errno> {
  const request = configurationRequest(device, data, lpm);
  request.flags = (request.flags & ~FLAG.USE_ERP) | FLAG.ALLOW_SLOCK;
  request.retries = VERIFICATION_RETRIES;
  return yield* sleepOnImmediately(self, device, request);
}

/** The same behind what the device is doing, and behind its other requests: does the path work? */
export function* testPath(self: Process, device: DasdDevice, lpm: PathMask): Steps<Errno> {
  const request = configurationRequest(device, new Uint8Array(CONFIGURATION_BYTES), lpm);
  request.flags &= ~FLAG.USE_ERP;
  request.retries = PATH_TEST_RETRIES;
  return yield* sleepOn(self, device, request);
}

/** READ DEVICE CHARACTERISTICS, 64 bytes. */
export function* readCharacteristics(self: Process, device: DasdDevice, data: Uint8Array): Steps<Errno> {
  const program = controlProgram(controlCcw(COMMAND.rdc, 0, CHARACTERISTICS_BYTES, data));
  return yield* sleepOn(self, device, controlRequest(device, program));
}

/** Tells the storage server what this system supports, among it parallel access volumes (PSF-SSC). */
export function* setCharacteristics(self: Process, device: DasdDevice, flags: number): Steps<Errno> {
  const order = new Uint8Array(SET_CHARACTERISTICS_BYTES);
  order[0] = ORDER.SET_CHARACTERISTICS;
  order[6] = 0xc8;
  order[7] = 0x88;
  const request = controlRequest(device, controlProgram(controlCcw(COMMAND.psf, 0, order.length, order)));
  request.flags |= flags;
  return yield* sleepOn(self, device, request);
}

/** PREPARE FOR READ SUBSYSTEM DATA and READ SUBSYSTEM DATA. */
export function subsystemDataRequest(
  device: DasdDevice,
  suborder: Suborder,
  data: Uint8Array,
  logicalSubsystem: number,
  unitAddress: number,
): DasdRequest {
  const order = new Uint8Array(PREPARE_BYTES);
  order[0] = ORDER.PREPARE_READ;
  order[4] = logicalSubsystem;
  order[5] = unitAddress;
  order[6] = suborder;
  const mayBeShort =
    suborder === SUBORDER.VOLUME_STORAGE_QUERY || suborder === SUBORDER.LOGICAL_CONFIGURATION_QUERY;
  return controlRequest(
    device,
    controlProgram(
      controlCcw(COMMAND.psf, CCW_FLAG.CHAIN_COMMAND, order.length, order),
      controlCcw(COMMAND.rssd, mayBeShort ? CCW_FLAG.SUPPRESS_LENGTH : 0, data.length, data),
    ),
  );
}
