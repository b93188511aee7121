import type { Process, Steps } from '../../kernel/process.ts';
import { E } from '../errno.ts';
import type { DasdDevice } from './dasd-device.ts';
import { STATUS } from './definitions.ts';
import type { DasdRequest } from './request.ts';
import { terminateIo } from './start-io.ts';

/** A device that is gone cannot be told to stop, and does nothing any more. */
export function terminate(device: DasdDevice, request: DasdRequest): void {
  if (terminateIo(device, request) === E.NODEV) request.status = STATUS.CLEARED;
}

/**
 * Empties the queue of a device that goes out of use (`dasd_flush_device_queue`): waiting requests are taken back, a
 * running one is terminated first.
 */
export function* flushQueue(self: Process, device: DasdDevice): Steps {
  for (let request = device.queue; request !== null; request = request.next) {
    if (request.status === STATUS.IN_IO) terminate(device, request);
    else if (request.status === STATUS.QUEUED) request.status = STATUS.CLEARED;
  }
  device.scheduleBottomHalf();
  yield* device.changed.until(self, () => device.queue === null);
}
