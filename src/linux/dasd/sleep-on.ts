import type { Process, Steps } from '../../kernel/process.ts';
import { E, type Errno } from '../errno.ts';
import type { DasdDevice } from './dasd-device.ts';
import { FLAG, STATUS, STOPPED } from './definitions.ts';
import { finishRecovery, recover } from './erp.ts';
import type { DasdRequest } from './request.ts';
import { terminateRunning } from './start-io.ts';

/** Processes that start a request and wait for its end (dasd.c: dasd_sleep_on, dasd_sleep_on_immediatly). */

const hasEnded = (status: number): boolean =>
  status === STATUS.DONE ||
  status === STATUS.FAILED ||
  status === STATUS.NEED_ERP ||
  status === STATUS.TERMINATED;

/** Queues a control request and sees it through error recovery. 0, the reason why it was not tried, or −EIO. */
export function* sleepOn(self: Process, device: DasdDevice, request: DasdRequest): Steps<Errno> {
  yield* self.work(device.shared.costs.driverPathNs);
  let current = request;
  for (;;) {
    if (current.status === STATUS.FILLED) {
      yield* queueAndWait(self, device, current);
      continue;
    }
    const next = afterwards(device, current);
    if (next === null) return result(current);
    current = next;
  }
}

/** What is to be done with an ended request; null when it is to be left as it is. */
function afterwards(device: DasdDevice, request: DasdRequest): DasdRequest | null {
  if (!request.has(FLAG.USE_ERP)) return null;
  if (request.status === STATUS.TERMINATED) {
    request.status = request.retries < 0 ? STATUS.FAILED : STATUS.FILLED;
    return request;
  }
  if (request.status === STATUS.NEED_ERP) return recover(device, request);
  return request.refers === null ? null : finishRecovery(request);
}

function* queueAndWait(self: Process, device: DasdDevice, request: DasdRequest): Steps {
  const verifies = request.has(FLAG.VERIFY_PATH);
  const refusal = refusalOf(device, request, verifies);
  if (refusal !== E.OK) {
    request.status = STATUS.FAILED;
    request.intrc = refusal;
    return;
  }
  if (!verifies) yield* device.changed.until(self, () => device.stopped === 0 || device.offline);
  request.sink = device.sleepers;
  request.status = STATUS.QUEUED;
  device.appendRequest(request);
  device.scheduleBottomHalf();
  yield* device.changed.until(self, () => hasEnded(request.status));
}

function refusalOf(device: DasdDevice, request: DasdRequest, verifies: boolean): Errno {
  if (device.lockStolen && !request.has(FLAG.ALLOW_SLOCK)) return E.PERM;
  if ((device.stopped & ~STOPPED.PENDING) !== 0 && request.has(FLAG.FAILFAST)) return E.NOLINK;
  return device.offline && !verifies ? E.NODEV : E.OK;
}

/**
 * Starts a request ahead of all others: the running one is terminated for it and started again afterwards. No error
 * recovery.
 */
export function* sleepOnImmediately(self: Process, device: DasdDevice, request: DasdRequest): Steps<Errno> {
  yield* self.work(device.shared.costs.driverPathNs);
  if (device.lockStolen && !request.has(FLAG.ALLOW_SLOCK)) {
    request.status = STATUS.FAILED;
    request.intrc = E.PERM;
    return E.IO;
  }
  const rc = terminateRunning(device);
  if (rc !== E.OK) return rc;
  request.sink = device.sleepers;
  request.status = STATUS.QUEUED;
  device.insertSecond(request);
  device.scheduleBottomHalf();
  yield* device.changed.until(self, () => hasEnded(request.status));
  device.scheduleBottomHalf();
  device.block?.kick();
  return result(request);
}

function result(request: DasdRequest): Errno {
  if (request.status === STATUS.DONE) return E.OK;
  return request.intrc === E.OK ? E.IO : request.intrc;
}
