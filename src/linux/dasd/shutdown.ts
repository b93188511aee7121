import type { Process, Steps } from '../../kernel/process.ts';
import type { DasdDevice } from './dasd-device.ts';
import { STATUS } from './definitions.ts';
import { terminateIo } from './start-io.ts';

/**
 * Empties the queue of a device that goes out of use (`dasd_flush_device_queue`): waiting requests are taken back, a
 * running one is terminated first.
 */
export function* flushQueue(self: Process, device: DasdDevice): Steps {
  for (let request = device.queue; request !== null; request = request.next) {
    if (request.status === STATUS.IN_IO) terminateIo(device, request);
    else if (request.status === STATUS.QUEUED) request.status = STATUS.CLEARED;
  }
  device.scheduleBottomHalf();
  yield* device.changed.until(self, () => device.queue === null);
}
