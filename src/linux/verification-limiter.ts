import type { EventKind } from '../kernel/simulation.ts';
import type { CioDevice } from './device.ts';
import { DEV_EVENT, DEV_STATE } from './device-state.ts';
import { continueVerification } from './device-verify.ts';
import type { LinuxSystem } from './linux-system.ts';
import type { VerificationLimit } from './path-recovery.ts';

/**
 * Turns of path verification: so many devices may be in state VERIFY with a channel program running, others wait. One
 * that is online goes on with its I/O meanwhile; one that is to be set online waits in that state.
 */
export class VerificationLimiter {
  private readonly linux: LinuxSystem;
  private readonly limit: VerificationLimit;
  private readonly groups = new Map<string, Group>();
  /** The group in which a device was first. */
  private readonly groupOfDevice = new Map<CioDevice, Group>();
  private readonly list: Group[] = [];
  private readonly turn: EventKind;

  constructor(linux: LinuxSystem, limit: VerificationLimit) {
    this.linux = linux;
    this.limit = limit;
    this.turn = linux.sim.defineEvent(`${linux.name}.verification-turn`, (index) =>
      this.next(this.list[index]),
    );
  }

  /** True: it is the device's turn, until `end`. False: it will get a VERIFY event, or its verification will begin. */
  begin(device: CioDevice): boolean {
    const { running, waiting } = this.groupOf(device);
    if (running.has(device)) return true;
    if (running.size >= this.limit.concurrent) {
      waiting.add(device);
      return false;
    }
    waiting.delete(device);
    running.add(device);
    return true;
  }

  /** The device is in another state than VERIFY now, and perhaps was in that one. */
  left(device: CioDevice, wasVerifying: boolean): void {
    if (wasVerifying) this.groupOf(device).waiting.delete(device);
    this.end(device);
  }

  /** Gives the turn back. */
  end(device: CioDevice): void {
    const group = this.groupOf(device);
    if (!group.running.delete(device) || group.waiting.size === 0) return;
    const { sim, priority } = this.linux;
    sim.after(0, priority, this.turn, group.index, 0);
  }

  isWaiting(device: CioDevice): boolean {
    return this.groupOf(device).waiting.has(device);
  }

  /** In the order in which they asked. */
  private next({ running, waiting }: Group): void {
    for (const device of waiting) {
      if (running.size >= this.limit.concurrent) return;
      waiting.delete(device);
      if (device.state !== DEV_STATE.VERIFY) {
        this.linux.interruptions.deviceEvent(device, DEV_EVENT.VERIFY);
        continue;
      }
      running.add(device);
      this.linux.interruptions.begin((self) => continueVerification(self, device));
    }
  }

  private groupOf(device: CioDevice): Group {
    let group = this.groupOfDevice.get(device);
    if (group === undefined) {
      group = this.groupFor(device);
      this.groupOfDevice.set(device, group);
    }
    return group;
  }

  private groupFor({ sch }: CioDevice): Group {
    // Control units are told apart by the channel paths that lead to them, all that the common I/O layer knows of them.
    const key = this.limit.per === 'system' ? '' : sch.schib.pmcw.chpids.join();
    let group = this.groups.get(key);
    if (group === undefined) {
      group = new Group(this.list.length);
      this.groups.set(key, group);
      this.list.push(group);
    }
    return group;
  }
}

/** Devices that share the limit. Sets keep the order of insertion. */
class Group {
  readonly index: number;
  readonly running = new Set<CioDevice>();
  readonly waiting = new Set<CioDevice>();

  constructor(index: number) {
    this.index = index;
  }
}
