import type { MachineChannelSubsystem } from '../channel/image.ts';
import { PRIORITY } from '../kernel/priority.ts';
import type { RandomStreams } from '../kernel/random.ts';
import type { Simulation } from '../kernel/simulation.ts';
import { Station } from '../kernel/station.ts';
import type { ServiceProcessor } from '../linux/chp.ts';
import { ChannelMeasurement } from '../linux/cmf.ts';
import { DasdDriver } from '../linux/dasd/dasd-driver.ts';
import { WriteVersions } from '../linux/dasd/write-versions.ts';
import { E, type Errno } from '../linux/errno.ts';
import { kernelFeatures } from '../linux/kernel-features.ts';
import { LinuxSystem } from '../linux/linux-system.ts';
import type { Observer } from '../observe/observer.ts';
import { type BuiltGuest, buildGuest } from './build-guest.ts';
import type { BuiltMachine } from './build-machine.ts';
import { includesDevice } from './devices.ts';
import { OnlineGate } from './online-gate.ts';
import { pathGroupId } from './path-group-id.ts';
import type { ResolvedDevice, ResolvedPartition, ResolvedScenario } from './resolved.ts';

export type BuiltSystem = BuiltPartition | BuiltGuest;

/** A partition of a scenario: its Linux, its DASD driver, and the way by which applications reach each volume. */
export interface BuiltPartition {
  readonly kind: 'partition';
  readonly linux: LinuxSystem;
  readonly css: MachineChannelSubsystem;
  readonly measurement: ChannelMeasurement;
  readonly dasd: DasdDriver;
  /** By device number and subchannel set: `deviceKey`. */
  readonly gates: ReadonlyMap<number, OnlineGate>;
}

export const deviceKey = (device: { readonly ssid: number; readonly deviceNumber: number }): number =>
  device.ssid * 0x10000 + device.deviceNumber;

export function buildSystems(
  scenario: ResolvedScenario,
  sim: Simulation,
  streams: RandomStreams,
  observer: Observer,
  built: BuiltMachine,
): BuiltSystem[] {
  const writeVersions = new WriteVersions();
  return scenario.systems.map((system, number) =>
    system.kind === 'guest'
      ? buildGuest(system, number, { sim, observer, processes: built.processes })
      : buildPartition(system, number, { sim, streams, observer, built, writeVersions }),
  );
}

interface Surroundings {
  readonly sim: Simulation;
  readonly streams: RandomStreams;
  readonly observer: Observer;
  readonly built: BuiltMachine;
  readonly writeVersions: WriteVersions;
}

function buildPartition(system: ResolvedPartition, number: number, around: Surroundings): BuiltPartition {
  const { sim, streams, observer, built, writeVersions } = around;
  const image = built.images[number];
  const priority = PRIORITY.HOST;
  const cpus = new Station(sim, `${system.name}.cpus`, system.cpus, priority);
  const features = kernelFeatures(system.kernel, system.features);
  const { processes } = built;
  const dasd = new DasdDriver({
    sim,
    processes,
    observer,
    system: number,
    priority,
    cpus,
    features,
    costs: system.costs,
    tunables: system.dasdOptions,
    streams,
    writeVersions,
  });
  const linux = new LinuxSystem({
    sim,
    processes,
    css: image,
    observer,
    system: number,
    name: system.name,
    priority,
    cpus,
    kernel: features,
    costs: system.costs,
    subchannelSets: image.options.subchannelSets,
    drivers: [dasd],
    pgid: pathGroupId(number),
    serviceProcessor: serviceProcessorOf(built),
  });
  const gates = new Map(
    built.devices
      .filter((device) => includesDevice(system.dasd, device))
      .map((device) => [deviceKey(device), new OnlineGate()]),
  );
  const online = built.devices.filter((device) => includesDevice(system.online, device));
  linux.boot(() => {
    for (const device of online) setOnlineAtBoot(linux, dasd, device, gates);
  });
  const measurement = new ChannelMeasurement(linux, image.storage, system.cmfFormat);
  return { kind: 'partition', linux, css: image, measurement, dasd, gates };
}

/** Every device goes online in a thread of its own, as when the device manager finds it. */
function setOnlineAtBoot(
  linux: LinuxSystem,
  dasd: DasdDriver,
  { deviceNumber, ssid }: ResolvedDevice,
  gates: ReadonlyMap<number, OnlineGate>,
): void {
  linux.spawn(`online-${deviceNumber.toString(16)}`, function* (self) {
    const rc = yield* linux.setOnline(self, deviceNumber, ssid);
    if (rc === E.OK) gates.get(deviceKey({ deviceNumber, ssid }))?.open(dasd, deviceNumber, ssid);
  });
}

/** The support element as Linux reaches it: which CHPIDs there are, and configuring them. */
function serviceProcessorOf({ machine, path }: BuiltMachine): ServiceProcessor {
  const chpids = machine.channelPaths.map(({ chpid }) => chpid).sort((a, b) => a - b);
  return {
    channelPaths: () => chpids,
    configure(chpid, on): Errno {
      machine.configuration.configureChpid(path(chpid), on);
      return E.OK;
    },
  };
}
