import type { DasdDevice } from './dasd-device.ts';
import { STATUS, STOPPED } from './definitions.ts';
import type { DasdRequest } from './request.ts';
import { checkExpiry, startHead } from './start-io.ts';

/**
 * Deferred work of a device (dasd.c: dasd_device_tasklet): ended requests leave the queue and go back to whom they
 * belong, paths that wait for it are verified, and the next request is started.
 */
export function bottomHalf(device: DasdDevice): void {
  device.bottomHalfPending = false;
  checkExpiry(device);
  const ended = takeEnded(device);
  checkPaths(device);
  giveBack(ended);
  startHead(device);
  device.block?.kick();
  if (device.offline) device.changed.wake();
}

const isWaiting = (status: number): boolean =>
  status === STATUS.QUEUED || status === STATUS.IN_IO || status === STATUS.CLEAR_PENDING;

/** Unchains the ended requests. An error of a block request takes the block's waiting requests along. */
function takeEnded(device: DasdDevice): DasdRequest | null {
  let first: DasdRequest | null = null;
  let last: DasdRequest | null = null;
  let request = device.queue;
  while (request !== null) {
    const next: DasdRequest | null = request.next;
    if (!isWaiting(request.status)) {
      if (request.status === STATUS.ERROR) recallBlockRequests(device, request);
      device.removeRequest(request);
      if (last === null) first = request;
      else last.next = request;
      last = request;
    }
    request = next;
  }
  return first;
}

/** `__dasd_device_recovery`: what waits behind a failed request must not overtake its recovery. */
function recallBlockRequests(device: DasdDevice, failed: DasdRequest): void {
  if (failed.sink === null || failed.sink === device.sleepers) return;
  for (let request = device.queue; request !== null; request = request.next) {
    if (request.status === STATUS.QUEUED && request.sink === failed.sink) request.status = STATUS.CLEARED;
  }
}

function giveBack(ended: DasdRequest | null): void {
  let request = ended;
  while (request !== null) {
    const next: DasdRequest | null = request.next;
    request.next = null;
    request.status = finalStatus(request.status);
    request.sink?.requestEnded(request);
    request = next;
  }
}

function finalStatus(status: number): number {
  switch (status) {
    case STATUS.SUCCESS:
      return STATUS.DONE;
    case STATUS.ERROR:
      return STATUS.NEED_ERP;
    case STATUS.CLEARED:
      return STATUS.TERMINATED;
    default:
      return status;
  }
}

/** Hands paths to be verified to the worker, unless the device is stopped for another reason than having no path. */
function checkPaths(device: DasdDevice): void {
  const { paths } = device;
  if (paths.tbvpm === 0 && !device.securityChanged) return;
  if ((device.stopped & ~STOPPED.DC_WAIT) !== 0) return;
  device.verifyMask |= paths.tbvpm;
  paths.tbvpm = 0;
  device.pathsChanged();
  device.verification!.queue();
}
