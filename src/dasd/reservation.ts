import { RESERVATION_STATE } from '../zarch/pgid.ts';
import type { PathGroups } from './path-group.ts';

const NOBODY = -1;

/**
 * Who has a device reserved: the path that sent RESERVE, and with it the group that the path belongs to. An ungrouped
 * path holds the device alone, even against other paths of the same host (architecture reference B.10).
 */
export class Reservation {
  private readonly groups: PathGroups;
  private owner = NOBODY;

  constructor(groups: PathGroups) {
    this.groups = groups;
  }

  get held(): boolean {
    return this.owner !== NOBODY;
  }

  /** The device is reserved, and this path may use it. */
  holds(path: number): boolean {
    if (this.owner === NOBODY) return false;
    return path === this.owner || this.groups.sameGroup(path, this.owner);
  }

  /** The device is reserved, and this path may not use it. */
  excludes(path: number): boolean {
    return this.owner !== NOBODY && !this.holds(path);
  }

  /** Reservation bits of SENSE PATH GROUP ID. */
  stateFor(path: number): number {
    if (this.owner === NOBODY) return RESERVATION_STATE.NONE;
    return this.holds(path) ? RESERVATION_STATE.HERE : RESERVATION_STATE.ELSEWHERE;
  }

  /** RESERVE or UNCONDITIONAL RESERVE was accepted from the path. */
  reserve(path: number): void {
    this.owner = path;
  }

  release(): void {
    this.owner = NOBODY;
  }

  /** Before the path resigns from its group: the rest of the group, if any, keeps the reservation. */
  beforeResign(path: number): void {
    if (path !== this.owner) return;
    const companion = this.groups.companion(path);
    if (companion >= 0) this.owner = companion;
  }

  /** Before the path disbands its group: of its members only the path that says so keeps the reservation. */
  beforeDisband(path: number): void {
    if (this.holds(path)) this.owner = path;
  }

  /** Before the path is reset: what it held alone is released. True when the device is free now. */
  beforeReset(path: number): boolean {
    if (path !== this.owner) return false;
    this.owner = this.groups.companion(path);
    return this.owner === NOBODY;
  }
}
