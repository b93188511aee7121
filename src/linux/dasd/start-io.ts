import { EVENT } from '../../observe/event-table.ts';
import { E, type Errno } from '../errno.ts';
import type { DasdDevice } from './dasd-device.ts';
import {
  FAILED_TERMINATION_NS,
  FLAG,
  MESSAGE,
  START_RETRY_NS,
  STATE,
  STATUS,
  STOPPED,
} from './definitions.ts';
import type { DasdRequest } from './request.ts';

/** Why an application request is started again, as `io.retried` tells it. */
export const RETRY = { RECOVERY: 1, TERMINATED: 2, KILLED: 3 } as const;

const TERMINATION_TRIES = 5;

/** The request of the block layer that an error-recovery request serves; itself outside of recovery. */
export function originOf(request: DasdRequest): DasdRequest {
  let origin = request;
  while (origin.refers !== null) origin = origin.refers;
  return origin;
}

/** Tries to start a request; 0 when the subchannel accepted it (dasd.c: dasd_start_IO). Every try costs one retry. */
export function startIo(device: DasdDevice, request: DasdRequest): Errno {
  if (device.lockStolen && !request.has(FLAG.ALLOW_SLOCK)) {
    request.status = STATUS.ERROR;
    request.intrc = E.PERM;
    return E.PERM;
  }
  if (request.retries < 0) {
    request.status = STATUS.ERROR;
    return E.IO;
  }
  request.retries--;
  const { paths } = device;
  if (!request.has(FLAG.VERIFY_PATH)) {
    request.lpm &= paths.opm;
    if (request.lpm === 0) request.lpm = paths.opm;
  }
  const rc = issue(device, request);
  request.intrc = rc;
  if (rc === E.OK) started(device, request);
  else noPathLeft(device, request, rc);
  return rc;
}

/** No path of the request's mask works: it is tried on all that are known, or waits for one. */
function noPathLeft(device: DasdDevice, request: DasdRequest, rc: Errno): void {
  const { paths, cdev } = device;
  if (rc !== E.ACCES || request.has(FLAG.VERIFY_PATH)) return;
  if (request.lpm !== paths.opm) {
    request.lpm = paths.opm;
    return;
  }
  lastPathGone(device);
  paths.allGone();
  paths.tbvpm = cdev.pathMask;
  device.pathsChanged();
}

/** A start that counted as accepted was refused after all: the instruction was answered late. */
export function startRefused(device: DasdDevice, request: DasdRequest, rc: Errno): void {
  request.status = STATUS.QUEUED;
  request.starts--;
  request.intrc = rc;
  noPathLeft(device, request, rc);
  tryAgain(device, rc);
}

function tryAgain(device: DasdDevice, rc: Errno): void {
  if (rc === E.ACCES) device.scheduleBottomHalf();
  else device.shared.sim.arm(device.timer, START_RETRY_NS);
}

function issue(device: DasdDevice, request: DasdRequest): Errno {
  const { program, handle, lpm } = request;
  const block = request.block;
  // Only the first start of a request's first program uses the draws that the request carries.
  if (block !== null && request.starts === 0 && request.firstBlock === block.firstBlock) {
    return device.cdev.start(program, handle, lpm, block.hitDraw, block.serviceDraw);
  }
  return device.cdev.start(program, handle, lpm, device.ownDraw(), device.ownDraw());
}

function started(device: DasdDevice, request: DasdRequest): void {
  const { shared } = device;
  const now = shared.sim.now;
  request.status = STATUS.IN_IO;
  request.startedNs = now;
  const again = request.starts++ > 0 || request.refers !== null;
  const origin = request.refers === null ? request : originOf(request);
  const block = origin.block;
  if (block === null) return;
  if (!origin.paid) {
    origin.paid = true;
    shared.cpus.charge(shared.costs.driverPathNs);
  }
  if (again) {
    block.retries++;
    const reason = request.refers === null ? origin.retryReason : RETRY.RECOVERY;
    device.emit(EVENT['io.retried'], request.lpm, block.id, reason, 0);
  } else if (origin.firstBlock === block.firstBlock) {
    block.startNs = now;
    block.iosqNs = now - block.arrivalNs;
  }
}

/** Starts the first request of the queue, if it may be started (`__dasd_device_start_head`). */
export function startHead(device: DasdDevice): void {
  const request = device.queue;
  if (request === null || request.status !== STATUS.QUEUED) return;
  if (isUnusable(device, request)) {
    request.intrc = E.AGAIN;
    request.status = STATUS.CLEARED;
    device.scheduleBottomHalf();
    return;
  }
  const rc = startIo(device, request);
  if (rc === E.OK) armExpiry(device, request);
  else tryAgain(device, rc);
}

export function armExpiry(device: DasdDevice, request: DasdRequest): void {
  if (request.expiresNs > 0) device.shared.sim.arm(device.timer, request.expiresNs);
  else device.shared.sim.disarm(device.timer);
}

/** Only path verification may pass a device that waits for a path; nothing passes other stop conditions. */
function isUnusable(device: DasdDevice, request: DasdRequest): boolean {
  if (device.offline && !request.has(FLAG.VERIFY_PATH)) return true;
  if (device.stopped === 0) return false;
  if ((device.stopped & ~(STOPPED.DC_WAIT | STOPPED.NOSPC)) !== 0) return true;
  return !request.has(FLAG.VERIFY_PATH);
}

/** Clears the subchannel of a running request (`dasd_term_IO`). */
export function terminateIo(device: DasdDevice, request: DasdRequest): Errno {
  let rc: Errno = E.OK;
  for (let tries = 0; tries < TERMINATION_TRIES && request.status === STATUS.IN_IO; tries++) {
    rc = device.cdev.clear(request.handle);
    if (rc === E.OK) {
      request.status = STATUS.CLEAR_PENDING;
    } else if (rc === E.INVAL) {
      // The device takes no commands any more, so nothing can be running.
      request.status = STATUS.CLEARED;
      rc = E.OK;
    }
  }
  device.scheduleBottomHalf();
  return rc;
}

/** Ends the running request in favour of a more important one; that costs it no retry. */
export function terminateRunning(device: DasdDevice): Errno {
  const request = device.queue;
  if (request === null) return E.OK;
  const rc = terminateIo(device, request);
  if (rc === E.OK) request.retries++;
  return rc;
}

/** Clears the running request when its time is over (`__dasd_device_check_expire`). */
export function checkExpiry(device: DasdDevice): void {
  const request = device.queue;
  if (request === null || request.status !== STATUS.IN_IO || request.expiresNs === 0) return;
  const { sim } = device.shared;
  if (sim.now - request.startedNs < request.expiresNs) return;
  device.emit(EVENT.timeout, request.lpm, 0, 0, 0);
  if (terminateIo(device, request) === E.OK) {
    device.message(MESSAGE.TIMED_OUT, request.lpm);
    return;
  }
  device.message(MESSAGE.CANNOT_BE_ENDED, request.lpm);
  request.expiresNs += FAILED_TERMINATION_NS;
  sim.arm(device.timer, FAILED_TERMINATION_NS);
}

/** Keeps a device in use whose last path went away: its requests wait (`dasd_generic_last_path_gone`). */
export function lastPathGone(device: DasdDevice): boolean {
  device.message(MESSAGE.LAST_PATH_GONE);
  if (device.state < STATE.BASIC) return false;
  for (let request = device.queue; request !== null; request = request.next) {
    if (request.status !== STATUS.IN_IO && request.status !== STATUS.CLEAR_PENDING) continue;
    killed(device, request);
    request.retries++;
  }
  device.setStopped(STOPPED.DC_WAIT);
  device.shared.sim.disarm(device.timer);
  device.scheduleBottomHalf();
  return true;
}

/** Uses a device again that has a path again (`dasd_generic_path_operational`). */
export function pathOperational(device: DasdDevice): void {
  device.message(MESSAGE.PATH_OPERATIONAL);
  device.clearStopped(STOPPED.DC_WAIT);
  device.scheduleBottomHalf();
  device.block?.kick();
}

/** Puts a request that ended without the device's doing back into the queue (`dasd_handle_killed_request`). */
export function killed(device: DasdDevice, request: DasdRequest): void {
  request.status = STATUS.QUEUED;
  tellKilled(device, request, RETRY.KILLED);
}

export function tellKilled(device: DasdDevice, request: DasdRequest, reason: number): void {
  const origin = originOf(request);
  origin.retryReason = reason;
  if (origin.block !== null) device.emit(EVENT['io.killed'], request.lpm, origin.block.id, 0, 0);
}
