import type { Process, Steps } from '../kernel/process.ts';
import { type EventHandle, type EventKind, NO_EVENT } from '../kernel/simulation.ts';
import { NS_PER_MS, type SimTime } from '../kernel/time.ts';
import { EVENT } from '../observe/event-table.ts';
import { type Chpid, NONE } from '../zarch/ids.ts';
import type { LinuxSystem } from './linux-system.ts';
import { type FailBackPolicy, FlapHistory, GIVEN_UP, TAKEN_BACK, UNTIL_OPERATOR } from './path-recovery.ts';
import { Work } from './work-queue.ts';

/**
 * Channel paths that go and come too often stay out of use for a while, as if an administrator had varied them off. Linux
 * has nothing like it; it does by itself here what `chchp --vary` does. No device is left without a path for that.
 *
 *   reported gone ─► policy: held? ── yes ─► varied off; its return is only noted, until time is over,
 *                        └── no ─► gone             an operator varies it on, or a device has no other path
 */
export class FailBack {
  private readonly linux: LinuxSystem;
  private readonly policy: FailBackPolicy;
  private readonly paths: (WatchedPath | undefined)[] = [];
  private readonly expired: EventKind;
  private readonly work: Work;

  constructor(linux: LinuxSystem, policy: FailBackPolicy) {
    this.linux = linux;
    this.policy = policy;
    this.work = new Work((self) => this.takeBackDue(self));
    this.expired = linux.sim.defineEvent(`${linux.name}.fail-back`, (chpid) => {
      this.watched(chpid).timer = NO_EVENT;
      this.lookAgain();
    });
  }

  /** A channel path is gone; true when it is to be varied off with that. */
  lost(chpid: Chpid): boolean {
    const path = this.watched(chpid);
    path.present = false;
    this.noteLoss(path);
    if (path.held) {
      this.setTimer(path);
      return false;
    }
    if (this.linux.chps.status(chpid) !== 1 || !this.isHeldNow(path)) return false;
    this.hold(path);
    return true;
  }

  /** A channel path is back; false: it stays out of use. A link that nobody reported gone was all the same. */
  *admits(self: Process, chpid: Chpid): Steps<boolean> {
    const path = this.watched(chpid);
    if (path.present) this.noteLoss(path);
    path.present = true;
    const { chps } = this.linux;
    if (!path.held) {
      if (chps.status(chpid) !== 1 || !this.isHeldNow(path) || this.isNeeded(path)) return true;
      this.hold(path);
      yield* chps.varyByPolicy(self, chpid, false);
    }
    this.setTimer(path);
    if (this.reasonToTakeBack(path) !== 0) this.lookAgain();
    return false;
  }

  /** An administrator has varied the channel path, and knows better. */
  varied(chpid: Chpid, on: boolean): void {
    const path = this.paths[chpid];
    if (path === undefined || !on) return;
    if (path.held) this.release(path, TAKEN_BACK.OPERATOR);
    path.history.reset();
  }

  /** Paths of devices have gone: one that is held may be the last one now. */
  lookAgain(): void {
    this.linux.systemQueue.queue(this.work);
  }

  private *takeBackDue(self: Process): Steps {
    for (const path of this.paths) {
      if (path === undefined || !path.held || !path.present) continue;
      const reason = this.reasonToTakeBack(path);
      if (reason === 0) continue;
      this.release(path, reason);
      yield* this.linux.chps.varyByPolicy(self, path.chpid, true);
    }
  }

  /** 0: none. */
  private reasonToTakeBack(path: WatchedPath): number {
    if (!this.isHeldNow(path)) return TAKEN_BACK.TIME;
    return this.isNeeded(path) ? TAKEN_BACK.LAST_PATH : 0;
  }

  /** Whether a device has no other path that it may use, as far as its SCHIB says. */
  private isNeeded({ chpid }: WatchedPath): boolean {
    const link = { chpid, flaMask: 0, fla: 0 };
    return this.linux.ccw.devices.some(({ registered, sch }) => {
      const mask = registered ? sch.pathOf(link) : 0;
      return mask !== 0 && (sch.schib.pmcw.pam & sch.opm & ~mask) === 0;
    });
  }

  private isHeldNow({ history }: WatchedPath): boolean {
    const { now } = this.linux.sim;
    return this.policy.heldUntil(history, now) > now;
  }

  private noteLoss({ history }: WatchedPath): void {
    const { now } = this.linux.sim;
    history.note(now);
    this.policy.lost(history, now);
  }

  private hold(path: WatchedPath): void {
    path.held = true;
    const { flaps, firstNs } = path.history;
    const sinceMs = Math.floor((this.linux.sim.now - firstNs) / NS_PER_MS);
    this.linux.emit(EVENT['path.given-up'], NONE, path.chpid, GIVEN_UP.FLAPS, flaps, sinceMs);
    this.setTimer(path);
  }

  private release(path: WatchedPath, reason: number): void {
    path.held = false;
    this.cancelTimer(path);
    this.linux.emit(EVENT['path.taken-back'], NONE, path.chpid, reason, 0, 0);
  }

  private setTimer(path: WatchedPath): void {
    this.cancelTimer(path);
    const { sim, priority } = this.linux;
    const until: SimTime = this.policy.heldUntil(path.history, sim.now);
    if (until === UNTIL_OPERATOR || until <= sim.now) return;
    path.timer = sim.after(until - sim.now, priority, this.expired, path.chpid, 0);
  }

  private cancelTimer(path: WatchedPath): void {
    this.linux.sim.cancel(path.timer);
    path.timer = NO_EVENT;
  }

  private watched(chpid: Chpid): WatchedPath {
    this.paths[chpid] ??= new WatchedPath(chpid);
    return this.paths[chpid];
  }
}

class WatchedPath {
  readonly chpid: Chpid;
  readonly history = new FlapHistory();
  /** Reported there; all are in the beginning. */
  present = true;
  /** Varied off by the policy. */
  held = false;
  timer: EventHandle = NO_EVENT;

  constructor(chpid: Chpid) {
    this.chpid = chpid;
  }
}
