import type { Process, Steps } from '../../kernel/process.ts';
import { E, type Errno } from '../errno.ts';
import { setCharacteristics } from './control-requests.ts';
import type { DasdDevice } from './dasd-device.ts';
import { FLAG, STATE } from './definitions.ts';

/**
 * Tells the storage server what this system supports (dasd_eckd.c: dasd_eckd_psf_ssc). It may show other devices
 * afterwards, so the channel subsystem is searched.
 */
export function* validateServer(self: Process, device: DasdDevice, flags: number): Steps<Errno> {
  const rc = yield* setCharacteristics(self, device, flags);
  if (rc === E.OK) device.cdev.scheduleReprobe();
  return rc;
}

/**
 * The same after a path group had to be established again (dasd_eckd_do_validate_server). The kernel leaves the order of
 * this and the verification of the path to chance; verification comes first here, so that it interrupts nothing.
 */
export function* revalidateServer(self: Process, device: DasdDevice): Steps {
  yield* device.changed.until(self, () => device.paths.tbvpm === 0 && !device.verification!.isBusy);
  if (device.offline || device.state < STATE.ONLINE) return;
  const rc = yield* validateServer(self, device, FLAG.FAILFAST);
  if (rc === E.AGAIN) device.validation!.queue();
}
