import type { Process, Steps } from '../../kernel/process.ts';
import type { Irb } from '../../zarch/irb.ts';
import type { PathMask } from '../../zarch/path-mask.ts';
import { CSTAT, type Scsw, SESQ } from '../../zarch/scsw.ts';
import type { DasdDevice } from './dasd-device.ts';
import { MESSAGE, STOPPED, TRANSPORT_DATA_UNIT } from './definitions.ts';

/**
 * From transport mode back to command mode (reference linux 5.8):
 *
 *   refused on a path ── others are left ─► that path is out of use; the request is recovered as after any error
 *          │                    └ none left ─┐
 *          └ by the device, or the last good path is gone ─► off for the device ─► everything is built anew
 *
 * Only an administrator's path_reset tries transport mode again.
 */

const WITH_QUALIFIER =
  CSTAT.PROGRAM_CHECK | CSTAT.PROTECTION_CHECK | CSTAT.CHANNEL_DATA_CHECK | CSTAT.INTERFACE_CONTROL_CHECK;

/** Path or device has said that it takes no programs in transport mode (dasd.c: dasd_check_hpf_error). */
export function isTransportRefused({ transport, cstat, extendedStatus }: Scsw): boolean {
  if (transport !== 1 || (cstat & WITH_QUALIFIER) === 0) return false;
  return extendedStatus === SESQ.DEVICE_NOT_CAPABLE || extendedStatus === SESQ.PATH_NOT_CAPABLE;
}

/** What the driver does about it (`dasd_eckd_handle_hpf_error`), beside what becomes of the request. */
export function transportRefused(device: DasdDevice, { scsw, lpum }: Irb): void {
  // A second refusal, on its way when the first one was seen.
  if (device.volume.transportBytes === 0) return;
  if (scsw.extendedStatus === SESQ.PATH_NOT_CAPABLE) {
    if (disablePath(device, lpum)) return;
    device.paths.tbvpm = device.paths.hpfpm;
    device.pathsChanged();
  }
  giveUp(device);
}

/** No path is operational, but some are out of use for the sake of transport mode: they are used without it. */
export function useWithoutTransport(device: DasdDevice): void {
  device.paths.tbvpm = device.paths.hpfpm;
  device.scheduleBottomHalf();
  giveUp(device);
}

/** `dasd_eckd_disable_hpf_path`. False: it is the last one. */
function disablePath(device: DasdDevice, lpum: PathMask): boolean {
  const { paths } = device;
  if ((paths.opm & ~lpum) === 0) return false;
  paths.hpfpm |= lpum;
  paths.opm &= ~lpum;
  device.message(MESSAGE.TRANSPORT_PATH_DISABLED, lpum);
  device.pathsChanged();
  return true;
}

/** Nothing is started any more until all requests have been built anew. */
function giveUp(device: DasdDevice): void {
  device.message(MESSAGE.TRANSPORT_DISABLED);
  device.volume.transportBytes = 0;
  device.setStopped(STOPPED.NOT_ACC);
  device.requeue!.queue();
}

/**
 * `do_requeue_requests`. Linux gives the requests back to the block layer, which submits them again at once, in their order;
 * here they stay, and are built again. An alias has no block layer of its own: its requests are repeated by their base.
 */
export function* requeueAll(self: Process, device: DasdDevice): Steps {
  const { block } = device;
  if (block !== null) {
    block.recall();
    yield* device.changed.until(self, () => block.isRecalled);
    block.rebuild();
  }
  device.clearStopped(STOPPED.NOT_ACC);
}

/** Bytes that a program in transport mode may move on the paths that there are, 0: there is none (`get_fcx_max_data`). */
export function transportLimit(device: DasdDevice): number {
  const { volume, configuration, shared, cdev } = device;
  const isKnown = volume.transportFeature && configuration?.transportMode === true;
  return isKnown && shared.tunables.zhpf ? cdev.maximumDataCount(0) * TRANSPORT_DATA_UNIT : 0;
}
