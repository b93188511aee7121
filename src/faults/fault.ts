import type { ServiceTime } from '../dasd/service-time.ts';
import type { SimTime } from '../kernel/time.ts';
import type { Chpid } from '../zarch/ids.ts';
import type { Lifetime } from './lifetime.ts';
import type { Rhythm } from './rhythm.ts';

/**
 * What goes wrong, and is mended, at the machine: the faults of a scenario with absolute times. Control units and systems
 * are named by their position in the scenario.
 */
export type Fault =
  | ConfigureFault
  | VaryFault
  | LinkFault
  | ErrorRateFault
  | SlowFault
  | ResetFault
  | FlapFault
  | BreakdownFault
  | LoseReportsFault
  | DeviceFault
  | KillFault;

interface TimedFault {
  readonly atNs: SimTime;
  /** Empty when the scenario gives none. */
  readonly name: string;
}

/** Channel paths leave or enter the configuration (at the support element, or because the hardware fails). */
export interface ConfigureFault extends TimedFault {
  readonly kind: 'configure';
  readonly chpids: readonly Chpid[];
  readonly on: boolean;
  /** Probability for each path that the machine does not report it; absent: it does. */
  readonly unreported?: number;
}

/** The administrator of a system varies paths logically. */
export interface VaryFault extends TimedFault {
  readonly kind: 'vary';
  readonly chpids: readonly Chpid[];
  readonly on: boolean;
  readonly system: number;
}

/** The link between a channel path and a control unit. */
export interface FaultLink {
  readonly chpid: Chpid;
  readonly controlUnit: number;
}

/** Links, and the part on the way of all of them that breaks: a cable, a port, a director; empty: each link's own fibre. */
export interface PartOfLinks {
  readonly links: readonly FaultLink[];
  readonly part: string;
}

/** A part on the way of links fails or works again. */
export interface LinkFault extends TimedFault, PartOfLinks {
  readonly kind: 'link';
  readonly on: boolean;
  /** The links go or come one by one, each at its own time within this span; absent: all at one time. */
  readonly spreadNs?: SimTime;
}

/** Links go on to work, but not well, from `atNs` to `untilNs`; with a rhythm only in its losses. */
interface GrayFault extends TimedFault {
  readonly links: readonly FaultLink[];
  /** From `atNs` on it becomes worse for so long, evenly or in so many steps (0: evenly), then stays at its worst. */
  readonly rampNs: SimTime;
  readonly steps: number;
  readonly untilNs: SimTime;
  readonly rhythm?: Rhythm;
}

/** Each start on the links ends with an interface-control check with this probability. */
export interface ErrorRateFault extends GrayFault {
  readonly kind: 'error-rate';
  readonly probability: number;
  /** Probability in the beginning of the ramp. */
  readonly initial: number;
}

/** Frames on the links take longer, or get less of the bandwidth. */
export interface SlowFault extends GrayFault {
  readonly kind: 'slow';
  /** What each frame takes longer, one way. */
  readonly delay?: ServiceTime;
  /** Share of the bandwidth that is left, above 0; absent: all of it. */
  readonly bandwidth?: number;
}

/** A control unit restarts and forgets path groups and reservations. */
export interface ResetFault extends TimedFault {
  readonly kind: 'reset';
  readonly controlUnit: number;
}

/** Channel paths, or a part on the way of links, go and come back in a rhythm. */
export type FlapFault = FlappingPaths | FlappingLinks;

interface Flapping extends TimedFault {
  readonly kind: 'flap';
  readonly rhythm: Rhythm;
  readonly untilNs: SimTime;
}

export interface FlappingPaths extends Flapping {
  readonly what: 'configure';
  readonly chpids: readonly Chpid[];
  /** For each change of each path, as for a path that is configured once. */
  readonly unreported?: number;
}

interface FlappingLinks extends Flapping, PartOfLinks {
  readonly what: 'link';
}

/**
 * Parts of a kind break down, each by itself, and are repaired, from `atNs` to `untilNs`: all work in the beginning, and
 * those that are broken in the end are mended then.
 */
export interface BreakdownFault extends TimedFault {
  readonly kind: 'breakdown';
  readonly parts: readonly MortalPart[];
  readonly life: Lifetime;
  /** Mean time to repair; each repair is exponential. */
  readonly repairNs: SimTime;
  readonly untilNs: SimTime;
}

/** Channel paths by their CHPID, everything else by what breaks with it. The label names its random stream. */
export type MortalPart =
  | { readonly label: string; readonly chpid: Chpid }
  | ({ readonly label: string } & PartOfLinks);

/**
 * Storage for channel reports runs out, from `atNs` to `untilNs`: that of a KVM host's kernel, which keeps them for QEMU,
 * or that of a guest's QEMU.
 */
export interface LoseReportsFault extends TimedFault {
  readonly kind: 'lose-reports';
  readonly system: number;
  /** Probability for each report. */
  readonly probability: number;
  /** Reports that fit into the list of a guest, behind which others are lost and the last one says so; zero: none. */
  readonly limit: number;
  readonly untilNs: SimTime;
}

/** A device of the machine by its number. */
export interface ConfiguredDevice {
  readonly ssid: number;
  readonly deviceNumber: number;
}

/** Devices leave or enter the configuration of the machine, for all systems; their subchannels stay. */
export interface DeviceFault extends TimedFault {
  readonly kind: 'device';
  readonly devices: readonly ConfiguredDevice[];
  readonly attached: boolean;
}

/** The QEMU of a guest is killed. */
export interface KillFault extends TimedFault {
  readonly kind: 'kill';
  readonly system: number;
}
