import type { MachineChannelSubsystem } from '../channel/image.ts';
import { PRIORITY } from '../kernel/priority.ts';
import { Station } from '../kernel/station.ts';
import { ChannelMeasurement } from '../linux/cmf.ts';
import { kernelFeatures } from '../linux/kernel-features.ts';
import { LinuxSystem } from '../linux/linux-system.ts';
import type { SubchannelId } from '../zarch/ids.ts';
import { Storage } from '../zarch/storage.ts';
import { ControlProgram } from '../zvm/control-program.ts';
import { GuestChannelSubsystem } from '../zvm/guest-css.ts';
import type { BuiltMachine } from './build-machine.ts';
import {
  type BuiltVolumes,
  buildVolumes,
  setOnlineAtBoot,
  type VolumeSurroundings,
} from './build-volumes.ts';
import { includesDevice } from './devices.ts';
import { pathGroupId } from './path-group-id.ts';
import { pathPoliciesOf } from './path-policies.ts';
import type { ResolvedDedication, ResolvedDevice, ResolvedGuest, ResolvedHypervisor } from './resolved.ts';

/** z/VM of a scenario: CP on an image of the machine. */
export interface BuiltHypervisor {
  readonly kind: 'zvm-host';
  readonly cp: ControlProgram;
  readonly css: MachineChannelSubsystem;
  readonly volumes: null;
  /** Starts the guests when CP is ready. */
  readonly guests: (() => void)[];
}

/** Linux as a guest of z/VM. */
export interface BuiltDedicatedGuest {
  readonly kind: 'zvm-guest';
  readonly linux: LinuxSystem;
  readonly css: GuestChannelSubsystem;
  readonly measurement: ChannelMeasurement;
  readonly volumes: BuiltVolumes;
  /** Its devices, with their devices of the scenario. */
  readonly devices: readonly { readonly subchannel: SubchannelId; readonly of: ResolvedDevice }[];
  /** Position of z/VM among the systems. */
  readonly host: number;
}

interface Surroundings extends VolumeSurroundings {
  readonly built: BuiltMachine;
}

export function buildHypervisor(
  system: ResolvedHypervisor,
  number: number,
  { sim, processes, observer, built }: Surroundings,
): BuiltHypervisor {
  const { name } = system;
  const image = built.images[number];
  const priority = PRIORITY.HOST;
  const cpus = new Station(sim, `${name}.cpus`, system.cpus, priority);
  const pgid = pathGroupId(number);
  const around = { sim, processes, image, observer, system: number, name, priority, cpus, pgid };
  const cp = new ControlProgram(system.controlProgram, around);
  const guests: (() => void)[] = [];
  cp.boot(() => {
    for (const start of guests) start();
  });
  return { kind: 'zvm-host', cp, css: image, volumes: null, guests };
}

/** A guest begins when CP has found its devices. */
export function buildDedicatedGuest(
  guest: ResolvedGuest,
  dedication: ResolvedDedication,
  number: number,
  { cp, guests }: BuiltHypervisor,
  around: Surroundings,
): BuiltDedicatedGuest {
  const { sim, processes, observer, built } = around;
  const { name, costs } = guest;
  const priority = PRIORITY.GUEST;
  const cpus = new Station(sim, `${name}.cpus`, guest.cpus, priority);
  const features = kernelFeatures(guest.kernel, guest.features);
  const css = new GuestChannelSubsystem(cp, observer, number);
  const own = built.devices.filter((device) => includesDevice(dedication.passthrough, device));
  const devices = own.map((of) => ({ subchannel: css.dedicate(of.ssid, of.deviceNumber).id, of }));
  const { dasdOptions } = dedication;
  const owner = { system: number, priority, cpus, features, costs, dasdOptions };
  const volumes = buildVolumes(own, owner, around);
  const linux = new LinuxSystem({
    sim,
    processes,
    css,
    observer,
    system: number,
    name,
    priority,
    cpus,
    kernel: features,
    costs,
    subchannelSets: guest.subchannelSets,
    drivers: [volumes.dasd],
    pgid: pathGroupId(number),
    pathPolicies: pathPoliciesOf(around.strategy),
  });
  const online = own.filter((device) => includesDevice(dedication.online, device));
  guests.push(() => {
    linux.boot(() => setOnlineAtBoot(linux, volumes, online));
  });
  const measurement = new ChannelMeasurement(linux, new Storage(GUEST_STORAGE_BYTES), guest.cmfFormat);
  const { host } = dedication;
  return { kind: 'zvm-guest', linux, css, measurement, volumes, devices, host };
}

/** Pages exist when they are stored into. */
const GUEST_STORAGE_BYTES = 0x80000000;
