import type { Ccw } from '../zarch/ccw.ts';
import {
  DEFINE_EXTENT_BYTES,
  extentLength,
  LOCATE_RECORD_BYTES,
  LOCATE_RECORD_EXTENDED_BYTES,
  locateExtendedLength,
  OPERATION,
  PREFIX_BYTES,
  PREFIX_EXTENT,
  PREFIX_EXTENT_VALID,
  PREFIX_FORMAT,
  PREFIX_LOCATE,
  WRITE_TRACK_DATA,
} from './channel-program.ts';
import { BLOCK_BYTES, BLOCKS_PER_TRACK, storeTrack } from './geometry.ts';
import type { ProgramRun } from './program-run.ts';
import { MESSAGE } from './sense.ts';

/**
 * Commands that work on the volume. DEFINE EXTENT bounds the tracks a program may use, LOCATE RECORD opens a domain of
 * so many records or tracks, and the read and write commands of the domain go from record to record.
 */

export function defineExtent(run: ProgramRun, ccw: Ccw): void {
  const { data } = ccw;
  if (data === null || ccw.count < DEFINE_EXTENT_BYTES) {
    run.reject(MESSAGE.COUNT_SHORT);
    return;
  }
  if (run.extent.defined) {
    run.reject(MESSAGE.INVALID_SEQUENCE);
    return;
  }
  run.length = extentLength(data, 0);
  enterExtent(run, data, 0);
}

export function locateRecord(run: ProgramRun, ccw: Ccw): void {
  const { data } = ccw;
  if (data === null || ccw.count < LOCATE_RECORD_BYTES) {
    run.reject(MESSAGE.COUNT_SHORT);
    return;
  }
  run.length = LOCATE_RECORD_BYTES;
  run.locate.decode(data, 0);
  enterDomain(run);
}

export function locateRecordExtended(run: ProgramRun, ccw: Ccw): void {
  const { data } = ccw;
  if (data === null || ccw.count < LOCATE_RECORD_EXTENDED_BYTES) {
    run.reject(MESSAGE.COUNT_SHORT);
    return;
  }
  run.length = locateExtendedLength(data, 0);
  run.locate.decodeExtended(data, 0);
  enterDomain(run);
}

export function prefix(run: ProgramRun, ccw: Ccw): void {
  const { data } = ccw;
  if (!run.facilities.prefix) {
    run.reject(MESSAGE.INVALID_COMMAND);
    return;
  }
  if (data === null || ccw.count < PREFIX_BYTES) {
    run.reject(MESSAGE.COUNT_SHORT);
    return;
  }
  const format = data[0];
  run.length = PREFIX_BYTES;
  if (format > PREFIX_FORMAT.LOCATE_RECORD || (data[1] & PREFIX_EXTENT_VALID) === 0) {
    run.reject(MESSAGE.INVALID_PARAMETER);
    return;
  }
  if (run.extent.defined) {
    run.reject(MESSAGE.INVALID_SEQUENCE);
    return;
  }
  if (!enterBase(run, data)) return;
  if (!enterExtent(run, data, PREFIX_EXTENT) || format === PREFIX_FORMAT.DEFINE_EXTENT) return;
  run.length = PREFIX_LOCATE + locateExtendedLength(data, PREFIX_LOCATE);
  run.locate.decodeExtended(data, PREFIX_LOCATE);
  enterDomain(run);
}

/** PREFIX for reading, which there is in control blocks of transport mode only. */
export function prefixRead(run: ProgramRun, ccw: Ccw): void {
  if (run.transport) prefix(run, ccw);
  else run.reject(MESSAGE.INVALID_COMMAND);
}

export function readCount(run: ProgramRun, ccw: Ccw): void {
  countField(run, ccw, false);
}

export function readCountMultitrack(run: ProgramRun, ccw: Ccw): void {
  countField(run, ccw, true);
}

export function readData(run: ProgramRun, ccw: Ccw): void {
  if (nextRecord(run, OPERATION.READ_DATA, false)) readRecord(run, ccw, false);
}

export function readDataMultitrack(run: ProgramRun, ccw: Ccw): void {
  if (nextRecord(run, OPERATION.READ_DATA, true)) readRecord(run, ccw, false);
}

export function readKeyAndData(run: ProgramRun, ccw: Ccw): void {
  if (nextRecord(run, OPERATION.READ_DATA, false)) readRecord(run, ccw, true);
}

export function readKeyAndDataMultitrack(run: ProgramRun, ccw: Ccw): void {
  if (nextRecord(run, OPERATION.READ_DATA, true)) readRecord(run, ccw, true);
}

export function writeData(run: ProgramRun, ccw: Ccw): void {
  if (nextRecord(run, OPERATION.WRITE_DATA, false)) writeRecord(run, ccw, false);
}

export function writeDataMultitrack(run: ProgramRun, ccw: Ccw): void {
  if (nextRecord(run, OPERATION.WRITE_DATA, true)) writeRecord(run, ccw, false);
}

export function writeKeyAndData(run: ProgramRun, ccw: Ccw): void {
  if (nextRecord(run, OPERATION.WRITE_DATA, false)) writeRecord(run, ccw, true);
}

export function writeKeyAndDataMultitrack(run: ProgramRun, ccw: Ccw): void {
  if (nextRecord(run, OPERATION.WRITE_DATA, true)) writeRecord(run, ccw, true);
}

/** READ TRACK DATA: the blocks of one track from the located record on; the last track ends where the locate says. */
export function readTrackData(run: ProgramRun, ccw: Ccw): void {
  if (!run.facilities.readTrackData) {
    run.reject(MESSAGE.INVALID_COMMAND);
    return;
  }
  if (!nextTrack(run, run.locate.operation === OPERATION.READ_TRACKS)) return;
  const toEnd = (BLOCKS_PER_TRACK + 1 - run.record) * BLOCK_BYTES;
  run.length = run.remaining === 0 && run.locate.length > 0 ? Math.min(run.locate.length, toEnd) : toEnd;
  const { versions, data } = ccw;
  const blocks = Math.min(run.length, ccw.count) / BLOCK_BYTES;
  for (let block = 0; block < blocks; block++) {
    if (versions !== null) versions[block] = run.volume.readVersion(run.track, run.record + block);
    else if (data !== null) supplyBlock(run, data, block);
  }
}

function supplyBlock(run: ProgramRun, data: Uint8Array, block: number): void {
  const at = block * BLOCK_BYTES;
  const bytes = run.volume.bytes(run.track, run.record + block);
  if (bytes !== null) data.set(bytes.subarray(0, Math.max(0, data.length - at)), at);
}

/** WRITE TRACK DATA: as many blocks of one track as the count says, from the located record on. */
export function writeTrackData(run: ProgramRun, ccw: Ccw): void {
  if (!run.facilities.writeTrackData) {
    run.reject(MESSAGE.INVALID_COMMAND);
    return;
  }
  if (!nextTrack(run, run.locate.extendedOperation === WRITE_TRACK_DATA)) return;
  if (run.extent.readOnly) {
    run.fileProtected();
    return;
  }
  run.length = Math.min(ccw.count, (BLOCKS_PER_TRACK + 1 - run.record) * BLOCK_BYTES);
  const { versions, data } = ccw;
  const { volume, track, record } = run;
  const blocks = run.length / BLOCK_BYTES;
  for (let block = 0; block < blocks; block++) {
    if (versions !== null) {
      volume.writeVersion(track, record + block, versions[block]);
      volume.forgetBytes(track, record + block);
    } else if (data !== null) {
      keepBlock(run, data, block);
    }
  }
}

/** What a block is not given is zero. */
function keepBlock(run: ProgramRun, data: Uint8Array, block: number): void {
  const bytes = new Uint8Array(BLOCK_BYTES);
  bytes.set(data.subarray(block * BLOCK_BYTES, Math.min(run.length, (block + 1) * BLOCK_BYTES)));
  run.volume.writeBytes(run.track, run.record + block, bytes);
}

/** The base that an alias is used for; a base device itself may be named as well. */
function enterBase(run: ProgramRun, parameters: Uint8Array): boolean {
  const base = run.subsystem.addresses.baseNamed(parameters, run.device);
  if (base === null) return run.aliasChanged();
  run.volume = base.volume;
  return true;
}

function enterExtent(run: ProgramRun, data: Uint8Array, at: number): boolean {
  if (run.extent.decode(data, at) && run.extent.last < run.volume.tracks) return true;
  return run.reject(MESSAGE.INVALID_PARAMETER);
}

/** Opens the domain that `run.locate` describes and goes to its first record. */
function enterDomain(run: ProgramRun): boolean {
  const { locate, extent, volume } = run;
  if (!extent.defined) return run.reject(MESSAGE.INVALID_SEQUENCE);
  if (!isKnown(locate.operation, locate.extendedOperation)) return run.reject(MESSAGE.INVALID_PARAMETER);
  if (locate.count === 0 || locate.track < 0) return run.reject(MESSAGE.INVALID_PARAMETER);
  if (locate.track < extent.first || locate.track > extent.last) return run.fileProtected();
  run.track = locate.track;
  run.record = locate.record;
  run.oriented = true;
  // Record zero is on every track; the program goes on to the records behind it.
  if (locate.record > 0 && volume.dataLength(locate.track, locate.record) < 0) return run.noRecordFound();
  run.remaining = locate.count;
  return true;
}

function isKnown(operation: number, extendedOperation: number): boolean {
  switch (operation) {
    case OPERATION.WRITE_DATA:
    case OPERATION.READ_DATA:
    case OPERATION.READ_ANY:
    case OPERATION.READ_SIXTEEN:
    case OPERATION.READ_TRACKS:
      return true;
    default:
      return operation === OPERATION.EXTENDED && extendedOperation === WRITE_TRACK_DATA;
  }
}

/** READ COUNT always goes on to the next record; the data of that record may be read afterwards. */
function countField(run: ProgramRun, ccw: Ccw, multitrack: boolean): void {
  if (run.remaining === 0 || !permits(run.locate.operation, OPERATION.READ_DATA)) {
    run.reject(MESSAGE.INVALID_SEQUENCE);
    return;
  }
  run.remaining--;
  if (!advance(run, multitrack)) return;
  run.oriented = true;
  const { scratch, volume, track, record } = run;
  const dataLength = volume.dataLength(track, record);
  storeTrack(scratch, 0, track);
  scratch[4] = record;
  scratch[5] = volume.keyLength(track, record);
  scratch[6] = dataLength >>> 8;
  scratch[7] = dataLength;
  run.supply(ccw, scratch, COUNT_AREA_BYTES);
}

/** CCHHR, key length, data length. */
const COUNT_AREA_BYTES = 8;

/** Whether the locate operation allows data commands of this kind. */
const permits = (operation: number, kind: number): boolean =>
  operation === kind ||
  (kind === OPERATION.READ_DATA &&
    (operation === OPERATION.READ_ANY || operation === OPERATION.READ_SIXTEEN));

/** Goes to the record of the next data command: the located one first, then one after the other. */
function nextRecord(run: ProgramRun, kind: number, multitrack: boolean): boolean {
  if (run.remaining === 0 || !permits(run.locate.operation, kind))
    return run.reject(MESSAGE.INVALID_SEQUENCE);
  run.remaining--;
  if (run.oriented && run.record > 0) {
    run.oriented = false;
    return true;
  }
  run.oriented = false;
  return advance(run, multitrack);
}

/** The next record: on the same track after the index again, or on the next track of the extent. */
function advance(run: ProgramRun, multitrack: boolean): boolean {
  run.record++;
  if (run.record <= run.volume.records(run.track)) return true;
  run.record = 1;
  if (multitrack) {
    if (run.track >= run.extent.last) return run.fileProtected();
    run.track++;
  }
  return run.volume.records(run.track) > 0 || run.noRecordFound();
}

function readRecord(run: ProgramRun, ccw: Ccw, withKey: boolean): void {
  const { volume, track, record } = run;
  const key = volume.keyLength(track, record);
  const dataLength = volume.dataLength(track, record);
  run.length = withKey ? key + dataLength : dataLength;
  if (ccw.versions !== null) ccw.versions[0] = volume.readVersion(track, record);
  if (ccw.data === null) return;
  const bytes = volume.bytes(track, record);
  if (bytes === null) run.supply(ccw, NO_BYTES, run.length);
  else run.supply(ccw, withKey ? bytes : bytes.subarray(key), run.length);
}

const NO_BYTES = new Uint8Array(0);

function writeRecord(run: ProgramRun, ccw: Ccw, withKey: boolean): void {
  if (run.extent.readOnly) {
    run.fileProtected();
    return;
  }
  const { volume, track, record } = run;
  const key = volume.keyLength(track, record);
  const dataLength = volume.dataLength(track, record);
  run.length = withKey ? key + dataLength : dataLength;
  if (ccw.versions !== null) volume.writeVersion(track, record, ccw.versions[0]);
  if (ccw.data === null) {
    volume.forgetBytes(track, record);
    return;
  }
  const bytes = new Uint8Array(key + dataLength);
  const before = volume.bytes(track, record);
  if (before !== null) bytes.set(before);
  const at = withKey ? 0 : key;
  bytes.fill(0, at);
  bytes.set(ccw.data.subarray(0, Math.min(ccw.count, run.length)), at);
  volume.writeBytes(track, record, bytes);
}

/** Goes to the next track of a domain that is about tracks of 4 KiB blocks. */
function nextTrack(run: ProgramRun, permitted: boolean): boolean {
  if (run.remaining === 0 || !permitted) return run.reject(MESSAGE.INVALID_SEQUENCE);
  run.remaining--;
  if (!run.oriented) {
    if (run.track >= run.extent.last) return run.fileProtected();
    run.track++;
    run.record = 1;
  }
  run.oriented = false;
  if (run.record === 0) run.record = 1;
  if (run.volume.keyLength(run.track, run.record) > 0) return run.reject(MESSAGE.INVALID_PARAMETER);
  return run.volume.dataLength(run.track, run.record) === BLOCK_BYTES || run.noRecordFound();
}
