import type { MachineOptions, ReportProfile } from '../channel/machine-model.ts';
import type { PathGeneration } from '../channel/path-generations.ts';
import type { ServiceTime } from '../dasd/service-time.ts';
import type { Fault, FaultLink } from '../faults/fault.ts';
import type { SimTime } from '../kernel/time.ts';
import type { PathGrouping } from '../linux/dasd/path-grouping.ts';
import type { EventName } from '../observe/event-table.ts';
import type { PathPolicySpecification } from '../pathing/recovery-specification.ts';
import type { SelectionSpecification } from '../pathing/specification.ts';
import type { Program } from '../program/step.ts';
import type { RelaySpecification } from '../relay/specification.ts';
import type { TraceOptions } from '../workload/traces/trace-reader.ts';
import type { Chpid } from '../zarch/ids.ts';
import type { WayVerdict } from '../zpci/verdict.ts';
import type { PassthroughPolicies } from './passthrough-policies.ts';
import type { ResolvedDcm, ResolvedMaintenance } from './resolve-maintenance.ts';
import type { ResolvedPciFault } from './resolve-pci-story.ts';
import type { ResolvedAction } from './resolved-actions.ts';
import type { ResolvedControlUnit, ResolvedDasdRange } from './resolved-control-units.ts';
import type { ResolvedMachinePci } from './resolved-pci.ts';
import type { ResolvedSubchannelRange } from './resolved-subchannels.ts';
import type { ResolvedSystem } from './resolved-systems.ts';
import type { ResolvedWorkload } from './resolved-workload.ts';
import type { OutcomePart } from './schema-explore.ts';
import type { ScriptMachine } from './schema-program.ts';

export type * from './resolved-actions.ts';
export type * from './resolved-control-units.ts';
export type * from './resolved-pci.ts';
export type * from './resolved-subchannels.ts';
export type * from './resolved-systems.ts';
export type * from './resolved-workload.ts';

/**
 * One run, completely decided: what a scenario file becomes when its defaults are filled in, its ranges expanded, its
 * names looked up and one strategy and one variant chosen. Plain data, so that it can be written as canonical JSON,
 * hashed and run again from a manifest. Times are integer nanoseconds, CHPIDs are cssid · 256 + chpid, rates are per
 * second, sizes are bytes. Lists are in ascending order of their identifiers unless a comment says otherwise.
 */
export interface ResolvedScenario {
  readonly schemaVersion: 1;
  /** Name of the scenario: its `name`, else the file's name without ending. */
  readonly name: string;
  readonly about: string;
  /**
   * Name of this run within the scenario: strategy, preceded by the variant where there is one (`native.rotation`); only the
   * variant where all runs are those of variants and it has one.
   */
  readonly run: string;
  /** Name of the variant that chose the systems; empty for the scenario's own systems. */
  readonly variant: string;
  readonly strategy: ResolvedStrategy;
  /** Text that seeds every random stream. */
  readonly seed: string;
  readonly durationNs: SimTime;
  /** Measurement starts here; what happens before is simulated but not counted in times and interval figures. */
  readonly warmupNs: SimTime;
  /** `auto`: a pilot run will find the warm-up, which is 0 until then; else how it was found. Absent: the scenario states it. */
  readonly warmup?: 'auto' | DetectedWarmup;
  /** Named spans of time in the order of their start. They may overlap. */
  readonly phases: readonly ResolvedPhase[];
  readonly machine: ResolvedMachine;
  /** An instruction script in place of systems; on `kvm` in place of the Linux of the last of them. */
  readonly program?: ResolvedProgram;
  /** In the order of the scenario: a system's position is its number in events and its host number at control units. */
  readonly systems: readonly ResolvedSystem[];
  readonly workloads: readonly ResolvedWorkload[];
  /** In order of time; equal times in the order of the scenario. */
  readonly faults: readonly ResolvedFault[];
  /** What is done to the machine on purpose, in order of time; absent where there is nothing. */
  readonly maintenance?: readonly ResolvedMaintenance[];
  /** What happens to PCI functions from outside, in order of time; absent where there is nothing. */
  readonly pciFaults?: readonly ResolvedPciFault[];
  /** In order of time; equal times in the order of the scenario. */
  readonly actions: readonly ResolvedAction[];
  readonly expectations: readonly ResolvedExpectation[];
  readonly thresholds: readonly ResolvedThreshold[];
  /** The window in which the order of events is open; missing: they take the natural one. */
  readonly explore?: ResolvedExplore;
  /** Order of events of equal time and priority, when the command line asks for one (`lifo`, `shuffle:1`). */
  readonly ties?: string;
  readonly report: {
    readonly intervalNs: SimTime;
    /** Into how many the measured time is divided for confidence intervals; absent: none are made. */
    readonly batches?: number;
    /** Writes response.hlog. */
    readonly responseLog: boolean;
  };
  readonly trace: {
    readonly level: TraceLevel;
    readonly filter: readonly EventName[];
    readonly formats: readonly TraceFormat[];
  };
}

/** A warm-up that was found by looking at the response times of a pilot run. */
export interface DetectedWarmup {
  readonly rule: 'mser-5';
  /** False: no end was found in the first half of the requests, so that half was left out. */
  readonly settled: boolean;
  /** Requests in a batch: 5, doubled as often as there were too many batches to keep. */
  readonly batch: number;
  /** Requests in whole batches, and those of them that are left out, in the order of their ends. */
  readonly requests: number;
  readonly leftOut: number;
}

/** Where other orders of events are looked for, and the one that a run takes. */
export interface ResolvedExplore {
  /** The window, both ends included. */
  readonly fromNs: SimTime;
  readonly toNs: SimTime;
  /** Patterns of kinds of events and of processes that may leave their place. */
  readonly events: readonly string[];
  /** Patterns of those among them that stay. */
  readonly fixed: readonly string[];
  /** At the end nothing may be under way, and masks must equal the truth. */
  readonly settled: boolean;
  readonly outcome: readonly OutcomePart[];
  /** Most orders that are run. */
  readonly limit: number;
  /** Ascending by event; what is not listed takes its turn. */
  readonly order: readonly Move[];
}

/** Event number `event` of the window, counted from 1, is not the next one but that `rank` places behind it. */
export interface Move {
  readonly event: number;
  readonly rank: number;
}

/** A bare-metal program and what it runs on; steps are decided down to the bytes they store. */
export interface ResolvedProgram extends Program {
  readonly machine: ScriptMachine;
  /** Kind of its devices, and how many are there when it begins. */
  readonly device: string;
  readonly devices: number;
}

export type TraceLevel = 'none' | 'events' | 'all';

/** Tables, Linux' tracepoints as text, QEMU's log. */
export const TRACE_FORMATS = ['csv', 'ftrace', 'qemu', 'perfetto'] as const;
export type TraceFormat = (typeof TRACE_FORMATS)[number];
/** Formats of which every system has a text of its own. */
export type TextFormat = Exclude<TraceFormat, 'csv' | 'perfetto'>;

export interface ResolvedStrategy {
  readonly name: string;
  /** Case of the scenario that it belongs to; absent where the scenario names none. */
  readonly case?: string;
  /** Path-selection policy of the channel subsystem. */
  readonly selection: SelectionSpecification;
  /** How Linux groups the paths of its DASD; absent: in multipath mode. */
  readonly grouping?: PathGrouping;
  /** How guests are told of channel-path events; absent where no guest has devices of a host. */
  readonly relay?: RelaySpecification;
  /** What systems do about paths that go, come and fail; absent: what Linux does. */
  readonly paths?: PathPolicySpecification;
  /** Absent like the relay. */
  readonly passthrough?: PassthroughPolicies;
}

/** From `fromNs` up to but not including `toNs`. */
export interface ResolvedPhase {
  readonly name: string;
  readonly fromNs: SimTime;
  readonly toNs: SimTime;
}

/** Devices with consecutive device numbers in one subchannel set. */
export interface DeviceRange {
  readonly cssid: number;
  readonly ssid: number;
  readonly first: number;
  readonly last: number;
}

/** A time that is drawn by inversion from one uniform number, rounded to whole nanoseconds. */
export type ResolvedDistribution = ServiceTime;

export interface ResolvedMachine {
  /** Name of the report profile; `options.reports` is the profile with the scenario's own choices applied. */
  readonly model: string;
  readonly options: MachineOptions & { readonly reports: ReportProfile };
  readonly channelPaths: readonly ResolvedChannelPath[];
  /** In the order of the scenario; devices name their control unit by its position here. */
  readonly controlUnits: readonly ResolvedControlUnit[];
  /** What links go through, in the order of the scenario. */
  readonly directors: readonly ResolvedOnTheWay[];
  readonly cables: readonly ResolvedOnTheWay[];
  /** One entry per run of device numbers on one control unit; `devicesOf` lists the single devices. */
  readonly dasd: readonly ResolvedDasdRange[];
  /** Subchannels without I/O: each image has all of them, behind those of its DASD. */
  readonly subchannels: readonly ResolvedSubchannelRange[];
  /** Absent where there are no PCI functions. */
  readonly pci?: ResolvedMachinePci;
  /** Absent where no channel path is managed. */
  readonly dcm?: ResolvedDcm;
}

export interface ResolvedChannelPath {
  readonly chpid: Chpid;
  /** Generation by name (`ficon-express16s+`). */
  readonly type: string;
  /** The generation's parameters with the scenario's own choices applied. */
  readonly generation: PathGeneration;
  /** Time that a start occupies the channel processor, in place of the generation's cost; null: the generation's. */
  readonly occupancy: ResolvedDistribution | null;
  /** One way, fibre and switch together. */
  readonly propagationNs: SimTime;
  /** Not in the configuration in the beginning. */
  readonly standBy?: true;
}

/** A director, or a cable, with the links that go through it. */
export interface ResolvedOnTheWay {
  readonly name: string;
  readonly links: readonly FaultLink[];
}

/** A trace, and how it is replayed. */
export interface ResolvedReplay extends TraceOptions {
  /** As the scenario names it, from its own folder. */
  readonly file: string;
  /** Digest of the file: other bytes would be another run. */
  readonly sha256: string;
  readonly rows: number;
  /** In the order in which the trace names them. */
  readonly devices: readonly ResolvedReplayDevice[];
  readonly fit: 'wrap' | 'scale';
  readonly startNs: SimTime;
  /** Nanoseconds of the trace in one of the simulation. */
  readonly speed: number;
  /** Requests that may be outstanding. */
  readonly outstanding: number;
}

export interface ResolvedReplayDevice {
  readonly name: string;
  /** Blocks up to the end of the furthest request. */
  readonly blocks: number;
  /** Where its blocks lie, one volume behind the other; empty: its requests are left out. */
  readonly volumes: readonly DeviceRange[];
}

/** In absolute times; control units and systems by their position. */
export type ResolvedFault = Fault;

/** Only records and counts with these labels are looked at; identifiers as they are printed in the output files. */
export type Labels = Readonly<Record<string, string>>;

export type ResolvedExpectation = { readonly text: string } & (
  | {
      /** An event that must happen at least once in the span. */
      readonly kind: 'event';
      readonly event: EventName;
      readonly fromNs: SimTime;
      readonly toNs: SimTime;
      readonly where: Labels;
    }
  | {
      /** An event that must not happen in the span. */
      readonly kind: 'never';
      readonly event: EventName;
      readonly fromNs: SimTime;
      readonly toNs: SimTime;
      readonly where: Labels;
    }
  | {
      /** A line that a QEMU prints because of a migration, or a part of one. */
      readonly kind: 'message';
      readonly message: string;
    }
  | {
      /** What is to be said of the way to each ISM function that fits: of all systems and functions, or of those named. */
      readonly kind: 'verdict';
      readonly verdict: WayVerdict;
      readonly where: Labels;
    }
  | {
      /** A count in one phase (empty: the whole run) lies in a closed interval; `most` null: no upper limit. */
      readonly kind: 'count';
      readonly count: string;
      readonly phase: string;
      readonly where: Labels;
      readonly least: number;
      readonly most: number | null;
    }
);

export type ThresholdOperator = '<' | '<=' | '>' | '>=' | '==' | '!=';

export interface ResolvedThreshold {
  /** As the scenario says it: names the threshold in results. */
  readonly text: string;
  readonly metric: string;
  readonly operator: ThresholdOperator;
  /** In the metric's unit: nanoseconds, a count, a ratio 0 … 1, per second, bytes per second. */
  readonly value: number;
  readonly where: Labels;
  /** Empty: the whole run after the warm-up. */
  readonly phase: string;
  /** Ends the run as soon as it is violated, but not before `afterNs`. */
  readonly abort: boolean;
  readonly afterNs: SimTime;
  /** Samples below which the threshold is undecided. Undecided fails unless this was stated: null. */
  readonly minSamples: number | null;
}
