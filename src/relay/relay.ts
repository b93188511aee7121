import type { LinuxSystem } from '../linux/linux-system.ts';
import type { KernelRelay } from '../linux/vfio/event-relay.ts';
import type { VmmRelayFactory } from '../qemu/event-relay.ts';

/** Makes the kernel half of the relay of one virtual machine in the Linux of its host. */
export type KernelRelayFactory = (host: LinuxSystem) => KernelRelay;

/**
 * A notification strategy: what the host's kernel keeps and signals when a channel path changes, and what QEMU does with
 * it. Both halves are made anew for each virtual machine; an old half can be paired with a new one.
 */
export interface Relay {
  readonly kernel: KernelRelayFactory;
  readonly vmm: VmmRelayFactory;
}
