import { assert } from '../kernel/assert.ts';
import type { Executor, IoInstructions } from '../linux/ioasm.ts';
import { copyOrb } from '../zarch/block-copy.ts';
import type { ChannelProgram } from '../zarch/ccw.ts';
import type { SubchannelId } from '../zarch/ids.ts';
import type { Irb } from '../zarch/irb.ts';
import { Orb } from '../zarch/orb.ts';
import { firstPath, NO_PATHS, type PathMask, pathBit } from '../zarch/path-mask.ts';
import { Schib } from '../zarch/schib.ts';
import { isSolicited } from '../zarch/scsw.ts';
import { endedWell, isOver, verdictOf } from './verdict.ts';

/** Whose operation is in progress at the device. */
const WORK = { NONE: 0, PATHS: 1, GUEST: 2 } as const;

/** Times that CP starts an operation of a guest before the guest is told how it ended. */
const MAX_STARTS = 16;

/** The guest that a device is dedicated to. */
export interface DeviceUser {
  /** Status that is for the guest. */
  present(irb: Irb): void;
  /** A start was accepted, and there is no path for it. */
  noPath(): void;
  detached(): void;
}

/** What real devices find in CP. */
export interface DeviceEnvironment {
  readonly io: IoInstructions;
  readonly executor: Executor;
  readonly establish: ChannelProgram;
  /** A device has no work left. */
  settled(): void;
}

/**
 * A device as CP has it: the paths that it may use, and one operation at a time, a guest's or CP's own.
 *
 *   path is new ─► SPID ─► path in use      guest's start ─► SSCH on all paths in use ─┬─► status for the guest
 *                    └──► path failed             ▲── path error: once more ───────────┘
 *
 * A guest's operation that a path has broken off is started again from its first command, as if it had not begun.
 */
export class RealDevice {
  readonly id: SubchannelId;
  readonly user: DeviceUser;
  readonly schib = new Schib();
  /** Paths in use: available, and in CP's path group. */
  vpm: PathMask = NO_PATHS;
  /** Paths on which grouping failed; tried again when something happens to them, or when no other is left. */
  private failed: PathMask = NO_PATHS;
  /** Paths that were taken offline for good. */
  private offline: PathMask = NO_PATHS;
  private work: number = WORK.NONE;
  private path: PathMask = NO_PATHS;
  private readonly orb = new Orb();
  private readonly guestOrb = new Orb();
  private waiting = false;
  private starts = 0;
  private gone = false;
  private readonly environment: DeviceEnvironment;

  constructor(id: SubchannelId, user: DeviceUser, environment: DeviceEnvironment) {
    this.id = id;
    this.user = user;
    this.environment = environment;
  }

  /** Paths that may be tried. */
  get reachable(): PathMask {
    const { pim, pam } = this.schib.pmcw;
    return this.gone ? NO_PATHS : pim & pam & ~this.offline;
  }

  get isSettled(): boolean {
    return this.work !== WORK.PATHS;
  }

  /** The guest's operation is at the device, not only waiting here. */
  get isRunning(): boolean {
    return this.work === WORK.GUEST;
  }

  /** Takes over a start of the guest. */
  start(orb: Orb): void {
    copyOrb(orb, this.guestOrb);
    this.waiting = true;
    this.starts = 0;
    if (this.vpm === NO_PATHS) this.failed = NO_PATHS;
    this.advance();
  }

  /** Forgets a start that has not reached the device; false: there is none. */
  forget(): boolean {
    const waited = this.waiting;
    this.waiting = false;
    return waited;
  }

  /** The guest's operation was cancelled before it began. */
  cancelled(): void {
    this.work = WORK.NONE;
    this.advance();
  }

  /** Something has happened to these paths, and the SCHIB has been stored anew: they are grouped again if they are there. */
  pathsChanged(paths: PathMask): void {
    this.vpm &= this.reachable & ~paths;
    this.failed &= ~paths;
    this.advance();
  }

  /** Takes the first of these paths that is in use offline, where it stays. Returns the path; none of them may be in use. */
  takeOffline(paths: PathMask): PathMask {
    const candidates = this.vpm & paths;
    if (candidates === NO_PATHS) return NO_PATHS;
    const path = pathBit(firstPath(candidates));
    this.offline |= path;
    this.vpm &= ~path;
    return path;
  }

  detach(): void {
    if (this.gone) return;
    this.gone = true;
    this.waiting = false;
    this.work = WORK.NONE;
    this.user.detached();
  }

  interrupted(irb: Irb): void {
    if (this.gone) return;
    if (this.work === WORK.PATHS) this.pathAnswered(irb);
    else if (this.work === WORK.GUEST) this.guestAnswered(irb);
    // What a device has to say of itself is for its owner: the guest has no path that could be meant.
    else if (isSolicited(irb.scsw)) this.user.present(irb);
    this.advance();
  }

  private advance(): void {
    if (this.work !== WORK.NONE || this.gone) return;
    const todo = this.reachable & ~this.vpm & ~this.failed;
    if (todo !== NO_PATHS) {
      this.group(pathBit(firstPath(todo)));
      return;
    }
    if (this.waiting) this.startGuest();
    if (this.work === WORK.NONE) this.environment.settled();
  }

  private group(path: PathMask): void {
    this.path = path;
    this.orb.program = this.environment.establish;
    this.orb.lpm = path;
    const cc = this.issue();
    if (cc === 0) this.work = WORK.PATHS;
    if (cc !== 3) return;
    this.failed |= path;
    this.advance();
  }

  private pathAnswered(irb: Irb): void {
    if (!isOver(irb)) return;
    this.work = WORK.NONE;
    if (endedWell(irb)) this.vpm |= this.path;
    // The notification concerns the path, not the command, which the path will take now.
    else if (verdictOf(irb) !== 'reset') this.failed |= this.path;
  }

  private startGuest(): void {
    copyOrb(this.guestOrb, this.orb);
    this.orb.lpm = this.vpm;
    const cc = this.vpm === NO_PATHS ? 3 : this.issue();
    if (cc === 1) return;
    this.waiting = false;
    this.starts++;
    if (cc === 0) this.work = WORK.GUEST;
    else this.user.noPath();
  }

  private guestAnswered(irb: Irb): void {
    if (isOver(irb)) this.work = WORK.NONE;
    const verdict = verdictOf(irb);
    // After a reset all paths owe a notification. The guest sees this one; CP answers those on the other paths.
    if (verdict === 'reset') this.vpm = NO_PATHS;
    if (verdict === 'device' || verdict === 'reset') {
      this.user.present(irb);
      return;
    }
    const lost = verdict === 'no-path' ? this.vpm : irb.lpum;
    this.refresh();
    this.vpm &= this.reachable & ~lost;
    if (this.starts === MAX_STARTS) this.user.present(irb);
    else this.waiting = true;
  }

  /** SSCH. With cc 1 status is pending that CP has not seen yet; its interruption makes the device go on. */
  private issue(): number {
    const { io, executor } = this.environment;
    const cc = io.sschNow(executor, this.id, this.orb);
    assert(cc !== 2 && cc >= 0, 'CP starts a subchannel only when it is idle');
    if (cc === 3) this.refresh();
    return cc;
  }

  /** STSCH, which the machine answers at once. */
  private refresh(): void {
    const { io, executor } = this.environment;
    const { done } = io.stsch(executor, this.id, this.schib).next();
    assert(done === true, 'the machine answers at once');
  }
}
