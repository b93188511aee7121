import type { Process, Steps } from '../kernel/process.ts';
import { type PathEvent, pathReport, type RelayedDevice } from '../linux/vfio/event-relay.ts';
import { atOnce } from './at-once.ts';
import type { Relay } from './relay.ts';
import { SilentKernelRelay } from './silent-kernel.ts';

/** An eventfd for each device says that its paths have changed; the SCHIB says how, and no report is kept. */
class PathSignal extends SilentKernelRelay {
  override readonly offersReports = true;
  private readonly changed = new Set<RelayedDevice>();

  constructor() {
    super('per-subchannel', true);
  }

  override pathEvent(_self: Process, device: RelayedDevice, event: PathEvent): Steps {
    if (pathReport(event) !== 0) {
      this.changed.add(device);
      device.notify();
    }
    return atOnce();
  }

  /** Nothing is read from the region, so that to have told it is to be rid of it. */
  override hasNews(device: RelayedDevice): boolean {
    return this.changed.delete(device);
  }

  override deviceGone(device: RelayedDevice): void {
    this.changed.delete(device);
  }
}

/**
 * A, as proposed in January 2018: QEMU is told of each device's path event and reads its SCHIB. The guest is not told: it
 * finds the new paths when it next looks.
 */
export const perSubchannel: Relay = {
  kernel: () => new PathSignal(),
  vmm: () => ({
    pathNotified: (self, device) => device.refreshPaths(self),
  }),
};
