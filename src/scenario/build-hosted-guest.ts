import { assert } from '../kernel/assert.ts';
import { PRIORITY } from '../kernel/priority.ts';
import type { Process, Processes, Steps } from '../kernel/process.ts';
import type { Simulation } from '../kernel/simulation.ts';
import { Station } from '../kernel/station.ts';
import { ChannelMeasurement } from '../linux/cmf.ts';
import { E, type Errno } from '../linux/errno.ts';
import { kernelFeatures } from '../linux/kernel-features.ts';
import { LinuxSystem } from '../linux/linux-system.ts';
import type { VfioCcwDevice } from '../linux/vfio/uapi.ts';
import { VIRTIO_DRIVERS } from '../linux/virtio/drivers.ts';
import { VirtioCcwDriver } from '../linux/virtio/virtio-ccw.ts';
import type { Observer } from '../observe/observer.ts';
import { type CommandLineEntry, hostEntry, virtualEntry } from '../qemu/command-line.ts';
import { HostedChannelSubsystem } from '../qemu/hosted-css.ts';
import { MovableChannelSubsystem } from '../qemu/migration/movable-css.ts';
import { RECORDED_QEMU } from '../qemu/options.ts';
import { startMachine, startNow } from '../qemu/start-machine.ts';
import { VcpuWake } from '../qemu/vcpu-wake.ts';
import type { PassthroughDevice } from '../qemu/vfio-ccw.ts';
import type { Relay } from '../relay/relay.ts';
import type { StoragePlace } from '../zarch/storage.ts';
import {
  type BuiltGuest,
  type BuiltVirtualMachine,
  type GuestMobility,
  isOffline,
  virtualDevice,
} from './build-guest.ts';
import type { BuiltHost } from './build-host.ts';
import type { BuiltMachine } from './build-machine.ts';
import { type BuiltPci, buildGuestPci, realizeFunctions, startPci } from './build-pci.ts';
import { buildVolumes, deviceKey, setOnlineAtBoot, type VolumeSurroundings } from './build-volumes.ts';
import { includesDevice } from './devices.ts';
import { policiesOf } from './passthrough-policies.ts';
import { pathGroupId } from './path-group-id.ts';
import { pathPoliciesOf } from './path-policies.ts';
import type { ResolvedDevice, ResolvedGuest, ResolvedHosting, ResolvedStrategy } from './resolved.ts';
import { PASSED_THROUGH } from './schema-guest.ts';

/** What a virtual machine is built into. */
export interface HostSurroundings {
  readonly sim: Simulation;
  readonly processes: Processes;
  readonly observer: Observer;
  readonly built: BuiltMachine;
  readonly host: BuiltHost;
  readonly relay: Relay;
  readonly strategy: ResolvedStrategy;
}

type Surroundings = HostSurroundings &
  VolumeSurroundings & {
    /** The hosts that it is going to be migrated to, by their position; null: it stays. */
    readonly hostAt: ((position: number) => BuiltHost) | null;
  };

/** A guest with a QEMU on a host; both start when the host has booted and has bound the guest's devices to vfio-ccw. */
export function buildHostedGuest(
  guest: ResolvedGuest,
  hosting: ResolvedHosting,
  number: number,
  around: Surroundings,
): BuiltGuest {
  const { sim, processes, observer, built, host } = around;
  const { name, costs } = guest;
  const priority = PRIORITY.GUEST;
  const cpus = new Station(sim, `${name}.cpus`, guest.cpus, priority);
  const machine = buildVirtualMachine(guest, hosting, number, around);
  const { vm } = machine;
  const mobility = around.hostAt === null ? null : hostedMobility(machine, number, around, around.hostAt);
  const features = kernelFeatures(guest.kernel, guest.features);
  const { dasdOptions } = hosting;
  const owned = [...hosting.passthrough, ...hosting.plugged];
  const volumes = buildVolumes(
    built.devices.filter((device) => includesDevice(owned, device)),
    { system: number, priority, cpus, features, costs, dasdOptions },
    around,
  );
  for (const { device, of } of machine.devices) {
    volumes.numbers.give(of, { ssid: device.sch.ssid, deviceNumber: device.sch.deviceNumber });
  }
  const drivers = guest.drivers.map((driver) => VIRTIO_DRIVERS[driver]);
  const virtio = new VirtioCcwDriver({ sim, features, processors: guest.cpus, drivers });
  const linux = new LinuxSystem({
    sim,
    processes,
    css: mobility?.channels ?? vm,
    observer,
    system: number,
    name,
    priority,
    cpus,
    kernel: features,
    costs,
    subchannelSets: guest.subchannelSets,
    multipleSets: guest.subchannelSets > 1,
    drivers: [volumes.dasd, virtio],
    pgid: pathGroupId(number),
    pathPolicies: pathPoliciesOf(around.strategy),
    autoOnline: (device) => !volumes.dasd.matches(device.cuType, device.devType) && !isOffline(guest, device),
    setInterruptionControls: (mode, isc) => vm.css.setInterruptionControls(mode, isc),
  });
  const { interrupts } = vm;
  interrupts.program = new VcpuWake(sim, name, hosting.costs.vcpuWakeNs, interrupts.program);
  const online = machine.devices
    .map(({ of }) => of)
    .filter((device) => includesDevice(hosting.online, device));
  const pci = buildGuestPci(guest, hosting, linux, vm, host, sim);
  startWithHost(machine, host, pci, () => {
    linux.boot(() => {
      setOnlineAtBoot(linux, volumes, online);
      startPci(pci);
    });
  });
  const measurement = new ChannelMeasurement(linux, vm.css.storage, guest.cmfFormat);
  return { kind: 'guest', linux, css: vm.css, measurement, pci, volumes, machine, mobility };
}

/** A QEMU of the same guest on any host, with the storage that the first one has. */
function hostedMobility(
  { vm: first }: BuiltVirtualMachine,
  number: number,
  around: HostSurroundings,
  hostAt: (position: number) => BuiltHost,
): GuestMobility {
  const { storage } = first;
  return {
    channels: new MovableChannelSubsystem(around.sim, first),
    reports: [],
    incoming(to) {
      assert(to.hosting !== undefined, 'a guest on a host stays on hosts');
      const host = hostAt(to.hosting.host);
      const machine = buildVirtualMachine(
        to,
        to.hosting,
        number,
        { ...around, host },
        { storage, address: 0 },
      );
      const { vm } = machine;
      return {
        css: vm.css,
        channels: vm,
        machine,
        *start(self) {
          let runs = false;
          yield* bindAndStart(self, machine, host, null, () => {
            runs = true;
          });
          yield* vm.loop.perform(self, function* () {});
          return runs;
        },
      };
    },
  };
}

/**
 * Starts a QEMU when its host has booted and has bound the devices, or when an operator does so; `run`: what the guest does
 * then.
 */
export function startWithHost(
  machine: BuiltVirtualMachine,
  host: BuiltHost,
  pci: BuiltPci | null,
  run: () => void,
): void {
  const { power } = machine;
  power.functions = pci;
  if (machine.isManual) power.start = (self) => startByHand(self, machine, host, run);
  else host.onBooted((self) => bindAndStart(self, machine, host, pci, run));
}

function* bindAndStart(
  self: Process,
  machine: BuiltVirtualMachine,
  { paths }: BuiltHost,
  pci: BuiltPci | null,
  run: () => void,
): Steps {
  const { vm, commandLine, unfit, bindUnfit } = machine;
  const hosts = yield* bindAll(self, machine);
  for (const subchannel of unfit) yield* bindUnfit(self, subchannel);
  if (yield* realizeFunctions(self, pci)) startMachine(vm, commandLine, { hosts, paths, run });
}

/** Devices of the command line with what they name in the host, where that is there. */
function* bindAll(
  self: Process,
  { named, bind }: BuiltVirtualMachine,
): Steps<Map<PassthroughDevice, VfioCcwDevice>> {
  const hosts = new Map<PassthroughDevice, VfioCcwDevice>();
  for (const [device, of] of named) {
    const found = yield* bind(self, of);
    if (found !== null) hosts.set(device, found);
  }
  return hosts;
}

/** With the mediated devices that are there now. A QEMU that runs is not started again. */
function* startByHand(
  self: Process,
  machine: BuiltVirtualMachine,
  { paths }: BuiltHost,
  run: () => void,
): Steps<Errno> {
  const { vm, commandLine, power } = machine;
  if (vm.loop.isOver) return E.NODEV;
  if (!vm.css.isOff) return E.BUSY;
  // Functions stay with a QEMU that could not be started.
  if (!(yield* realizeFunctions(self, power.functions))) return E.INVAL;
  power.functions = null;
  const hosts = yield* bindAll(self, machine);
  return (yield* startNow(self, vm, commandLine, { hosts, paths, run })) ? E.OK : E.INVAL;
}

/** QEMU as its command line describes it. `storage`: where the guest's is, when channel programs stand in it. */
export function buildVirtualMachine(
  guest: ResolvedGuest,
  hosting: ResolvedHosting,
  number: number,
  { sim, processes, observer, built, host, relay, strategy }: HostSurroundings,
  storage?: StoragePlace,
): BuiltVirtualMachine {
  const { qemu: release, squashMcss } = guest;
  const vm = new HostedChannelSubsystem({
    name: guest.name,
    system: number,
    observer,
    host: { sim, processes, cpus: host.cpus },
    css: { ...RECORDED_QEMU, release, squashMcss, accelerator: 'kvm', littleEndianHost: false },
    costs: hosting.costs,
    relay: relay.vmm,
    policies: policiesOf(strategy),
    ...(storage && { storage }),
  });
  const fit = new Map(
    built.devices
      .filter((device) => includesDevice(hosting.passthrough, device))
      .map((device) => [deviceKey(device), device]),
  );
  vm.css.isOff = true;
  const named = new Map<PassthroughDevice, ResolvedDevice>();
  const commandLine = guest.devices.map((device): CommandLineEntry => {
    const { wanted } = device;
    if (device.type !== PASSED_THROUGH) return virtualEntry(vm.css, virtualDevice(device, wanted));
    const entry = hostEntry(vm, vm.addDevice({ forcePrefetch: hosting.forcePrefetch }), wanted);
    const of = fit.get(deviceKey(device.of));
    if (of !== undefined) named.set(entry.device, of);
    return entry;
  });
  const { defaultCssid } = vm.css.devices;
  const half = relay.kernel(host.linux);
  return {
    vm,
    commandLine,
    named,
    devices: [...named]
      .map(([device, of]) => ({ device, of }))
      .filter(({ device }) => device.isAssigned && device.sch.cssid === defaultCssid),
    unfit: built.pathless[hosting.host]
      .filter(({ of }) => includesDevice(hosting.unfit, of))
      .map(({ subchannel }) => subchannel),
    host: hosting.host,
    forcePrefetch: hosting.forcePrefetch,
    paths: host.paths,
    power: { start: null, functions: null },
    isManual: hosting.isManual,
    bind: (self, device) =>
      hosting.isManual ? host.mediated(self, device, half) : host.passThrough(self, device, half),
    bindUnfit: (self, subchannel) => host.passThroughUnfit(self, subchannel, half),
  };
}
