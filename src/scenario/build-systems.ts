import type { MachineChannelSubsystem } from '../channel/image.ts';
import { assert } from '../kernel/assert.ts';
import { PRIORITY } from '../kernel/priority.ts';
import type { RandomStreams } from '../kernel/random.ts';
import type { Simulation } from '../kernel/simulation.ts';
import { Station } from '../kernel/station.ts';
import type { ServiceProcessor } from '../linux/chp.ts';
import { ChannelMeasurement } from '../linux/cmf.ts';
import { WriteVersions } from '../linux/dasd/write-versions.ts';
import { E, type Errno } from '../linux/errno.ts';
import { kernelFeatures } from '../linux/kernel-features.ts';
import { LinuxSystem } from '../linux/linux-system.ts';
import type { Observer } from '../observe/observer.ts';
import { createRelay } from '../relay/index.ts';
import type { Relay } from '../relay/relay.ts';
import { type SubchannelId, ssidOf } from '../zarch/ids.ts';
import { type BuiltGuest, buildGuest } from './build-guest.ts';
import { BuiltHost } from './build-host.ts';
import { buildHostedGuest } from './build-hosted-guest.ts';
import type { BuiltMachine } from './build-machine.ts';
import { type BuiltPci, buildPartitionPci, startPci } from './build-pci.ts';
import {
  type BuiltVolumes,
  buildVolumes,
  deviceKey,
  setOnlineAtBoot,
  type VolumeSurroundings,
} from './build-volumes.ts';
import {
  type BuiltDedicatedGuest,
  type BuiltHypervisor,
  buildDedicatedGuest,
  buildHypervisor,
} from './build-zvm.ts';
import { includesDevice } from './devices.ts';
import { policiesOf } from './passthrough-policies.ts';
import { pathGroupId } from './path-group-id.ts';
import { pathPoliciesOf } from './path-policies.ts';
import type { ResolvedHost, ResolvedPartition, ResolvedScenario } from './resolved.ts';

export type BuiltSystem = BuiltLinux | BuiltHypervisor;
/** A system in which Linux runs. */
export type BuiltLinux = BuiltPartition | BuiltGuest | BuiltDedicatedGuest;

/** A partition of a scenario, which may be a KVM host. */
export interface BuiltPartition {
  readonly kind: 'partition';
  readonly linux: LinuxSystem;
  readonly css: MachineChannelSubsystem;
  readonly measurement: ChannelMeasurement;
  readonly volumes: BuiltVolumes;
  /** Null where it has no PCI functions. */
  readonly pci: BuiltPci | null;
  /** What guests get their devices from; null in a partition that is no host. */
  readonly host: BuiltHost | null;
}

export function buildSystems(
  scenario: ResolvedScenario,
  sim: Simulation,
  streams: RandomStreams,
  observer: Observer,
  built: BuiltMachine,
): BuiltSystem[] {
  const writeVersions = new WriteVersions();
  const { processes } = built;
  const { strategy } = scenario;
  const relay = createRelay(strategy.relay ?? { kind: 'upstream' });
  const around = { sim, processes, streams, observer, writeVersions, built, strategy, relay };
  const systems: BuiltSystem[] = [];
  // Where a script runs in a guest, that is the last system, and not one with a Linux (build-program.ts).
  const withLinux = scenario.program === undefined ? scenario.systems : scenario.systems.slice(0, -1);
  for (const [number, system] of withLinux.entries()) {
    if (system.kind === 'zvm-host') systems.push(buildHypervisor(system, number, around));
    else if (system.kind !== 'guest') systems.push(buildPartition(system, number, around));
    else if (system.dedication !== undefined) {
      const vm = systems[system.dedication.host];
      assert(vm.kind === 'zvm-host', 'dedicated devices come from z/VM');
      systems.push(buildDedicatedGuest(system, system.dedication, number, vm, around));
    } else {
      const moves = scenario.actions.some((action) => action.kind === 'migrate' && action.system === number);
      if (system.hosting === undefined) {
        systems.push(buildGuest(system, number, { ...around, moves }));
        continue;
      }
      const hostAt = (position: number): BuiltHost => hostOf(systems[position]);
      const host = hostAt(system.hosting.host);
      const hosted = { ...around, host, hostAt: moves ? hostAt : null };
      systems.push(buildHostedGuest(system, system.hosting, number, hosted));
    }
  }
  return systems;
}

function hostOf(system: BuiltSystem): BuiltHost {
  assert(system.kind === 'partition' && system.host !== null, 'a guest is on a KVM host');
  return system.host;
}

interface Surroundings extends VolumeSurroundings {
  readonly built: BuiltMachine;
  readonly relay: Relay;
}

/** Subchannels of a system by the numbers of their devices, and by those that a scenario gives to ones without I/O. */
function subchannelsOf({ images, pathless }: BuiltMachine, number: number): Map<number, SubchannelId> {
  const own = images[number].subchannels.map(({ id, schib }): [number, SubchannelId] => [
    deviceKey({ ssid: ssidOf(id), deviceNumber: schib.pmcw.deviceNumber }),
    id,
  ]);
  const others = pathless[number].map(({ of, subchannel }): [number, SubchannelId] => [
    deviceKey(of),
    subchannel,
  ]);
  return new Map([...own, ...others]);
}

function buildPartition(
  system: ResolvedPartition | ResolvedHost,
  number: number,
  around: Surroundings,
): BuiltPartition {
  const { sim, processes, observer, built, strategy, relay } = around;
  const { grouping = 'multipath' } = strategy;
  const image = built.images[number];
  const priority = PRIORITY.HOST;
  const cpus = new Station(sim, `${system.name}.cpus`, system.cpus, priority);
  const features = kernelFeatures(system.kernel, system.features);
  const { costs, dasdOptions } = system;
  const owner = { system: number, priority, cpus, features, costs, dasdOptions };
  const devices = built.devices.filter((device) => includesDevice(system.dasd, device));
  const volumes = buildVolumes(devices, owner, around);
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
    costs,
    subchannelSets: image.options.subchannelSets,
    drivers: [volumes.dasd],
    pgid: pathGroupId(number),
    serviceProcessor: serviceProcessorOf(built),
    pathPolicies: pathPoliciesOf(strategy),
  });
  const host =
    system.kind === 'kvm-host'
      ? new BuiltHost(
          {
            linux,
            cpus,
            storage: image.storage,
            subchannels: subchannelsOf(built, number),
            newRelay: () => relay.kernel(linux),
          },
          system.vfioCosts,
          policiesOf(strategy),
          grouping,
        )
      : null;
  const pci = buildPartitionPci(system.pci, linux, built.pci);
  if (host !== null) host.pci = pci;
  const online = devices.filter((device) => includesDevice(system.online, device));
  linux.boot(() => {
    setOnlineAtBoot(linux, volumes, online);
    startPci(pci);
    host?.booted();
  });
  const measurement = new ChannelMeasurement(linux, image.storage, system.cmfFormat);
  return { kind: 'partition', linux, css: image, measurement, volumes, pci, host };
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
