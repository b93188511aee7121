import type { Process, Steps } from '../../kernel/process.ts';
import type { SimTime } from '../../kernel/time.ts';
import { firstPath, pathBit } from '../../zarch/path-mask.ts';
import { E, type Errno } from '../errno.ts';
import {
  CONFIGURATION_BYTES,
  type ConfigurationRecord,
  PATH_ACCESS,
  parseConfiguration,
  pathAccess,
  sameUid,
} from './configuration-record.ts';
import {
  readCharacteristics,
  readConfigurationData,
  SUBORDER,
  type Suborder,
  subsystemDataRequest,
} from './control-requests.ts';
import type { DasdDevice } from './dasd-device.ts';
import { EXPIRES_NS, FLAG, MESSAGE } from './definitions.ts';
import type { LogicalControlUnits } from './logical-control-unit.ts';
import { validateServer } from './server-validation.ts';
import { sleepOn } from './sleep-on.ts';
import { pathOperational } from './start-io.ts';
import { transportLimit } from './transport-fallback.ts';

/** Finds out what a device is when it goes online (dasd_eckd.c: dasd_eckd_check_characteristics). */
export function* checkCharacteristics(
  self: Process,
  device: DasdDevice,
  units: LogicalControlUnits,
): Steps<Errno> {
  const { cdev } = device;
  const { features } = device.shared;
  if (cdev.options.pathGroup && !cdev.pathGroup) {
    device.message(MESSAGE.NO_PATH_GROUP);
    return E.IO;
  }
  if (!cdev.multipath) device.message(MESSAGE.NO_MULTIPATH);

  device.volume.usesCdl = false;
  let rc = yield* readConfiguration(self, device);
  if (rc !== E.OK) return rc;
  setDefaults(device);
  if (features.dasdCharacteristicsFirst) {
    rc = yield* characterize(self, device);
    if (rc !== E.OK) return rc;
  }
  units.of(device, device.uid!);
  yield* validateServer(self, device, 0);
  // The storage server may describe the device differently now.
  rc = yield* readConfiguration(self, device);
  if (rc !== E.OK) return rc;

  if (features.endpointSecurity) yield* cdev.readControlUnitDescription(self, device.uid!.ssid);
  yield* readFeatures(self, device);
  // An alias has no space of its own that could be asked for.
  if (features.dasdExtentPools && !device.isAlias) yield* readExtentPools(self, device);
  return features.dasdCharacteristicsFirst ? E.OK : yield* characterize(self, device);
}

function setDefaults(device: DasdDevice): void {
  const { tunables } = device.shared;
  const stated: SimTime = device.configuration?.expiresNs ?? 0;
  device.defaultRetries = tunables.retries;
  device.defaultExpiresNs = tunables.expiresNs > 0 ? tunables.expiresNs : stated > 0 ? stated : EXPIRES_NS;
}

/** Configuration data of every path (dasd_eckd_read_conf). The first readable ones say which device this is. */
export function* readConfiguration(self: Process, device: DasdDevice): Steps<Errno> {
  const { paths, cdev } = device;
  let result: Errno = E.OK;
  let found: ConfigurationRecord | null = null;
  for (let left = cdev.pathMask; left !== 0; left &= ~pathBit(firstPath(left))) {
    const lpm = pathBit(firstPath(left));
    const data = new Uint8Array(CONFIGURATION_BYTES);
    const rc = yield* readConfigurationData(self, device, data, lpm);
    if (rc !== E.OK) return rc;
    const record = parseConfiguration(data);
    device.pathRecords[firstPath(lpm)] = data;
    if (found === null) {
      paths.notOperational(0xff);
      if (record === null) continue;
      found = record;
      device.configuration = record;
      device.uid = record.uid;
    } else if (record === null || !sameUid(record.uid, device.uid!)) {
      device.message(MESSAGE.CABLING, lpm);
      paths.cablepm |= lpm;
      result = E.INVAL;
      continue;
    }
    const access = pathAccess(data);
    if (access === PATH_ACCESS.NON_PREFERRED) paths.nppm |= lpm;
    if (access === PATH_ACCESS.PREFERRED) paths.ppm |= lpm;
    if (paths.opm === 0) {
      paths.setOperational(lpm);
      pathOperational(device);
    } else {
      paths.addOperational(lpm);
    }
  }
  device.pathsChanged();
  return found === null ? E.IO : result;
}

const FEATURE_BYTES = 256;
const PREFIX_FEATURE = { at: 8, bit: 0x01 };
const READ_TRACK_FEATURE = { at: 9, bit: 0x20 };
const WRITE_TRACK_FEATURE = { at: 12, bit: 0x40 };
const TRANSPORT_FEATURE = { at: 40, bit: 0x80 };
const TRANSPORT_TRACKS_FEATURE = { at: 40, bit: 0x20 };

/** Feature codes decide about prefix and track commands; without an answer the device has none of them. */
function* readFeatures(self: Process, device: DasdDevice): Steps {
  const data = new Uint8Array(FEATURE_BYTES);
  const request = subsystemDataRequest(device, SUBORDER.FEATURE_CODES, data, 0, 0);
  const rc = yield* sleepOn(self, device, request);
  const has = (feature: typeof PREFIX_FEATURE): boolean =>
    rc === E.OK && (data[feature.at] & feature.bit) !== 0;
  device.volume.usePrefix = has(PREFIX_FEATURE);
  device.volume.readTracks = has(READ_TRACK_FEATURE);
  device.volume.writeTracks = has(WRITE_TRACK_FEATURE);
  device.volume.transportTracks = has(TRANSPORT_TRACKS_FEATURE);
  device.volume.transportFeature = has(TRANSPORT_FEATURE);
  device.volume.transportBytes = transportLimit(device);
}

const VOLUME_STORAGE_BYTES = 28;
const LOGICAL_CONFIGURATION_BYTES = 3616;

/** Thin provisioning is not used here; that the storage server may refuse to tell about it does not matter. */
function* readExtentPools(self: Process, device: DasdDevice): Steps {
  const { logicalSubsystem, uid } = device.configuration!;
  const { VOLUME_STORAGE_QUERY, LOGICAL_CONFIGURATION_QUERY } = SUBORDER;
  yield* query(self, device, VOLUME_STORAGE_QUERY, VOLUME_STORAGE_BYTES, logicalSubsystem, uid.unitAddress);
  yield* query(self, device, LOGICAL_CONFIGURATION_QUERY, LOGICAL_CONFIGURATION_BYTES, 0, 0);
}

function* query(
  self: Process,
  device: DasdDevice,
  suborder: Suborder,
  bytes: number,
  logicalSubsystem: number,
  unitAddress: number,
): Steps {
  const data = new Uint8Array(bytes);
  const request = subsystemDataRequest(device, suborder, data, logicalSubsystem, unitAddress);
  request.expiresNs = device.defaultExpiresNs;
  request.flags |= FLAG.SUPPRESS_CR;
  yield* sleepOn(self, device, request);
}

/** Control-unit types with regular data format. */
const REGULAR_FORMAT_TYPES = [0x2105, 0x2107, 0x1750];
/** Cylinder count of a volume whose real one stands in the 32-bit field. */
const LARGE_VOLUME = 0xfffe;

function* characterize(self: Process, device: DasdDevice): Steps<Errno> {
  const data = new Uint8Array(64);
  const rc = yield* readCharacteristics(self, device, data);
  if (rc !== E.OK) return rc;
  const view = new DataView(data.buffer);
  const cylinders = view.getUint16(12);
  const longCylinders = view.getUint32(60);
  const { volume, configuration } = device;
  volume.cylinders = cylinders === LARGE_VOLUME && longCylinders !== 0 ? longCylinders : cylinders;
  volume.tracksPerCylinder = view.getUint16(14);
  volume.regularFormat = REGULAR_FORMAT_TYPES.includes(view.getUint16(0));
  volume.logicalSubsystem = configuration!.logicalSubsystem;
  volume.unitAddress = configuration!.uid.unitAddress;
  return E.OK;
}
