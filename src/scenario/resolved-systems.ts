import type { SimTime } from '../kernel/time.ts';
import type { CmfFormat } from '../linux/cmf.ts';
import type { DasdTunables } from '../linux/dasd/definitions.ts';
import type { KernelFeatures, KernelName } from '../linux/kernel-features.ts';
import type { VfioCosts } from '../linux/vfio/options.ts';
import type { VirtioDriverName } from '../linux/virtio/drivers.ts';
import type { BusId } from '../qemu/device-configuration.ts';
import type { VirtualMachineCosts } from '../qemu/hosted-css.ts';
import type { Accelerator } from '../qemu/options.ts';
import type { QemuRelease } from '../qemu/qemu-features.ts';
import type { Chpid } from '../zarch/ids.ts';
import type { ControlProgramOptions } from '../zvm/options.ts';
import type { DeviceRange } from './resolved.ts';
import type { ResolvedSystemPci } from './resolved-pci.ts';
import type { PASSED_THROUGH } from './schema-guest.ts';

/** A native partition of the machine, or a guest. Partitions, hosts of both kinds among them, come before guests. */
export type ResolvedSystem = ResolvedPartition | ResolvedHost | ResolvedHypervisor | ResolvedGuest;

export interface ResolvedPartition extends ResolvedImage {
  readonly kind: 'partition';
}

/** A partition whose Linux passes devices on to the guests of its QEMUs. */
export interface ResolvedHost extends ResolvedImage {
  readonly kind: 'kvm-host';
  /** Devices that one of its guests has at some time. */
  readonly passedThrough: readonly DeviceRange[];
  readonly vfioCosts: VfioCosts;
}

/** A partition in which z/VM dedicates devices to its guests, and does no I/O of its own. */
export interface ResolvedHypervisor extends ResolvedImage {
  readonly kind: 'zvm-host';
  readonly controlProgram: ControlProgramOptions;
}

/** A system with an image of the machine. */
export interface ResolvedImage {
  readonly name: string;
  /** Kernel feature set by name (`6.16`), and single features switched by the scenario. */
  readonly kernel: KernelName;
  readonly features: Partial<KernelFeatures>;
  readonly cpus: number;
  /** Devices that are in the partition's configuration. */
  readonly dasd: readonly DeviceRange[];
  /** Channel paths that it may use; absent: all of them. */
  readonly chpids?: readonly Chpid[];
  /** Those of them that are set online at boot. */
  readonly online: readonly DeviceRange[];
  readonly cmfFormat: CmfFormat;
  readonly costs: ResolvedSystemCosts;
  readonly dasdOptions: ResolvedDasdOptions;
  /** Absent where it has no PCI functions. */
  readonly pci?: ResolvedSystemPci;
}

/** Linux as the guest of a QEMU, on a KVM host or, where its devices are all virtual, on nothing that is modelled. */
export interface ResolvedGuest {
  readonly kind: 'guest';
  readonly name: string;
  readonly kernel: KernelName;
  readonly features: Partial<KernelFeatures>;
  readonly cpus: number;
  /** Devices of the machine: none. */
  readonly dasd: readonly DeviceRange[];
  /** Virtual devices that are not to be set online by their driver as soon as it has them. */
  readonly offline: readonly DeviceRange[];
  readonly cmfFormat: CmfFormat;
  readonly costs: ResolvedSystemCosts;
  readonly qemu: QemuRelease;
  readonly accelerator: Accelerator;
  /** An I/O instruction: out of the guest, QEMU, and back. Counts where there is no host. */
  readonly exitNs: SimTime;
  /** Machine option s390-squash-mcss; null: it is not on the command line. */
  readonly squashMcss: boolean | null;
  /** Devices at the start, in the order of the command line. */
  readonly devices: readonly ResolvedGuestDevice[];
  /** Every virtual device that the guest ever sees: those at the start, and those that actions plug. */
  readonly everPlugged: readonly DeviceRange[];
  /** Drivers on the virtio bus. */
  readonly drivers: readonly VirtioDriverName[];
  /** Subchannel sets that the kernel enables. */
  readonly subchannelSets: number;
  /** Absent where the QEMU runs on no modelled host. */
  readonly hosting?: ResolvedHosting;
  /** Present under z/VM, where there is no QEMU: keys of one have no meaning then. */
  readonly dedication?: ResolvedDedication;
  /** Absent where it has no PCI functions. */
  readonly pci?: ResolvedSystemPci;
}

/** What a guest has of z/VM. */
export interface ResolvedDedication {
  /** Position of z/VM in `systems`. */
  readonly host: number;
  /** Devices under their own numbers. */
  readonly passthrough: readonly DeviceRange[];
  /** Those of them that are set online at boot. */
  readonly online: readonly DeviceRange[];
  readonly dasdOptions: ResolvedDasdOptions;
}

/** What a guest has of its host. */
export interface ResolvedHosting {
  /** Position of the host in `systems`. */
  readonly host: number;
  /** Actions set up its devices and start it. */
  readonly isManual: boolean;
  /** Devices of the host, under their numbers there. */
  readonly passthrough: readonly DeviceRange[];
  /** Subchannels without I/O that are to be passed through as well, which vfio-ccw refuses. */
  readonly unfit: readonly DeviceRange[];
  /** Those of them that are set online at boot. */
  readonly online: readonly DeviceRange[];
  /** Devices of the host that actions plug. */
  readonly plugged: readonly DeviceRange[];
  /** Numbers that the guest has for all of these devices, if it sees them. */
  readonly known: readonly DeviceRange[];
  /** force-orb-pfch. */
  readonly forcePrefetch: boolean;
  readonly costs: VirtualMachineCosts & {
    /** An interruption is injected → a processor that waits is in the guest again. */
    readonly vcpuWakeNs: SimTime;
  };
  readonly dasdOptions: ResolvedDasdOptions;
}

export type VirtualDeviceType = VirtioDriverName | '3270';

/** A device of QEMU's command line, under the bus id that it comes to. */
export type ResolvedGuestDevice = ResolvedVirtualDevice | ResolvedHostDevice;

interface CommandLineDevice extends BusId {
  /** The bus id on the command line, which squashing may change; null: QEMU chooses it. */
  readonly wanted: BusId | null;
}

export interface ResolvedVirtualDevice extends CommandLineDevice {
  readonly type: VirtualDeviceType;
}

export interface ResolvedHostDevice extends CommandLineDevice {
  readonly type: typeof PASSED_THROUGH;
  /** The device of the host. */
  readonly of: { readonly ssid: number; readonly deviceNumber: number };
}

export interface ResolvedSystemCosts {
  /** I/O interruption taken → its handler has the status. */
  readonly interruptNs: SimTime;
  /** Path length of the block layer and the driver per request. */
  readonly driverPathNs: SimTime;
  /** Machine check pending → its handler. */
  readonly mcckToHandlerNs: SimTime;
  /** Machine-check handler → the channel-report thread runs. */
  readonly handlerToThreadNs: SimTime;
}

/** sysfs attributes of a DASD. */
export type ResolvedDasdOptions = DasdTunables;
