import type { ChannelPath } from '../channel/channel-path.ts';
import { expandFaults } from '../faults/expand.ts';
import { FaultSchedule } from '../faults/fault-schedule.ts';
import type { EventOrder } from '../kernel/event-window.ts';
import { RandomStreams } from '../kernel/random.ts';
import { Simulation, type SimulationOptions } from '../kernel/simulation.ts';
import type { CmfReading } from '../linux/cmf.ts';
import type { Observer } from '../observe/observer.ts';
import type { ObservedSubchannel } from '../observe/path-times.ts';
import { HostedChannelSubsystem } from '../qemu/hosted-css.ts';
import { VirtualChannelSubsystem } from '../qemu/virtual-css.ts';
import { type ReplayReport, ReplayWorkload } from '../workload/replay-workload.ts';
import { RequestNumbers, type Workload } from '../workload/workload.ts';
import { scheduleActions } from './build-actions.ts';
import { faultTarget } from './build-faults.ts';
import { type BuiltMachine, buildMachine } from './build-machine.ts';
import { buildMaintenance } from './build-maintenance.ts';
import { schedulePciFaults } from './build-pci-story.ts';
import { type BuiltScript, buildProgram } from './build-program.ts';
import { scheduleReserves } from './build-reserve.ts';
import { type BuiltSystem, buildSystems } from './build-systems.ts';
import { buildWorkload } from './build-workload.ts';
import { listedOrder, windowOptions } from './event-order.ts';
import { type GuestAccount, guestAccounts, type HostAccount, hostAccounts } from './final-accounts.ts';
import { type FinalSubchannel, machineSubchannels, virtualSubchannels } from './final-subchannels.ts';
import type { MigrationReport } from './migration-report.ts';
import { observedSubchannels } from './observed-subchannels.ts';
import { type PciAccount, pciAccounts } from './pci-accounts.ts';
import type { ResolvedScenario } from './resolved.ts';
import { type SystemState, systemStates } from './system-state.ts';
import { scenarioTies } from './tie-order.ts';

/** A simulation put together from a scenario and ready to run. */
export interface BuiltSimulation {
  readonly sim: Simulation;
  readonly streams: RandomStreams;
  readonly channelPaths: readonly ChannelPath[];
  readonly subchannels: readonly ObservedSubchannel[];
  readonly workloads: readonly Workload[];
  /** An instruction script in place of systems. */
  readonly script: BuiltScript | null;
  /** The order that the scenario asks for; null: the natural one. */
  readonly order: { readonly misfit: string } | null;
  /** What the tools of each Linux would show now. */
  systemStates(): SystemState[];
  finish(): FinalCounts;
}

interface FinalCounts {
  readonly requestsInProgress: number;
  readonly measurements: readonly CmfReading[];
  readonly images: readonly {
    readonly reportsQueued: number;
    readonly reportsRead: number;
    readonly reportsLost: number;
    readonly reportsPending: number;
  }[];
  readonly reportsInjected: readonly number[];
  readonly hosts: readonly HostAccount[];
  readonly guests: readonly GuestAccount[];
  readonly subchannels: readonly FinalSubchannel[];
  readonly pci: readonly PciAccount[];
  readonly replays: readonly ReplayReport[];
  readonly migrations: readonly MigrationReport[];
}

/** What may be asked for besides the scenario: options of the kernel, and who decides in the window of `explore`. */
export interface BuildOptions extends SimulationOptions {
  readonly order?: EventOrder;
  /** Folder of the scenario's file, from which it names traces; default: the working directory. */
  readonly folder?: string;
}

/**
 * From plain data to a running world: machine, systems, workloads, faults and actions, in this order. Two simulations
 * share nothing, so they can be built and run side by side.
 */
export function buildSimulation(
  scenario: ResolvedScenario,
  observer: Observer,
  options: BuildOptions = {},
): BuiltSimulation {
  const { explore } = scenario;
  const listed = listedOrder(scenario);
  const order = options.order ?? listed;
  const window = explore === undefined || order === null ? {} : windowOptions(explore, order, () => sim);
  const sim: Simulation = new Simulation({ ...scenarioTies(scenario), ...options, ...window });
  const streams = new RandomStreams(scenario.seed);
  const built = buildMachine(scenario, sim, streams, observer);
  const systems = buildSystems(scenario, sim, streams, observer, built);
  const script =
    scenario.program === undefined ? null : buildProgram(scenario, built, systems, sim, observer);
  const numbers = new RequestNumbers();
  const workloads = scenario.workloads.map((workload) =>
    buildWorkload(workload, systems, built.devices, options.folder ?? '', { sim, streams, numbers }),
  );
  for (const workload of workloads) workload.start();
  for (const workload of scenario.workloads) scheduleReserves(workload, systems, { sim, streams });
  const target = faultTarget(built, systems, streams, (system) => stopWorkloads(scenario, workloads, system));
  new FaultSchedule(sim, expandFaults(scenario.faults, streams), target, observer).start();
  scheduleActions(scenario.actions, sim, observer, systems);
  buildMaintenance(scenario, built, sim, observer);
  schedulePciFaults(scenario.pciFaults, built.pci, sim);
  return {
    sim,
    streams,
    channelPaths: built.machine.channelPaths,
    subchannels: observedSubchannels(built, systems),
    workloads,
    script,
    order: listed,
    systemStates: () => systemStates(built, systems),
    finish: () => ({
      ...finalCounts(built, systems, script),
      replays: replayReports(workloads),
      migrations: systems.flatMap((system) =>
        system.kind === 'guest' ? (system.mobility?.reports ?? []) : [],
      ),
    }),
  };
}

/** Applications end with the system that they run on. */
function stopWorkloads(scenario: ResolvedScenario, workloads: readonly Workload[], system: number): void {
  for (const [at, workload] of workloads.entries()) {
    if (scenario.workloads[at].system === system) workload.stop();
  }
}

const replayReports = (workloads: readonly Workload[]): ReplayReport[] =>
  workloads.flatMap((workload) => (workload instanceof ReplayWorkload ? [workload.report()] : []));

function finalCounts(
  built: BuiltMachine,
  systems: readonly BuiltSystem[],
  script: BuiltScript | null,
): Omit<FinalCounts, 'replays' | 'migrations'> {
  let requestsInProgress = 0;
  for (const { volumes } of systems) {
    if (volumes === null) continue;
    for (const { block } of volumes.dasd.devices) requestsInProgress += block?.length ?? 0;
  }
  return {
    requestsInProgress,
    measurements: systems.flatMap((system) =>
      system.kind === 'zvm-host' ? [] : system.measurement.readingsAtEnd(),
    ),
    images: built.images.map(({ reports }) => ({
      reportsQueued: reports.queued,
      reportsRead: reports.read,
      reportsLost: reports.lost,
      reportsPending: reports.pending,
    })),
    reportsInjected: systems.map((system) =>
      system.kind === 'zvm-host' ? 0 : system.linux.io.injectedFetched,
    ),
    hosts: hostAccounts(systems),
    guests: guestAccounts(systems),
    pci: pciAccounts(systems),
    subchannels: [
      ...machineSubchannels(built.machine.subchannels),
      ...virtualSystems(systems, script).flatMap(([system, css]) => virtualSubchannels(system, css)),
    ],
  };
}

/** What QEMU has of a guest's channel subsystem itself. */
const emulatedPart = (css: BuiltScript['css']): BuiltScript['css'] =>
  css instanceof HostedChannelSubsystem ? css.css : css;

/** Channel subsystems that QEMU makes, with the numbers of their systems. */
function virtualSystems(
  systems: readonly BuiltSystem[],
  script: BuiltScript | null,
): [number, VirtualChannelSubsystem][] {
  const all = [...systems.map(({ css }) => css), ...(script === null ? [] : [emulatedPart(script.css)])];
  return all.flatMap((css, system) => (css instanceof VirtualChannelSubsystem ? [[system, css]] : []));
}
