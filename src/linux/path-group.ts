import type { PathMask } from '../zarch/path-mask.ts';
import { pathBit } from '../zarch/path-mask.ts';
import {
  equalPgids,
  isNullPgid,
  PATH_MULTIPATH,
  PATH_STATE,
  PATH_STATE_MASK,
  PGID_BYTES,
  PGID_RECORD_BYTES,
  RESERVATION_STATE,
  RESERVATION_STATE_MASK,
} from '../zarch/pgid.ts';

/**
 * What SENSE PATH GROUP ID said on each path: eight records of 12 bytes, one after the other, and the decisions that
 * follow from them (device_pgid.c:pgid_analyze, pgid_to_donepm). Pure functions.
 */
export interface PgidAnalysis {
  /** Two paths belong to different groups. */
  readonly mismatch: boolean;
  /** Paths on which the device is reserved to somebody else. */
  readonly reserved: PathMask;
  /** Paths without a path-group id. */
  readonly reset: PathMask;
  /** Place of the id to be used: the first one found on a path, −1 for the system's own. */
  readonly chosen: number;
}

const RECORDS_BYTES = 8 * PGID_RECORD_BYTES;
const stateAt = (index: number): number => index * PGID_RECORD_BYTES;
const pgidAt = (index: number): number => index * PGID_RECORD_BYTES + 1;

export const newPgidRecords = (): Uint8Array => new Uint8Array(RECORDS_BYTES);

/** The record of one path, as the data area of a CCW. */
export const pgidRecord = (records: Uint8Array, index: number): Uint8Array =>
  records.subarray(stateAt(index), stateAt(index) + PGID_RECORD_BYTES);

/** Compares the records of the paths in `valid`. */
export function analysePgids(records: Uint8Array, valid: PathMask): PgidAnalysis {
  let mismatch = false;
  let reserved: PathMask = 0;
  let reset: PathMask = 0;
  let chosen = -1;
  for (let index = 0; index < 8; index++) {
    const path = pathBit(index);
    if ((valid & path) === 0) continue;
    if ((records[stateAt(index)] & RESERVATION_STATE_MASK) === RESERVATION_STATE.ELSEWHERE) reserved |= path;
    if (isNullPgid(records, pgidAt(index))) reset |= path;
    else if (chosen < 0) chosen = index;
    else if (!equalPgids(records, records, pgidAt(index), pgidAt(chosen))) mismatch = true;
  }
  return { mismatch, reserved, reset, chosen };
}

/** Paths that are as they should be: grouped where the administrator allows them, ungrouped elsewhere, in the wanted mode. */
export function settledPaths(
  records: Uint8Array,
  valid: PathMask,
  opm: PathMask,
  multipath: boolean,
): PathMask {
  let settled: PathMask = 0;
  for (let index = 0; index < 8; index++) {
    const path = pathBit(index);
    if ((valid & path) === 0) continue;
    const state = records[stateAt(index)];
    const wanted = (opm & path) !== 0 ? PATH_STATE.GROUPED : PATH_STATE.UNGROUPED;
    const inMode = ((state & PATH_MULTIPATH) !== 0) === multipath;
    if ((state & PATH_STATE_MASK) === wanted && inMode) settled |= path;
  }
  return settled;
}

/** Gives all eight records the chosen id, so that any of them can be sent (pgid_fill). */
export function fillPgids(records: Uint8Array, chosen: number, own: Uint8Array): void {
  const pgid = chosen < 0 ? own : records.slice(pgidAt(chosen), pgidAt(chosen) + PGID_BYTES);
  for (let index = 0; index < 8; index++) records.set(pgid, pgidAt(index));
}
