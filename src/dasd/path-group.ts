import {
  equalPgids,
  GROUP_FUNCTION,
  GROUP_FUNCTION_MASK,
  GROUP_MULTIPATH,
  GROUP_RESERVED_BITS,
  isNullPgid,
  PATH_MULTIPATH,
  PATH_STATE,
  PGID_BYTES,
  PGID_RECORD_BYTES,
} from '../zarch/pgid.ts';
import { MESSAGE } from './sense.ts';

/**
 * Dynamic pathing as one device keeps it: for every logical path (host and port) its state, the PGID it was given and
 * the mode. Paths with equal PGIDs that are grouped form a group (architecture reference B.9).
 *
 *   reset ──establish──► grouped ──resign, disband──► ungrouped ──establish──► grouped
 *     ▲ system reset, from everywhere; a PGID that was set stays until then
 */
export interface PathGroupRules {
  /** SENSE PATH GROUP ID tells states, and a PGID outlasts the group. */
  readonly states: boolean;
  /** Groups in multipath mode are possible. */
  readonly multipath: boolean;
}

/** A view of one path for the decision whether SET PATH GROUP ID is refused. */
export interface PathGroupView {
  /** PGID of the path, at `pgidAt` of `pgids`; null PGID: none was set since the reset. */
  readonly pgids: Uint8Array;
  readonly pgidAt: number;
  /** Mode of the group that the record names: 0 single-path, PATH_MULTIPATH, or −1 when there is no such group. */
  readonly groupMode: number;
}

/** Why SET PATH GROUP ID is refused: a sense message, or NONE. `count` is the byte count of the command. */
function refuseSetPathGroup(
  record: Uint8Array,
  count: number,
  view: PathGroupView,
  rules: PathGroupRules,
): number {
  if (count < PGID_RECORD_BYTES) return MESSAGE.COUNT_SHORT;
  const order = record[0];
  if ((order & GROUP_RESERVED_BITS) !== 0) return MESSAGE.INVALID_PARAMETER;
  if ((order & GROUP_FUNCTION_MASK) === GROUP_FUNCTION_MASK) return MESSAGE.INVALID_PARAMETER;
  if ((order & GROUP_MULTIPATH) !== 0 && !rules.multipath) return MESSAGE.INVALID_PARAMETER;
  if (isNullPgid(record, 1)) return MESSAGE.INVALID_PARAMETER;
  const known = !isNullPgid(view.pgids, view.pgidAt);
  if (known && !equalPgids(record, view.pgids, 1, view.pgidAt)) return MESSAGE.INVALID_PARAMETER;
  const establish = (order & GROUP_FUNCTION_MASK) === GROUP_FUNCTION.ESTABLISH;
  if (establish && view.groupMode >= 0 && view.groupMode !== modeOf(order)) return MESSAGE.INVALID_PARAMETER;
  return MESSAGE.NONE;
}

const modeOf = (order: number): number => ((order & GROUP_MULTIPATH) !== 0 ? PATH_MULTIPATH : 0);

export class PathGroups {
  readonly paths: number;
  private readonly rules: PathGroupRules;
  /** Path state and mode of each path, as in the state byte. */
  private readonly states: Uint8Array;
  private readonly pgids: Uint8Array;

  constructor(paths: number, rules: PathGroupRules) {
    this.paths = paths;
    this.rules = rules;
    this.states = new Uint8Array(paths);
    this.pgids = new Uint8Array(paths * PGID_BYTES);
  }

  /** State byte (path state and mode, without the reservation) of a path. */
  state(path: number): number {
    return this.states[path];
  }

  isGrouped(path: number): boolean {
    return (this.states[path] & PATH_STATE.GROUPED) === PATH_STATE.GROUPED;
  }

  /** Both grouped, and in the same group. */
  sameGroup(a: number, b: number): boolean {
    if (!this.isGrouped(a) || !this.isGrouped(b)) return false;
    return equalPgids(this.pgids, this.pgids, a * PGID_BYTES, b * PGID_BYTES);
  }

  /** The path-group id of a path, as hexadecimal digits. */
  pgidOf(path: number): string {
    let digits = '';
    for (let at = path * PGID_BYTES; at < (path + 1) * PGID_BYTES; at++)
      digits += this.pgids[at].toString(16).padStart(2, '0');
    return digits;
  }

  /** Another path of the same group; −1 when there is none. */
  companion(path: number): number {
    for (let other = 0; other < this.paths; other++) {
      if (other !== path && this.sameGroup(path, other)) return other;
    }
    return -1;
  }

  /** SENSE PATH GROUP ID: twelve bytes; `reservation` is the reservation state that the path sees. */
  sense(path: number, reservation: number, into: Uint8Array): void {
    into[0] = (this.rules.states ? this.states[path] : 0) | reservation;
    into.set(this.pgids.subarray(path * PGID_BYTES, (path + 1) * PGID_BYTES), 1);
  }

  /** Whether SET PATH GROUP ID with this record is refused on the path: a sense message, or NONE. */
  refuses(path: number, record: Uint8Array, count: number): number {
    const groupMode = count < PGID_RECORD_BYTES ? -1 : this.modeOfGroup(record, path);
    const view = { pgids: this.pgids, pgidAt: path * PGID_BYTES, groupMode };
    return refuseSetPathGroup(record, count, view, this.rules);
  }

  /** Carries out a SET PATH GROUP ID that is not refused. */
  set(path: number, record: Uint8Array): void {
    this.pgids.set(record.subarray(1, PGID_RECORD_BYTES), path * PGID_BYTES);
    switch (record[0] & GROUP_FUNCTION_MASK) {
      case GROUP_FUNCTION.ESTABLISH:
        this.states[path] = PATH_STATE.GROUPED | modeOf(record[0]);
        return;
      case GROUP_FUNCTION.DISBAND:
        for (let other = 0; other < this.paths; other++) {
          if (this.isGrouped(other) && this.hasPgid(other, record)) this.leave(other);
        }
        this.leave(path);
        return;
      default:
        this.leave(path);
    }
  }

  /** The path leaves its group but keeps its PGID, as after a loss of the logical path without reset. */
  ungroup(path: number): void {
    if (this.isGrouped(path)) this.leave(path);
  }

  /** System reset on the path. */
  reset(path: number): void {
    this.states[path] = PATH_STATE.RESET;
    this.pgids.fill(0, path * PGID_BYTES, (path + 1) * PGID_BYTES);
  }

  private leave(path: number): void {
    if (this.rules.states) this.states[path] = PATH_STATE.UNGROUPED;
    else this.reset(path);
  }

  private hasPgid(path: number, record: Uint8Array): boolean {
    return equalPgids(record, this.pgids, 1, path * PGID_BYTES);
  }

  /** Mode of the group with the record's PGID, leaving `path` itself out; −1 when no other path is in it. */
  private modeOfGroup(record: Uint8Array, path: number): number {
    for (let other = 0; other < this.paths; other++) {
      if (other === path || !this.isGrouped(other) || !this.hasPgid(other, record)) continue;
      return this.states[other] & PATH_MULTIPATH;
    }
    return -1;
  }
}
