import type { Process, Steps } from '../kernel/process.ts';
import { type EventHandle, type EventKind, NO_EVENT } from '../kernel/simulation.ts';
import type { SimTime } from '../kernel/time.ts';
import type { CioDevice } from './device.ts';
import { DEV_EVENT, DEV_STATE } from './device-state.ts';
import type { LinuxSystem } from './linux-system.ts';
import { Work } from './work-queue.ts';

/**
 * The recovery timer (device.c:recovery_func): not every path that comes back is reported, so devices with missing paths
 * are verified again after 3, 30, 300, 300 … seconds, or other delays of the policy. Boxed devices are not.
 */
export class Recovery {
  private readonly linux: LinuxSystem;
  private readonly delaysNs: readonly SimTime[];
  private readonly expired: EventKind;
  private readonly work: Work;
  private timer: EventHandle = NO_EVENT;
  private phase = 0;

  constructor(linux: LinuxSystem, delaysNs: readonly SimTime[]) {
    this.linux = linux;
    this.delaysNs = delaysNs;
    this.work = new Work((self) => this.check(self));
    this.expired = linux.sim.defineEvent(`${linux.name}.recovery`, () => {
      this.timer = NO_EVENT;
      linux.systemQueue.queue(this.work);
    });
  }

  /** ccw_device_schedule_recovery: from the shortest delay, unless that one is running already. */
  schedule(): void {
    this.linux.failBack?.lookAgain();
    if (this.timer !== NO_EVENT && this.phase === 0) return;
    this.linux.sim.cancel(this.timer);
    this.phase = 0;
    this.arm();
  }

  /** recovery_work_func. */
  private *check(self: Process): Steps {
    let again = false;
    for (const device of this.linux.ccw.devices) {
      if (!device.registered) continue;
      if (yield* this.checkDevice(self, device)) again = true;
      yield* self.settle();
    }
    if (!again || this.timer !== NO_EVENT) return;
    if (this.phase < this.delaysNs.length - 1) this.phase++;
    this.arm();
  }

  /** recovery_check: true when the device has to be looked at again. */
  private *checkDevice(self: Process, device: CioDevice): Steps<boolean> {
    const { sch, state } = device;
    if (state === DEV_STATE.DISCONNECTED_SENSE_ID) return true;
    const missing = state === DEV_STATE.ONLINE && (sch.schib.pmcw.pam & sch.opm) !== sch.vpm;
    if (state !== DEV_STATE.DISCONNECTED && !missing) return false;
    yield* sch.lock.acquire(self);
    yield* device.event(self, DEV_EVENT.VERIFY);
    sch.lock.release(this.linux.sim);
    return true;
  }

  private arm(): void {
    this.timer = this.linux.sim.after(this.delaysNs[this.phase], this.linux.priority, this.expired, 0, 0);
  }
}
