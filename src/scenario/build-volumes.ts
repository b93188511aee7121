import type { Processes } from '../kernel/process.ts';
import type { RandomStreams } from '../kernel/random.ts';
import type { Simulation } from '../kernel/simulation.ts';
import type { Station } from '../kernel/station.ts';
import { DasdDriver } from '../linux/dasd/dasd-driver.ts';
import type { WriteVersions } from '../linux/dasd/write-versions.ts';
import { E } from '../linux/errno.ts';
import type { KernelFeatures } from '../linux/kernel-features.ts';
import type { LinuxSystem } from '../linux/linux-system.ts';
import type { Observer } from '../observe/observer.ts';
import { OnlineGate } from './online-gate.ts';
import { pathPoliciesOf } from './path-policies.ts';
import type {
  ResolvedDasdOptions,
  ResolvedDevice,
  ResolvedStrategy,
  ResolvedSystemCosts,
} from './resolved.ts';

/** What systems with volumes are built with. */
export interface VolumeSurroundings {
  readonly sim: Simulation;
  readonly processes: Processes;
  readonly streams: RandomStreams;
  readonly observer: Observer;
  readonly writeVersions: WriteVersions;
  readonly strategy: ResolvedStrategy;
}

/** The system that has the volumes. */
interface Owner {
  readonly system: number;
  readonly priority: number;
  readonly cpus: Station;
  readonly features: KernelFeatures;
  readonly costs: ResolvedSystemCosts;
  readonly dasdOptions: ResolvedDasdOptions;
}

/** The volumes of a system: its DASD driver, and the way by which applications reach each of them. */
export interface BuiltVolumes {
  readonly dasd: DasdDriver;
  /** By the device's number in the machine: `deviceKey`. */
  readonly gates: ReadonlyMap<number, OnlineGate>;
  readonly numbers: OwnNumbers;
}

/** The numbers under which a system knows its devices, where they are others than in the machine. */
export class OwnNumbers {
  private readonly machineKeys = new Map<number, number>();
  private readonly own = new Map<number, Numbered>();

  give(device: Numbered, own: Numbered): void {
    this.machineKeys.set(deviceKey(own), deviceKey(device));
    this.own.set(deviceKey(device), own);
  }

  /** Key of the device in the machine. */
  machineKey(own: Numbered): number {
    return this.machineKeys.get(deviceKey(own)) ?? deviceKey(own);
  }

  /** The system's number of a device of the machine. */
  ownOf({ ssid, deviceNumber }: Numbered): Numbered {
    return this.own.get(deviceKey({ ssid, deviceNumber })) ?? { ssid, deviceNumber };
  }
}

/** A device by its number. */
export interface Numbered {
  readonly ssid: number;
  readonly deviceNumber: number;
}

export const deviceKey = (device: Numbered): number => device.ssid * 0x10000 + device.deviceNumber;

export function buildVolumes(
  devices: readonly ResolvedDevice[],
  { dasdOptions, ...owner }: Owner,
  { sim, processes, streams, observer, writeVersions, strategy }: VolumeSurroundings,
): BuiltVolumes {
  const dasd = new DasdDriver({
    sim,
    processes,
    observer,
    streams,
    writeVersions,
    tunables: dasdOptions,
    recovery: pathPoliciesOf(strategy).recovery,
    grouping: strategy.grouping ?? 'multipath',
    ...owner,
  });
  const gates = new Map(devices.map((device) => [deviceKey(device), new OnlineGate()]));
  return { dasd, gates, numbers: new OwnNumbers() };
}

/** Every device goes online in a thread of its own, as when the device manager finds it. */
export function setOnlineAtBoot(
  linux: LinuxSystem,
  volumes: BuiltVolumes,
  devices: readonly ResolvedDevice[],
): void {
  for (const { deviceNumber, ssid } of devices.map((device) => volumes.numbers.ownOf(device))) {
    linux.spawn(`online-${deviceNumber.toString(16)}`, function* (self) {
      const rc = yield* linux.setOnline(self, deviceNumber, ssid);
      if (rc === E.OK) openGate(volumes, { deviceNumber, ssid });
    });
  }
}

/** The system has the device online under this number: its applications can use it. */
export function openGate({ dasd, gates, numbers }: BuiltVolumes, own: Numbered): void {
  gates.get(numbers.machineKey(own))?.open(dasd, own.deviceNumber, own.ssid);
}
