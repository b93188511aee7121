import { UpstreamKernelRelay } from '../linux/vfio/event-relay.ts';
import { upstreamVmmRelay } from '../qemu/event-relay.ts';
import type { Relay } from './relay.ts';

/** D, what Linux 5.8 and QEMU 5.1 do: a report for each device, and a STSCH of the guest is a STSCH of the host. */
export const upstream: Relay = {
  kernel: () => new UpstreamKernelRelay(),
  vmm: upstreamVmmRelay,
};
