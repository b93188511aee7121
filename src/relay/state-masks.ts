import type { Process, Steps } from '../kernel/process.ts';
import type { KernelRelay, PathEvent, RelayedDevice } from '../linux/vfio/event-relay.ts';
import type { RelayMachine, VmmRelay } from '../qemu/event-relay.ts';
import type { PassthroughDevice } from '../qemu/vfio-ccw.ts';
import type { Chpid } from '../zarch/ids.ts';
import { pathBit } from '../zarch/path-mask.ts';
import { atOnce } from './at-once.ts';
import type { PathChange } from './coalescing-window.ts';
import { reportOf } from './path-report.ts';
import { addEvent, decide, statesOf } from './path-state-masks.ts';
import type { Relay } from './relay.ts';

/** Four masks for each device instead of a list; user space is told when the first bit is set, and reading clears them. */
class StateMasksOfDevices implements KernelRelay {
  readonly name = 'state-masks';
  readonly offersSchib = true;
  readonly offersReports = true;
  readonly held = 0;
  private readonly masks = new Map<RelayedDevice, number>();

  pathEvent(_self: Process, device: RelayedDevice, { event, mask }: PathEvent): Steps {
    const before = this.masks.get(device) ?? 0;
    this.masks.set(device, addEvent(before, event, mask));
    if (before === 0) device.notify();
    return atOnce();
  }

  hasNews(device: RelayedDevice): boolean {
    return this.masks.has(device);
  }

  read(_self: Process, device: RelayedDevice): Steps<number> {
    const word = this.masks.get(device) ?? 0;
    this.masks.delete(device);
    return atOnce(word);
  }

  deviceGone(device: RelayedDevice): void {
    this.masks.delete(device);
  }
}

/**
 * What QEMU makes of the masks: a report when a channel path is not what the guest was told last, so that all devices
 * behind the path together cause one. Paths that the host's administrator varies are none of the guest's business.
 */
class ReportOnChange implements VmmRelay {
  private readonly machine: RelayMachine;
  private readonly told = new Map<Chpid, PathChange>();

  constructor(machine: RelayMachine) {
    this.machine = machine;
  }

  *pathNotified(self: Process, device: PassthroughDevice): Steps {
    const states = statesOf(yield* device.readReport(self));
    // Which of two contradicting bits is the later one is found in the SCHIB.
    if ((states.online & states.offline) !== 0) yield* device.refreshPaths(self);
    const { pam } = device.sch.schib.pmcw;
    for (let index = 0; index < 8; index++) {
      const chpid = device.host.chpids[index];
      const change = decide(states, pathBit(index), pam, this.told.get(chpid));
      if (change === null) continue;
      this.told.set(chpid, change);
      this.machine.report(reportOf(chpid, change));
    }
  }

  storeSubchannel(self: Process, device: PassthroughDevice): Steps {
    return device.refreshPaths(self);
  }

  /** A guest that begins anew finds the paths as they are then. */
  reset(): Steps {
    this.told.clear();
    return atOnce();
  }
}

/** J: the kernel keeps what has happened, not how often, and leaves it to QEMU what the guest is told of it. */
export const stateMasks: Relay = {
  kernel: () => new StateMasksOfDevices(),
  vmm: (machine) => new ReportOnChange(machine),
};
