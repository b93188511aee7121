import { upstreamVmmRelay } from '../qemu/event-relay.ts';
import { MachineWideKernelRelay } from './machine-wide-kernel.ts';
import type { Relay } from './relay.ts';

/**
 * L: the kernel keeps reports and signals for the virtual machine, not for its devices: one report and one signal for an
 * event, which outlive any single device. It would need a file that stands for the machine.
 */
export const guestWide: Relay = {
  kernel: () => new MachineWideKernelRelay('guest-wide'),
  vmm: upstreamVmmRelay,
};
