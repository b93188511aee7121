import type { Process, Steps } from '../../kernel/process.ts';
import { CCW_FLAG } from '../../zarch/ccw.ts';
import { COMMAND } from '../../zarch/commands.ts';
import type { PathMask } from '../../zarch/path-mask.ts';
import { PGID_RECORD_BYTES } from '../../zarch/pgid.ts';
import { E, type Errno } from '../errno.ts';
import { controlRequest } from './control-requests.ts';
import type { DasdDevice } from './dasd-device.ts';
import {
  CONTROL_EXPIRES_NS,
  FLAG,
  RESERVATION_EXPIRES_NS,
  RESERVATION_RETRIES,
  STATE,
  VERIFICATION_RETRIES,
} from './definitions.ts';
import { controlCcw, controlProgram, type DasdRequest } from './request.ts';
import { sleepOnImmediately } from './sleep-on.ts';

/** Administrator's commands on a device's reservation and path group (dasd_eckd.c: BIODASD* requests). */

const RESERVATION_BYTES = 32;
const SHORT_ALLOWED = CCW_FLAG.SUPPRESS_LENGTH;

function reservationRequest(device: DasdDevice, command: number): DasdRequest {
  const data = new Uint8Array(RESERVATION_BYTES);
  const program = controlProgram(controlCcw(command, SHORT_ALLOWED, data.length, data));
  const request = controlRequest(device, program);
  request.flags = FLAG.FAILFAST;
  request.retries = RESERVATION_RETRIES;
  request.expiresNs = RESERVATION_EXPIRES_NS;
  return request;
}

function* changeReservation(
  self: Process,
  device: DasdDevice,
  command: number,
  reserves: boolean,
): Steps<Errno> {
  if (device.state < STATE.BASIC) return E.NODEV;
  const rc = yield* sleepOnImmediately(self, device, reservationRequest(device, command));
  if (rc !== E.OK) return rc;
  device.isReserved = reserves;
  device.reservationState = reserves ? 'reserved' : 'none';
  return rc;
}

export const reserve = (self: Process, device: DasdDevice): Steps<Errno> =>
  changeReservation(self, device, COMMAND.reserve, true);

export const release = (self: Process, device: DasdDevice): Steps<Errno> =>
  changeReservation(self, device, COMMAND.release, false);

/** Takes the reservation over, whoever holds it. */
export const unconditionalReserve = (self: Process, device: DasdDevice): Steps<Errno> =>
  changeReservation(self, device, COMMAND.unconditional_reserve, true);

/** Frees the device of somebody else's reservation: takes it over and gives it up. */
export function* stealLock(self: Process, device: DasdDevice): Steps<Errno> {
  const rc = yield* unconditionalReserve(self, device);
  return rc === E.OK ? yield* release(self, device) : rc;
}

/**
 * SENSE PATH GROUP ID on the paths of `lpm` (0: all operational ones); the record is stored in `record`. −EIO when the
 * request had to leave these paths.
 */
export function* sensePathGroup(
  self: Process,
  device: DasdDevice,
  lpm: PathMask,
  record: Uint8Array,
): Steps<Errno> {
  if (device.state < STATE.BASIC) return E.NODEV;
  const data = new Uint8Array(PGID_RECORD_BYTES);
  const program = controlProgram(controlCcw(COMMAND.snid, SHORT_ALLOWED, data.length, data));
  const request = controlRequest(device, program);
  request.flags = FLAG.FAILFAST | FLAG.ALLOW_SLOCK;
  request.retries = VERIFICATION_RETRIES;
  request.expiresNs = CONTROL_EXPIRES_NS;
  request.lpm = lpm;
  const rc = yield* sleepOnImmediately(self, device, request);
  if (rc !== E.OK) return rc;
  if (lpm !== 0 && request.lpm !== lpm) return E.IO;
  record.set(data);
  return rc;
}
