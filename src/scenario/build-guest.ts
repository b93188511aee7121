import { type ChannelSubsystem, IO_INSTRUCTIONS } from '../channel/channel-subsystem.ts';
import { assert } from '../kernel/assert.ts';
import { PRIORITY } from '../kernel/priority.ts';
import type { Process, Processes, Steps } from '../kernel/process.ts';
import type { Simulation } from '../kernel/simulation.ts';
import { Station } from '../kernel/station.ts';
import type { CcwDevice } from '../linux/ccw-driver.ts';
import { ChannelMeasurement } from '../linux/cmf.ts';
import type { Errno } from '../linux/errno.ts';
import { kernelFeatures } from '../linux/kernel-features.ts';
import { LinuxSystem } from '../linux/linux-system.ts';
import type { VfioCcwDevice } from '../linux/vfio/uapi.ts';
import { VIRTIO_DRIVERS } from '../linux/virtio/drivers.ts';
import { VirtioCcwDriver } from '../linux/virtio/virtio-ccw.ts';
import type { Observer } from '../observe/observer.ts';
import {
  type CommandLineEntry,
  entryRefusal,
  optionRefusal,
  virtualEntry,
  warnsOfOption,
} from '../qemu/command-line.ts';
import type { BusId } from '../qemu/device-configuration.ts';
import type { HostedChannelSubsystem } from '../qemu/hosted-css.ts';
import type { DeviceSpecification } from '../qemu/hot-plug.ts';
import { MovableChannelSubsystem } from '../qemu/migration/movable-css.ts';
import { RECORDED_QEMU } from '../qemu/options.ts';
import type { Refusal } from '../qemu/refusals.ts';
import type { PassthroughDevice } from '../qemu/vfio-ccw.ts';
import type { HostPaths } from '../qemu/vfio-realize.ts';
import { VirtualChannelSubsystem } from '../qemu/virtual-css.ts';
import { type SubchannelId, ssidOf } from '../zarch/ids.ts';
import type { StoragePlace } from '../zarch/storage.ts';
import type { BuiltPci } from './build-pci.ts';
import type { BuiltVolumes } from './build-volumes.ts';
import { includesDevice } from './devices.ts';
import type { MigrationReport } from './migration-report.ts';
import { pathGroupId } from './path-group-id.ts';
import type { ResolvedDevice, ResolvedGuest, ResolvedVirtualDevice } from './resolved.ts';
import { PASSED_THROUGH } from './schema-guest.ts';

/** A guest of a scenario: its Linux and the channel subsystem that QEMU makes for it. */
export interface BuiltGuest {
  readonly kind: 'guest';
  readonly linux: LinuxSystem;
  readonly measurement: ChannelMeasurement;
  /** Null where it has no PCI functions. */
  readonly pci: BuiltPci | null;
  /** Its DASD; null where all its devices are virtual. */
  readonly volumes: BuiltVolumes | null;
  /** The QEMU that it runs on now: its channel subsystem, and its process; null where no host is modelled. */
  css: VirtualChannelSubsystem;
  machine: BuiltVirtualMachine | null;
  readonly mobility: GuestMobility | null;
}

/** What a guest that is going to be migrated is built with besides. */
export interface GuestMobility {
  /** Between its Linux and its QEMU. */
  readonly channels: MovableChannelSubsystem;
  /** Starts another QEMU for it, which has its storage. */
  incoming(to: ResolvedGuest): IncomingQemu;
  /** What became of its migrations so far. */
  readonly reports: MigrationReport[];
}

/** A QEMU that waits for a guest (-incoming). */
export interface IncomingQemu {
  readonly css: VirtualChannelSubsystem;
  /** What the guest's instructions go to when it runs there. */
  readonly channels: ChannelSubsystem;
  readonly machine: BuiltVirtualMachine | null;
  /** Realizes its devices; false: it has ended, and events say why. */
  start(self: Process): Steps<boolean> | boolean;
}

/** A guest's QEMU on a host. */
export interface BuiltVirtualMachine {
  readonly vm: HostedChannelSubsystem;
  readonly commandLine: readonly CommandLineEntry[];
  /** Devices of the host that the command line names, with their devices of the scenario. */
  readonly named: ReadonlyMap<PassthroughDevice, ResolvedDevice>;
  /** Those that the guest sees. */
  readonly devices: readonly { readonly device: PassthroughDevice; readonly of: ResolvedDevice }[];
  /** Subchannels of the host that are to be passed through as well, which vfio-ccw refuses. */
  readonly unfit: readonly SubchannelId[];
  /** Position of the host among the systems. */
  readonly host: number;
  /** Its devices are set up, and it is started, by actions. */
  readonly isManual: boolean;
  /** How an operator starts it: 0, −EINVAL where that was the end of it, −EBUSY while it runs, −ENODEV once it was killed. Null: it starts with its host. */
  readonly power: {
    start: ((self: Process) => Steps<Errno>) | null;
    functions: BuiltPci | null;
  };
  /** Property of its devices. */
  readonly forcePrefetch: boolean;
  readonly paths: HostPaths;
  /** Has the host make a device one that QEMU can open; null: it cannot. */
  bind(self: Process, device: Pick<ResolvedDevice, 'ssid' | 'deviceNumber'>): Steps<VfioCcwDevice | null>;
  /** Has the host try the same with a subchannel by its number. */
  bindUnfit(self: Process, subchannel: SubchannelId): Steps;
}

export function buildGuest(
  guest: ResolvedGuest,
  number: number,
  around: { sim: Simulation; observer: Observer; processes: Processes; moves: boolean },
): BuiltGuest {
  const { sim, observer, processes, moves } = around;
  const priority = PRIORITY.GUEST;
  const cpus = new Station(sim, `${guest.name}.cpus`, guest.cpus, priority);
  const css = buildChannelSubsystem(guest, number, observer);
  const mobility = moves ? emulatedMobility(sim, css, number, observer) : null;
  const remark = startVirtual(css, guest);
  const features = kernelFeatures(guest.kernel, guest.features);
  const drivers = guest.drivers.map((name) => VIRTIO_DRIVERS[name]);
  const virtio = new VirtioCcwDriver({ sim, features, processors: guest.cpus, drivers });
  const linux = new LinuxSystem({
    sim,
    processes,
    css: mobility?.channels ?? css,
    observer,
    system: number,
    name: guest.name,
    priority,
    cpus,
    kernel: features,
    costs: guest.costs,
    subchannelSets: guest.subchannelSets,
    multipleSets: guest.subchannelSets > 1,
    drivers: [virtio],
    pgid: pathGroupId(number),
    autoOnline: (device) => !isOffline(guest, device),
    setInterruptionControls: (mode, isc) => css.setInterruptionControls(mode, isc),
  });
  css.isOff = remark !== null && remark.refusal !== null;
  if (remark !== null) {
    const { refusal, wanted } = remark;
    linux.spawn('qemu', function* (self) {
      if (refusal === null) css.trace.deprecated();
      else css.trace.refused(refusal, wanted);
      yield* self.settle();
    });
  }
  if (!css.isOff) linux.boot();
  const measurement = new ChannelMeasurement(linux, css.storage, guest.cmfFormat);
  return { kind: 'guest', linux, css, measurement, pci: null, volumes: null, machine: null, mobility };
}

function emulatedMobility(
  sim: Simulation,
  first: VirtualChannelSubsystem,
  system: number,
  observer: Observer,
): GuestMobility {
  const { storage } = first;
  return {
    channels: new MovableChannelSubsystem(sim, first),
    reports: [],
    incoming(to) {
      const css = buildChannelSubsystem(to, system, observer, { storage, address: 0 });
      return {
        css,
        channels: css,
        machine: null,
        start: () => (startVirtual(css, to)?.refusal ?? null) === null,
      };
    },
  };
}

/** Every instruction leaves the guest and costs the same: what QEMU does meanwhile is not told apart. */
function buildChannelSubsystem(
  guest: ResolvedGuest,
  system: number,
  observer: Observer,
  storage?: StoragePlace,
): VirtualChannelSubsystem {
  const instructionCostNs = Object.fromEntries(IO_INSTRUCTIONS.map((name) => [name, guest.exitNs]));
  const { qemu: release, accelerator, squashMcss } = guest;
  const options = { ...RECORDED_QEMU, release, accelerator, squashMcss, instructionCostNs };
  return new VirtualChannelSubsystem(options, observer, system, storage);
}

/**
 * Starts a QEMU all of whose devices are virtual, which takes no time; what it then has to say, once there is somebody to
 * hear it. Null where it has nothing to say but that the guest runs.
 */
function startVirtual(css: VirtualChannelSubsystem, { devices }: ResolvedGuest): Remark | null {
  const refusal = optionRefusal(css);
  if (refusal !== null) return { refusal, wanted: null };
  for (const device of devices) {
    assert(device.type !== PASSED_THROUGH, 'devices are passed through by a host');
    const problem = entryRefusal(css, virtualEntry(css, virtualDevice(device, device.wanted)));
    if (problem !== null) return { refusal: problem, wanted: device.wanted };
  }
  return warnsOfOption(css) ? { refusal: null, wanted: null } : null;
}

/** A message of QEMU; without a refusal it is a warning. */
interface Remark {
  readonly refusal: Refusal | null;
  readonly wanted: BusId | null;
}

/** What to plug for a virtual device; without a bus id QEMU chooses one. */
export function virtualDevice(
  { type }: Pick<ResolvedVirtualDevice, 'type'>,
  wanted: BusId | null,
): DeviceSpecification {
  const place = wanted === null ? {} : { busId: wanted };
  return type === '3270' ? { ...place, kind: '3270' } : { ...place, kind: 'virtio', model: type };
}

export const isOffline = (guest: ResolvedGuest, { subchannel, deviceNumber }: CcwDevice): boolean =>
  includesDevice(guest.offline, { cssid: 0, ssid: ssidOf(subchannel), deviceNumber });
