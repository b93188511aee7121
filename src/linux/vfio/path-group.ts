import { MESSAGE, SENSE0 } from '../../dasd/sense.ts';
import { type Process, type Steps, WaitQueue } from '../../kernel/process.ts';
import { NS_PER_S, type SimTime } from '../../kernel/time.ts';
import { EVENT } from '../../observe/event-table.ts';
import { clearIrb } from '../../zarch/block-copy.ts';
import { CCW_FLAG, type Ccw, type ChannelProgram } from '../../zarch/ccw.ts';
import { COMMAND } from '../../zarch/commands.ts';
import { NONE } from '../../zarch/ids.ts';
import { Irb } from '../../zarch/irb.ts';
import { Orb } from '../../zarch/orb.ts';
import { firstPath, NO_PATHS, type PathMask, pathBit } from '../../zarch/path-mask.ts';
import {
  equalPgids,
  GROUP_FUNCTION,
  GROUP_MULTIPATH,
  isNullPgid,
  PATH_MULTIPATH,
  PATH_STATE,
  PATH_STATE_MASK,
  PGID_RECORD_BYTES,
} from '../../zarch/pgid.ts';
import { DSTAT, FCTL, STCTL } from '../../zarch/scsw.ts';
import { clearSubchannel } from '../cio.ts';
import { Completion } from './completion.ts';
import type { VfioDevice } from './device.ts';
import { VFIO_STATE } from './fsm.ts';
import { answerPathGroup, type GroupState, isPathGroupCommand, storeAnswer } from './group-answer.ts';
import { copyStatus } from './region-access.ts';

/** How long an interruption may take, and how often a command is sent that a unit check has ended (device_pgid.c). */
const COMMAND_TIMEOUT: SimTime = 10 * NS_PER_S;
const COMMAND_TRIES = 5;

/** How one command of the host's own has ended. */
type Outcome = 'done' | 'refused' | 'failed';

/**
 * The path group of a passed-through device where the host's kernel has a hand in it: a policy, which Linux has not.
 *
 *   opened, path came, path was reset ─► program in progress ends ─► SNID ─► SPID, where it is not grouped ─► next path
 *                                        requests of user space wait until this is over ───────────────────────┘
 *
 * The state belongs to the subchannel and outlives its users: the next guest finds the paths grouped. An id that somebody
 * has left behind is taken over, as Linux does for devices that it drives itself.
 */
export class HostPathGroup implements GroupState {
  readonly pgid: Uint8Array;
  readonly multipath: boolean;
  grouped: PathMask = NO_PATHS;
  private readonly device: VfioDevice;
  /** The group is the host's alone: guests are answered here. */
  private readonly isOwner: boolean;
  /** Paths of which the host does not know the state. */
  private todo: PathMask = NO_PATHS;
  private isKnown = false;
  private verifying = false;
  /** The device's program has ended, or the host's verification. */
  private readonly changed: WaitQueue;
  /** The command in progress, its interruption, and its status. */
  private readonly answered: Completion;
  private inProgress = false;
  private readonly orb = new Orb();
  private readonly irb = new Irb();
  private readonly record = new Uint8Array(PGID_RECORD_BYTES);

  constructor(device: VfioDevice, isOwner: boolean, multipath: boolean) {
    const { sim, pgid } = device.linux;
    this.device = device;
    this.isOwner = isOwner;
    this.multipath = multipath;
    this.pgid = pgid.slice();
    this.changed = new WaitQueue(sim);
    this.answered = new Completion(sim);
  }

  /** User space opens the device, which is idle: the owner of the group sets it first. */
  *opened(self: Process): Steps {
    if (!this.isOwner) return;
    this.todo |= this.device.pim & this.device.pam & ~this.grouped;
    yield* this.settled(self);
    if (this.todo !== NO_PATHS) yield* this.verify(self);
  }

  /** A path has become available, or was varied on; in whatever state it is. */
  pathCame(mask: PathMask): void {
    this.grouped &= ~mask;
    this.todo |= mask;
    const { device } = this;
    if (this.verifying || !device.isOpen) return;
    this.verifying = true;
    device.linux.spawn('path-group', (self) => this.verify(self));
  }

  pathGone(mask: PathMask): void {
    this.grouped &= ~mask;
    this.todo &= ~mask;
  }

  /** Requests have to wait, except those that may end the program for which the host waits itself. */
  get isBusy(): boolean {
    return this.verifying && !RUNNING.has(this.device.state);
  }

  /** Waits until the host has done with the paths. */
  settled(self: Process): Steps {
    return this.changed.until(self, () => !this.verifying);
  }

  /** The device may have become idle, or not operational: then no interruption will come any more. */
  deviceChanged(): void {
    if (!this.verifying) return;
    if (this.inProgress && !this.device.isOperational) this.abandon();
    this.changed.wake();
  }

  /** An interruption: true when it is for the host's own command. Of the guest's it looks for the news of a reset. */
  takes(irb: Irb): boolean {
    if (!this.inProgress) {
      if (isResetNotification(irb)) this.pathCame(irb.lpum);
      return false;
    }
    copyStatus(irb, this.irb);
    if (!isOver(irb)) return true;
    this.inProgress = false;
    this.answered.complete();
    return true;
  }

  /** Whether a guest's program gets its status, which is stored, from the host. */
  answers(program: ChannelProgram | null, lpm: PathMask, irb: Irb): boolean {
    if (!this.isOwner || program === null || !isPathGroupCommand(program)) return false;
    const answer = answerPathGroup(program, lpm, this);
    storeAnswer(answer, lpm, this, irb);
    this.emit(answer === 'done' ? EVENT['path-group.answered'] : EVENT['path-group.refused'], lpm);
    return true;
  }

  private *verify(self: Process): Steps {
    this.verifying = true;
    const { device } = this;
    yield* this.changed.until(self, () => !RUNNING.has(device.state));
    while (this.todo !== NO_PATHS && device.state === VFIO_STATE.IDLE) {
      const path = pathBit(firstPath(this.todo));
      this.todo &= ~path;
      if ((device.pam & path) !== 0) yield* this.join(self, path);
    }
    this.verifying = false;
    this.changed.wake();
  }

  private abandon(): void {
    this.inProgress = false;
    clearIrb(this.irb);
    this.irb.scsw.cc = 3;
    this.answered.complete();
  }

  /** Brings one path into the group. */
  private *join(self: Process, path: PathMask): Steps {
    const { record } = this;
    if ((yield* this.command(self, COMMAND.snid, path)) !== 'done') return;
    const isNew = isNullPgid(record, 1);
    if (!isNew && !this.isKnown) this.pgid.set(record.subarray(1));
    if (!isNew && !equalPgids(record, this.pgid, 1)) return this.emit(EVENT['path-group.mismatch'], path);
    this.isKnown = true;
    if (!this.isGrouped(record[0])) {
      record[0] = GROUP_FUNCTION.ESTABLISH | (this.multipath ? GROUP_MULTIPATH : 0);
      record.set(this.pgid, 1);
      if ((yield* this.command(self, COMMAND.spid, path)) !== 'done') return;
    }
    this.grouped |= path;
  }

  private isGrouped(state: number): boolean {
    const inMode = ((state & PATH_MULTIPATH) !== 0) === this.multipath;
    return (state & PATH_STATE_MASK) === PATH_STATE.GROUPED && inMode;
  }

  /** A unit check that does not reject the command may be news from before, such as the notification of a reset. */
  private *command(self: Process, command: number, path: PathMask): Steps<Outcome> {
    this.orb.program = { ccws: [this.ccw(command)], length: 1 };
    this.orb.lpm = path;
    for (let tries = 0; tries < COMMAND_TRIES; tries++) {
      if (!(yield* this.execute(self))) return 'failed';
      const { scsw, sense, concurrentSense } = this.irb;
      if ((scsw.dstat & DSTAT.UNIT_CHECK) === 0) return 'done';
      if (concurrentSense === 1 && (sense[0] & SENSE0.COMMAND_REJECT) !== 0) return 'refused';
    }
    return 'failed';
  }

  /** True when the device has answered, whatever it has said. */
  private *execute(self: Process): Steps<boolean> {
    const { linux, sch } = this.device;
    yield* sch.lock.acquire(self);
    const cc = yield* linux.io.ssch(self, sch.schid, this.orb);
    sch.lock.release(linux.sim);
    if (cc !== 0) return false;
    this.inProgress = true;
    if (!(yield* this.answered.wait(self, COMMAND_TIMEOUT))) {
      linux.emit(EVENT.timeout, sch.schid, NONE, 0, 0, 0);
      if (!(yield* this.clear(self))) return false;
    }
    const { scsw } = this.irb;
    return (scsw.fctl & (FCTL.HALT | FCTL.CLEAR)) === 0 && scsw.cc === 0 && scsw.cstat === 0;
  }

  private *clear(self: Process): Steps<boolean> {
    const { linux, sch } = this.device;
    yield* sch.lock.acquire(self);
    yield* clearSubchannel(linux, self, sch);
    sch.lock.release(linux.sim);
    if (yield* this.answered.wait(self, COMMAND_TIMEOUT)) return true;
    this.inProgress = false;
    return false;
  }

  private ccw(command: number): Ccw {
    const { record } = this;
    return {
      command,
      flags: CCW_FLAG.SUPPRESS_LENGTH,
      count: PGID_RECORD_BYTES,
      data: record,
      versions: null,
    };
  }

  private emit(event: number, path: PathMask): void {
    const { linux, sch } = this.device;
    linux.observer.emit(event, linux.system, sch.schid, NONE, path, NONE, 0, 0, 0);
  }
}

/** States in which the subchannel belongs to a program of user space. */
const RUNNING: ReadonlySet<number> = new Set([VFIO_STATE.CP_PROCESSING, VFIO_STATE.CP_PENDING]);

const isOver = ({ scsw }: Irb): boolean =>
  scsw.cc !== 0 ||
  (scsw.stctl & (STCTL.SECONDARY | STCTL.ALERT)) !== 0 ||
  (scsw.fctl & (FCTL.HALT | FCTL.CLEAR)) !== 0;

/** The control unit was reset: this path is in no group any more, and others will say so in their turn. */
const isResetNotification = ({ scsw, concurrentSense, sense }: Irb): boolean =>
  (scsw.dstat & DSTAT.UNIT_CHECK) !== 0 &&
  concurrentSense === 1 &&
  (sense[0] & SENSE0.COMMAND_REJECT) === 0 &&
  sense[7] === MESSAGE.RESET_NOTIFICATION;
