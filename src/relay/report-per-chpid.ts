import type { Process, Steps } from '../kernel/process.ts';
import type { PathLink } from '../linux/subchannel.ts';
import {
  type PathEvent,
  pathReport,
  type RelayedDevice,
  UpstreamKernelRelay,
} from '../linux/vfio/event-relay.ts';
import { upstreamVmmRelay } from '../qemu/event-relay.ts';
import type { Relay } from './relay.ts';

/**
 * C: one report for a virtual machine and an event of a channel path, however many of its devices the path leads to. It
 * is kept in the list of the first device that is told, and is lost with it: nothing else belongs to the whole machine.
 */
class ReportPerChpid extends UpstreamKernelRelay {
  override readonly name = 'report-per-chpid';
  private last: PathLink | null = null;

  override *pathEvent(self: Process, device: RelayedDevice, event: PathEvent): Steps {
    // A device that is not open has nobody who reads its list.
    if (event.link === this.last || !device.isOpen) return;
    this.last = event.link;
    const report = pathReport(event);
    if (report !== 0 && !device.hasRoom(report, device.reports.held)) return device.reports.overflowed();
    yield* super.pathEvent(self, device, event);
  }
}

export const reportPerChpid: Relay = {
  kernel: () => new ReportPerChpid(),
  vmm: upstreamVmmRelay,
};
