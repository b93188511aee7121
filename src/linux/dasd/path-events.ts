import { NO_PATHS, type PathMask, pathBit } from '../../zarch/path-mask.ts';
import { PE } from '../ccw-driver.ts';
import type { DasdDevice } from './dasd-device.ts';
import { MESSAGE, STATE, STOPPED } from './definitions.ts';
import { transportLimit, useWithoutTransport } from './transport-fallback.ts';

/** What the driver does about the paths that a verification found gone, new or reset (`dasd_generic_path_event`). */
export function handlePathEvent(device: DasdDevice, events: Uint8Array): void {
  const { paths } = device;
  const before = paths.opm;
  for (let index = 0; index < 8; index++) applyEvent(device, pathBit(index), events[index]);
  if (paths.opm === 0 && paths.hpfpm !== 0) {
    useWithoutTransport(device);
  } else if (paths.opm === 0 && paths.ifccpm !== 0) {
    paths.tbvpm = paths.ifccpm;
    device.scheduleBottomHalf();
  } else if (before !== 0 && paths.opm === 0) {
    device.message(MESSAGE.NO_VERIFIED_PATH);
    device.setStopped(STOPPED.DC_WAIT);
  }
  device.pathsChanged();
}

function applyEvent(device: DasdDevice, path: PathMask, events: number): void {
  const { paths } = device;
  const isKept = device.shared.recovery.failBack?.keepsGivenUp === true && (paths.ifccpm & path) !== 0;
  const event = isKept ? events & ~(PE.PATH_AVAILABLE | PE.PATHGROUP_ESTABLISHED) : events;
  if ((event & PE.PATH_GONE) !== 0) paths.notOperational(path);
  if ((event & PE.PATH_AVAILABLE) !== 0) {
    paths.available(path);
    device.scheduleBottomHalf();
  }
  if ((event & PE.PATH_FCES_EVENT) !== 0 && device.shared.features.endpointSecurity) {
    device.securityChanged = true;
    device.scheduleBottomHalf();
  }
  if ((event & PE.PATHGROUP_ESTABLISHED) === 0) return;
  if (((paths.opm | paths.tbvpm) & path) === 0) {
    paths.available(path);
    device.scheduleBottomHalf();
  }
  if (!device.offline && device.state === STATE.ONLINE) device.validation!.queue();
}

/**
 * Verifies paths that are out of use, those of `mask` or all of them (`dasd_eckd_reset_path`). Transport mode that was given
 * up is used again, if all paths know it now.
 */
export function resetPaths(device: DasdDevice, mask: PathMask): void {
  const { volume } = device;
  if (volume.transportBytes === 0) volume.transportBytes = transportLimit(device);
  device.paths.tbvpm = mask === NO_PATHS ? device.paths.notoperpm : mask;
  device.pathsChanged();
  device.scheduleBottomHalf();
}
