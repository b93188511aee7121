import { IO_INSTRUCTIONS } from '../channel/channel-subsystem.ts';
import { assert } from '../kernel/assert.ts';
import { PRIORITY } from '../kernel/priority.ts';
import type { Process, Processes, Steps } from '../kernel/process.ts';
import type { Simulation } from '../kernel/simulation.ts';
import { Station } from '../kernel/station.ts';
import type { CcwDevice } from '../linux/ccw-driver.ts';
import { ChannelMeasurement } from '../linux/cmf.ts';
import { kernelFeatures } from '../linux/kernel-features.ts';
import { LinuxSystem } from '../linux/linux-system.ts';
import type { VfioCcwDevice } from '../linux/vfio/uapi.ts';
import { VIRTIO_DRIVERS } from '../linux/virtio/drivers.ts';
import { VirtioCcwDriver } from '../linux/virtio/virtio-ccw.ts';
import type { Observer } from '../observe/observer.ts';
import type { PlugError } from '../qemu/device-configuration.ts';
import type { HostedChannelSubsystem } from '../qemu/hosted-css.ts';
import { busId } from '../qemu/hot-plug.ts';
import { RECORDED_QEMU } from '../qemu/options.ts';
import type { VirtualSubchannel } from '../qemu/subchannel.ts';
import type { PassthroughDevice } from '../qemu/vfio-ccw.ts';
import type { PathTypes } from '../qemu/vfio-realize.ts';
import { VirtualChannelSubsystem } from '../qemu/virtual-css.ts';
import { formatBusId, type SubchannelId, ssidOf } from '../zarch/ids.ts';
import type { BuiltVolumes } from './build-volumes.ts';
import { includesDevice } from './devices.ts';
import { pathGroupId } from './path-group-id.ts';
import type { ResolvedDevice, ResolvedGuest, ResolvedVirtualDevice } from './resolved.ts';

/** A guest of a scenario: its Linux and the channel subsystem that QEMU makes for it. */
export interface BuiltGuest {
  readonly kind: 'guest';
  readonly linux: LinuxSystem;
  readonly css: VirtualChannelSubsystem;
  readonly measurement: ChannelMeasurement;
  /** Its DASD, and the QEMU that they are passed through by; null where all its devices are virtual. */
  readonly volumes: BuiltVolumes | null;
  readonly machine: BuiltVirtualMachine | null;
}

/** A guest's QEMU on a host. */
export interface BuiltVirtualMachine {
  readonly vm: HostedChannelSubsystem;
  /** Its passed-through devices, with their devices of the scenario. */
  readonly devices: readonly { readonly device: PassthroughDevice; readonly of: ResolvedDevice }[];
  /** Subchannels of the host that are to be passed through as well, which vfio-ccw refuses. */
  readonly unfit: readonly SubchannelId[];
  /** Position of the host among the systems. */
  readonly host: number;
  /** Property of its devices. */
  readonly forcePrefetch: boolean;
  readonly pathTypes: PathTypes;
  /** Has the host make a device one that QEMU can open; null: it cannot. */
  bind(self: Process, device: Pick<ResolvedDevice, 'ssid' | 'deviceNumber'>): Steps<VfioCcwDevice | null>;
  /** Has the host try the same with a subchannel by its number. */
  bindUnfit(self: Process, subchannel: SubchannelId): Steps;
}

export function buildGuest(
  guest: ResolvedGuest,
  number: number,
  around: { sim: Simulation; observer: Observer; processes: Processes },
): BuiltGuest {
  const { sim, observer, processes } = around;
  const priority = PRIORITY.GUEST;
  const cpus = new Station(sim, `${guest.name}.cpus`, guest.cpus, priority);
  const css = buildChannelSubsystem(guest, number, observer);
  const features = kernelFeatures(guest.kernel, guest.features);
  const drivers = guest.drivers.map((name) => VIRTIO_DRIVERS[name]);
  const virtio = new VirtioCcwDriver({ sim, features, processors: guest.cpus, drivers });
  const linux = new LinuxSystem({
    sim,
    processes,
    css,
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
  linux.boot();
  const measurement = new ChannelMeasurement(linux, css.storage, guest.cmfFormat);
  return { kind: 'guest', linux, css, measurement, volumes: null, machine: null };
}

/** Every instruction leaves the guest and costs the same: what QEMU does meanwhile is not told apart. */
function buildChannelSubsystem(
  guest: ResolvedGuest,
  system: number,
  observer: Observer,
): VirtualChannelSubsystem {
  const instructionCostNs = Object.fromEntries(IO_INSTRUCTIONS.map((name) => [name, guest.exitNs]));
  const { qemu: release, accelerator } = guest;
  const options = { ...RECORDED_QEMU, release, accelerator, instructionCostNs };
  const css = new VirtualChannelSubsystem(options, observer, system);
  plugAtStart(css, guest);
  return css;
}

/** The virtual devices of the command line. */
export function plugAtStart(css: VirtualChannelSubsystem, guest: ResolvedGuest): void {
  for (const device of guest.devices) {
    const problem = plug(css, device, false);
    assert(
      typeof problem !== 'string',
      `device ${formatBusId(0, device.ssid, device.deviceNumber)}: ${problem}`,
    );
  }
}

/** Plugs a device in: at the start, or (`hotplugged`) while the guest runs, which reports tell it. */
export function plug(
  css: VirtualChannelSubsystem,
  { type, ssid, deviceNumber, automatic }: ResolvedVirtualDevice,
  hotplugged: boolean,
): VirtualSubchannel | PlugError {
  const common = automatic ? { hotplugged } : { hotplugged, busId: busId(ssid, deviceNumber) };
  return css.plug(type === '3270' ? { ...common, kind: '3270' } : { ...common, kind: 'virtio', model: type });
}

export const isOffline = (guest: ResolvedGuest, { subchannel, deviceNumber }: CcwDevice): boolean =>
  includesDevice(guest.offline, { cssid: 0, ssid: ssidOf(subchannel), deviceNumber });
