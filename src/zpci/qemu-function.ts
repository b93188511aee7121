import type { PciFunction } from './pci-function.ts';
import type { OpenFunction } from './vfio-pci.ts';

/** A function of a guest in QEMU (S390PCIBusDevice): what the guest sees, and the host's function behind it. */
export interface QemuFunction {
  readonly fn: PciFunction;
  readonly host: OpenFunction;
  readonly interpreted: boolean;
  /** device_del has asked the guest to give it back; it goes when the guest deconfigures it. */
  unplugRequested: boolean;
}
