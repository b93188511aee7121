import type { Process, Steps } from '../kernel/process.ts';
import { CCW_FLAG, type Ccw } from '../zarch/ccw.ts';
import { COMMAND } from '../zarch/commands.ts';
import { CcwRequest } from './ccw-request.ts';
import { disableSubchannel, enableSubchannel } from './cio.ts';
import type { CioDevice } from './device.ts';
import { DEV_STATE } from './device-state.ts';
import { E, type Errno } from './errno.ts';

/** Size of the answer to a reservation command: sense bytes. */
const SENSE_BYTES = 32;

/**
 * ccw_device_stlck: takes a boxed device away from the system that has reserved it, and releases it at once. The device
 * is boxed as before when this returns; the caller tries again to use it.
 */
export function* stealLock(self: Process, device: CioDevice): Steps<Errno> {
  const { sch, linux } = device;
  let result: Errno = E.IO;
  yield* sch.lock.acquire(self);
  const rc = yield* enableSubchannel(linux, self, sch);
  if (rc !== E.OK) {
    sch.lock.release(linux.sim);
    return rc;
  }
  device.transition(DEV_STATE.STEAL_LOCK);
  const request = new CcwRequest(device, {
    program: {
      ccws: [
        reservation(COMMAND.unconditional_reserve, CCW_FLAG.CHAIN_COMMAND),
        reservation(COMMAND.release, CCW_FLAG.SUPPRESS_LENGTH),
      ],
      length: 2,
    },
    lpm: sch.schib.pmcw.pam & sch.opm,
    singlePath: false,
    // biome-ignore lint/correctness/useYield: this end of a request executes no instruction.
    *callback(_executor, ended) {
      result = ended;
      device.wake();
    },
  });
  device.request = request;
  yield* request.start(self);
  sch.lock.release(linux.sim);
  yield* self.settle();
  yield* device.waitUntil(self, () => request.done);

  yield* sch.lock.acquire(self);
  yield* disableSubchannel(linux, self, sch);
  device.transition(DEV_STATE.BOXED);
  sch.lock.release(linux.sim);
  return result;
}

const reservation = (command: number, flags: number): Ccw => ({
  command,
  flags,
  count: SENSE_BYTES,
  data: new Uint8Array(SENSE_BYTES),
  versions: null,
});
