import type { WAIT } from '../channel/channel-subsystem.ts';
import type { Cpu, Process, Steps, Waiter } from '../kernel/process.ts';
import type { PciOutcome } from '../zarch/pci.ts';
import type { PciAccess } from './access.ts';
import type { PciFunction } from './pci-function.ts';

/** What CLP and SCLP give back. */
export interface ServiceAnswer {
  readonly response: number;
  /** SET PCI FN: the handle from now on. */
  readonly handle: number;
}

/**
 * Who executes a Linux' PCI instructions: the machine's firmware, for partitions and, by interpretation, for guests; or
 * QEMU, which is asked by leaving the guest. The seam between what Linux does about PCI and what is below.
 */
export interface PciProcessor {
  /** Ends at once with the outcome, or WAIT, and the outcome is posted to `waiter` later. */
  issue(cpu: Cpu, access: PciAccess, waiter: Waiter): PciOutcome | typeof WAIT;
  /** CLP LIST PCI and QUERY PCI FN: the functions that this system is shown, standby ones among them. */
  list(self: Process): Steps<readonly PciFunction[]>;
  /** CLP SET PCI FN. */
  setFunction(self: Process, handle: number, operation: number): Steps<ServiceAnswer>;
  /** SCLP configure and deconfigure; the response code. */
  configure(self: Process, functionId: number, on: boolean): Steps<number>;
}
