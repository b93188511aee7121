import type { SimTime } from '../kernel/time.ts';
import type { Chpid } from '../zarch/ids.ts';

/**
 * What goes wrong, and is mended, at the machine: the faults of a scenario with absolute times. Control units and systems
 * are named by their position in the scenario.
 */
export type Fault =
  | ConfigureFault
  | VaryFault
  | LinkFault
  | ErrorRateFault
  | ResetFault
  | FlapFault
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

/** The links between channel paths and one control unit fail or work again. */
export interface LinkFault extends TimedFault {
  readonly kind: 'link';
  readonly chpids: readonly Chpid[];
  readonly on: boolean;
  /** ALL_CONTROL_UNITS for all that the channel paths lead to. */
  readonly controlUnit: number;
}

/** Each start on the paths ends with an interface-control check with this probability, from `atNs` to `untilNs`. */
export interface ErrorRateFault extends TimedFault {
  readonly kind: 'error-rate';
  readonly chpids: readonly Chpid[];
  readonly probability: number;
  readonly untilNs: SimTime;
}

/** A control unit restarts and forgets path groups and reservations. */
export interface ResetFault extends TimedFault {
  readonly kind: 'reset';
  readonly controlUnit: number;
}

/** Channel paths or links go and come back again and again: `downNs` without them, `upNs` with them, until `untilNs`. */
export interface FlapFault extends TimedFault {
  readonly kind: 'flap';
  readonly chpids: readonly Chpid[];
  readonly what: 'configure' | 'link';
  readonly controlUnit: number;
  readonly downNs: SimTime;
  readonly upNs: SimTime;
  readonly untilNs: SimTime;
  /** Losses after which it ends even before `untilNs`. */
  readonly count?: number;
  /** The spans are exactly as long, or exponential with these means. */
  readonly spacing: 'exact' | 'exponential';
  /** For each change of each path, as for a path that is configured once. */
  readonly unreported?: number;
}

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

export const ALL_CONTROL_UNITS = -1;
