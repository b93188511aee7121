import type { Process, Steps } from '../../kernel/process.ts';
import { firstPath, NO_PATHS, type PathMask, pathBit } from '../../zarch/path-mask.ts';
import { E, type Errno } from '../errno.ts';
import {
  CONFIGURATION_BYTES,
  type ConfigurationRecord,
  PATH_ACCESS,
  parseConfiguration,
  pathAccess,
  sameUid,
} from './configuration-record.ts';
import { verifyConfigurationData } from './control-requests.ts';
import type { DasdDevice } from './dasd-device.ts';
import { MESSAGE, START_RETRY_NS, TRANSPORT_DATA_UNIT } from './definitions.ts';
import { pathOperational } from './start-io.ts';

/** Masks that grow over the paths of one round and are stored with each path that turns out good. */
class Findings {
  opm: PathMask = NO_PATHS;
  nppm: PathMask = NO_PATHS;
  ppm: PathMask = NO_PATHS;
  /** The device was stopped: to be tried again. */
  epm: PathMask = NO_PATHS;
  cablepm: PathMask = NO_PATHS;
  hpfpm: PathMask = NO_PATHS;

  /** Sorts a path by the result of reading its configuration data; false when it cannot be used now. */
  add(lpm: PathMask, rc: Errno, data: Uint8Array): boolean {
    if (rc === E.AGAIN) {
      this.epm |= lpm;
      return true;
    }
    if (rc !== E.OK) return false;
    const access = pathAccess(data);
    if (access === PATH_ACCESS.NON_PREFERRED) this.nppm |= lpm;
    if (access === PATH_ACCESS.PREFERRED) this.ppm |= lpm;
    this.opm |= lpm;
    return true;
  }

  reject(lpm: PathMask): void {
    this.forget(lpm);
    this.cablepm |= lpm;
  }

  rejectForTransport(lpm: PathMask): void {
    this.forget(lpm);
    this.hpfpm |= lpm;
  }

  private forget(lpm: PathMask): void {
    this.opm &= ~lpm;
    this.nppm &= ~lpm;
    this.ppm &= ~lpm;
  }
}

/** Verifies the paths that were handed over (dasd_eckd.c: dasd_eckd_path_available_action): leftmost path first. */
export function* verifyPaths(self: Process, device: DasdDevice): Steps {
  const findings = new Findings();
  let left = device.verifyMask;
  device.verifyMask = NO_PATHS;
  for (; left !== 0; left &= ~pathBit(firstPath(left))) {
    yield* verifyPath(self, device, pathBit(firstPath(left)), findings);
  }
  if (device.securityChanged) {
    device.securityChanged = false;
    if (device.uid !== null) yield* device.cdev.readControlUnitDescription(self, device.uid.ssid);
  }
  device.changed.wake();
}

function* verifyPath(self: Process, device: DasdDevice, lpm: PathMask, findings: Findings): Steps {
  const data = new Uint8Array(CONFIGURATION_BYTES);
  const rc = yield* verifyConfigurationData(self, device, data, lpm);
  if (!findings.add(lpm, rc, data)) {
    device.message(MESSAGE.NEW_PATH_FAILED, lpm);
    return;
  }
  if (!carriesEnough(device, lpm)) {
    device.message(MESSAGE.TRANSPORT_LIMIT, lpm);
    findings.rejectForTransport(lpm);
    return;
  }
  const record = rc === E.OK ? parseConfiguration(data) : null;
  // A path without readable data stays in the findings and is stored with the next good one, if one comes.
  if (record === null) return;
  if (!(yield* leadsToDevice(self, device, record))) {
    device.message(MESSAGE.NEW_PATH_CABLING, lpm);
    findings.reject(lpm);
    return;
  }
  if (device.shared.features.dasdPathConfigurationKept) device.pathRecords[firstPath(lpm)] = data;
  store(device, findings);
}

/** `verify_fcx_max_data`: a path must do for every program that may be built; one that says nothing is taken. */
function carriesEnough(device: DasdDevice, lpm: PathMask): boolean {
  const { cdev, volume } = device;
  if (volume.transportBytes === 0) return true;
  const mdc = cdev.maximumDataCount(lpm);
  if (mdc === 0) device.message(MESSAGE.TRANSPORT_LIMIT_UNKNOWN, lpm);
  return mdc === 0 || mdc * TRANSPORT_DATA_UNIT >= volume.transportBytes;
}

/** Without an operational path the first one decides which device this is; otherwise the identities must be equal. */
function* leadsToDevice(self: Process, device: DasdDevice, record: ConfigurationRecord): Steps<boolean> {
  if (device.paths.opm === 0) return true;
  if (device.uid !== null && sameUid(device.uid, record.uid)) return true;
  // The device itself may have been exchanged behind its known paths.
  const rebuilt = yield* rebuildUid(self, device);
  return rebuilt && sameUid(device.uid!, record.uid);
}

function* rebuildUid(self: Process, device: DasdDevice): Steps<boolean> {
  for (let left = device.paths.opm; left !== 0; left &= ~pathBit(firstPath(left))) {
    const data = new Uint8Array(CONFIGURATION_BYTES);
    const rc = yield* verifyConfigurationData(self, device, data, pathBit(firstPath(left)));
    if (rc !== E.OK) return false;
    const record = parseConfiguration(data);
    if (record === null) continue;
    device.configuration = record;
    device.uid = record.uid;
    return true;
  }
  return false;
}

function store(device: DasdDevice, findings: Findings): void {
  const { paths } = device;
  const takenBack = findings.opm & paths.ifccpm;
  if (paths.opm === 0 && findings.opm !== 0) {
    paths.setOperational(findings.opm);
    pathOperational(device);
  } else {
    paths.addOperational(findings.opm);
  }
  paths.nppm |= findings.nppm;
  paths.ppm |= findings.ppm;
  paths.cablepm |= findings.cablepm;
  paths.hpfpm |= findings.hpfpm;
  paths.tbvpm |= findings.epm;
  const { features, sim } = device.shared;
  if (findings.epm !== 0 && features.dasdVerifyRetryTimer) sim.arm(device.timer, START_RETRY_NS);
  device.pathsChanged();
  if (takenBack !== NO_PATHS) device.shared.pathErrors.takenBack(device, takenBack);
}
