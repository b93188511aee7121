import type { RandomStreams } from '../kernel/random.ts';
import type { Simulation } from '../kernel/simulation.ts';
import type { CmfReading } from '../linux/cmf.ts';
import type { RequestOwner } from '../observe/block-request.ts';
import type { ChannelPathMeter } from '../observe/intervals.ts';
import type { Observer } from '../observe/observer.ts';
import type { ObservedSubchannel } from '../observe/path-times.ts';
import type { BuildOptions } from '../scenario/build.ts';
import type { GuestAccount, HostAccount } from '../scenario/final-accounts.ts';
import type { FinalSubchannel } from '../scenario/final-subchannels.ts';
import type { MigrationReport } from '../scenario/migration-report.ts';
import type { PciAccount } from '../scenario/pci-accounts.ts';
import type { ResolvedScenario } from '../scenario/resolved.ts';
import type { SystemState } from '../scenario/system-state.ts';
import type { ReplayReport } from '../workload/replay-workload.ts';
import type { ScriptResult } from './script-verdicts.ts';

/** A simulation that was put together from a scenario and is ready to run: what an experiment needs to know of it. */
export interface BuiltRun {
  readonly sim: Simulation;
  readonly streams: RandomStreams;
  readonly channelPaths: readonly ChannelPathMeter[];
  readonly subchannels: readonly ObservedSubchannel[];
  /** In the order of the scenario: what requests name as their owner. */
  readonly workloads: readonly RequestOwner[];
  /** An instruction script in place of systems. */
  readonly script?: ScriptResult | null;
  /** The order of events that the scenario asks for, and why the run could not take it (empty: it did). */
  readonly order?: { readonly misfit: string } | null;
  /** What the tools of each Linux would show now; missing where no Linux runs. */
  systemStates?(): readonly SystemState[];
  /** State at the end: for the laws of conservation, and what only then can be read. */
  finish(): FinalState;
}

/** What is still under way when a run ends; whatever is not accounted for here has been lost. */
export interface FinalState {
  /** Application requests that a driver holds. */
  readonly requestsInProgress: number;
  /** What channel measurement told, system by system. */
  readonly measurements: readonly CmfReading[];
  /** By channel-subsystem image. */
  readonly images: readonly ImageState[];
  /** By system: reports that its kernel was made to find, and no channel subsystem had; none when left out. */
  readonly reportsInjected?: readonly number[];
  /** KVM hosts, and guests of QEMU. */
  readonly hosts?: readonly HostAccount[];
  readonly guests?: readonly GuestAccount[];
  readonly subchannels?: readonly FinalSubchannel[];
  /** ISM functions, by system. */
  readonly pci?: readonly PciAccount[];
  /** What became of recorded traces. */
  readonly replays?: readonly ReplayReport[];
  /** What became of migrations. */
  readonly migrations?: readonly MigrationReport[];
}

export interface ImageState {
  readonly reportsQueued: number;
  readonly reportsRead: number;
  readonly reportsLost: number;
  readonly reportsPending: number;
}

export type BuildSimulation = (
  scenario: ResolvedScenario,
  observer: Observer,
  options?: BuildOptions,
) => BuiltRun;

/** Builds scenarios that name traces from this folder. */
export const buildIn =
  (build: BuildSimulation, folder: string): BuildSimulation =>
  (scenario, observer, options) =>
    build(scenario, observer, { ...options, folder });
