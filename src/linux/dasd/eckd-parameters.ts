import { COMMAND } from '../../zarch/commands.ts';
import { putTrackAddress, sectorOf } from './track-format.ts';

/** Parameter bytes of the commands that position the device (dasd_eckd.c: define_extent, locate_record, prefix_LRE). */

export const EXTENT_BYTES = 16;
export const LOCATE_BYTES = 16;
export const PREFIX_BYTES = 64;
/** DEFINE EXTENT parameters within those of PREFIX, LOCATE RECORD EXTENDED behind them. */
const PREFIX_EXTENT_AT = 12;
const PREFIX_LOCATE_AT = 44;
/** Byte that says which parts of PREFIX are valid, and whether the base is to be verified. */
export const PREFIX_VALIDITY = 1;
export const PREFIX_EXTENT_VALID = 0x80;
export const PREFIX_VERIFY_BASE = 0x20;
export const PREFIX_HYPERPAV = 0x10;
const LOCATE_EXTENDED_BYTES = 20;

/** What a define-extent or prefix needs to know of the device. */
export interface Addressing {
  readonly tracksPerCylinder: number;
  /** Compatible disk layout: tracks 0 and 1 have records of other lengths. */
  readonly usesCdl: boolean;
  /** The control unit knows regular data format: 2105, 2107, 1750. */
  readonly regularFormat: boolean;
  readonly logicalSubsystem: number;
  readonly unitAddress: number;
}

const READ_PERMITTED = 0x40;
const WRITE_PERMITTED = 0x80;
const ECKD_MODE = 0xc0;
const BYPASS_CACHE = 0x04;
const REGULAR_DATA_FORMAT = 0x40;

const PERMISSION = new Uint8Array(256);
/** Locate-record operations; those of a track command are extended ones. */
const OPERATION = new Uint8Array(256);
for (const command of [COMMAND.read, COMMAND.read_mt, COMMAND.read_kd, COMMAND.read_kd_mt]) {
  PERMISSION[command] = READ_PERMITTED;
  OPERATION[command] = 0x06;
}
for (const command of [COMMAND.write, COMMAND.write_mt, COMMAND.write_kd, COMMAND.write_kd_mt]) {
  PERMISSION[command] = WRITE_PERMITTED;
  OPERATION[command] = 0x01;
}
PERMISSION[COMMAND.read_count] = READ_PERMITTED;
OPERATION[COMMAND.read_count] = 0x06;
PERMISSION[COMMAND.read_track_data] = READ_PERMITTED;
OPERATION[COMMAND.read_track_data] = 0x0c;
PERMISSION[COMMAND.write_track_data] = WRITE_PERMITTED;
OPERATION[COMMAND.write_track_data] = 0x3f;
const WRITE_TRACK_EXTENDED = 0x23;
const LENGTH_VALID = 0x80;

/** DEFINE EXTENT: tracks `first` to `last` for `command`. */
export function putExtent(
  bytes: Uint8Array,
  at: number,
  command: number,
  first: number,
  last: number,
  device: Addressing,
  blockSize: number,
): void {
  bytes.fill(0, at, at + EXTENT_BYTES);
  bytes[at] = PERMISSION[command];
  bytes[at + 1] = command === COMMAND.read_count ? ECKD_MODE | BYPASS_CACHE : ECKD_MODE;
  if (command === COMMAND.write_track_data) {
    bytes[at + 2] = blockSize >>> 8;
    bytes[at + 3] = blockSize;
  }
  if (device.regularFormat && !(device.usesCdl && first < 2)) bytes[at + 7] = REGULAR_DATA_FORMAT;
  putTrackAddress(bytes, at + 8, first, device.tracksPerCylinder);
  putTrackAddress(bytes, at + 12, last, device.tracksPerCylinder);
}

/** LOCATE RECORD: `count` records from `record` of `track`, each of `length` bytes. */
export function putLocate(
  bytes: Uint8Array,
  at: number,
  command: number,
  track: number,
  record: number,
  count: number,
  length: number,
  tracksPerCylinder: number,
): void {
  bytes[at] = OPERATION[command];
  bytes[at + 1] = command === COMMAND.read_count ? 0 : LENGTH_VALID;
  bytes[at + 2] = 0;
  bytes[at + 3] = count;
  putTrackAddress(bytes, at + 4, track, tracksPerCylinder);
  putTrackAddress(bytes, at + 8, track, tracksPerCylinder);
  bytes[at + 12] = record;
  bytes[at + 13] = sectorOf(record, length);
  const stated = command === COMMAND.read_count ? 0 : length;
  bytes[at + 14] = stated >>> 8;
  bytes[at + 15] = stated;
}

/** PREFIX, format 0: the extent alone; a LOCATE RECORD follows in the program. */
export function putPrefix(
  bytes: Uint8Array,
  format: number,
  command: number,
  first: number,
  last: number,
  device: Addressing,
  blockSize: number,
): void {
  bytes.fill(0, 0, PREFIX_BYTES);
  bytes[0] = format;
  bytes[PREFIX_VALIDITY] = PREFIX_EXTENT_VALID;
  bytes[2] = device.unitAddress;
  bytes[4] = device.logicalSubsystem;
  putExtent(bytes, PREFIX_EXTENT_AT, command, first, last, device, blockSize);
}

/**
 * PREFIX, format 1: the extent and a locate of `last − first + 1` whole tracks from `record` on; `lastBytes` is what
 * is transferred of the last one.
 */
export function putTrackPrefix(
  bytes: Uint8Array,
  command: number,
  first: number,
  last: number,
  record: number,
  device: Addressing,
  blockSize: number,
  lastBytes: number,
): void {
  putPrefix(bytes, 1, command, first, last, device, blockSize);
  const at = PREFIX_LOCATE_AT;
  bytes.fill(0, at, at + LOCATE_EXTENDED_BYTES);
  const writing = command === COMMAND.write_track_data;
  const length = writing ? blockSize : lastBytes;
  bytes[at] = OPERATION[command];
  bytes[at + 1] = LENGTH_VALID;
  bytes[at + 3] = last - first + 1;
  putTrackAddress(bytes, at + 4, first, device.tracksPerCylinder);
  putTrackAddress(bytes, at + 8, first, device.tracksPerCylinder);
  bytes[at + 12] = record;
  bytes[at + 13] = sectorOf(record, blockSize);
  bytes[at + 14] = length >>> 8;
  bytes[at + 15] = length;
  if (writing) bytes[at + 17] = WRITE_TRACK_EXTENDED;
}
