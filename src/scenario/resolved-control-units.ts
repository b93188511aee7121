import type { Facilities } from '../dasd/facilities.ts';
import type { SimTime } from '../kernel/time.ts';
import type { Chpid } from '../zarch/ids.ts';
import type { PathMask } from '../zarch/path-mask.ts';
import type { DeviceRange, ResolvedDistribution } from './resolved.ts';

/** Control units and the devices on them, completely decided. */
export type ControlUnitType = '2107' | '2105' | '1750' | '3990-6' | '3990-3';

export interface ResolvedControlUnit {
  readonly name: string;
  readonly type: ControlUnitType;
  /** Model of SENSE ID; absent: that of the type. */
  readonly modelByte?: number;
  /** Channel paths in order of the control unit's ports: position is the port number. */
  readonly paths: readonly Chpid[];
  /** Which paths of its subchannels they are, one bit for each; absent: the leftmost. */
  readonly pim?: PathMask;
  /** Those of them that the control unit would rather not be reached on; empty: it likes all alike. */
  readonly nonPreferred: readonly Chpid[];
  readonly cache:
    | { readonly kind: 'hit-ratio'; readonly hitRatio: number }
    | { readonly kind: 'lru'; readonly bytes: number };
  /** `mechanics`: a spinning 3390 with seek, rotation and transfer; else a miss takes `miss`. */
  readonly backend: 'flash' | 'disk' | 'mechanics';
  readonly times: ResolvedControlUnitTimes;
  readonly mechanics: ResolvedMechanics;
  /** Name of a set of facilities (which commands the control unit knows), and single ones switched by the scenario. */
  readonly facilities: string;
  readonly facilityOverrides: Partial<Facilities>;
  /** Operations a port accepts at one time before it answers control-unit busy. */
  readonly maxConcurrentPerPort: number;
}

export interface ResolvedControlUnitTimes {
  /** Command accepted → data or status ready, without the channel's and the link's own time. */
  readonly hitRead: ResolvedDistribution;
  readonly hitWrite: ResolvedDistribution;
  readonly miss: ResolvedDistribution;
  /** A control command (SENSE ID, SNID, RCD, …). */
  readonly control: ResolvedDistribution;
}

/** A spinning 3390 (architecture reference E.1). */
export interface ResolvedMechanics {
  readonly revolutionNs: SimTime;
  readonly seekMinNs: SimTime;
  readonly seekAverageNs: SimTime;
  readonly trackBytesPerSecond: number;
}

export type VolumeFormat = 'cdl' | 'ldl' | 'unformatted';

export interface ResolvedDasdRange extends DeviceRange {
  /** Position in `controlUnits`. */
  readonly controlUnit: number;
  /** Unit address of the first device; the others follow. */
  readonly firstUnitAddress: number;
  /** `3390-9`, … */
  readonly model: string;
  /** Cylinders and model byte of SENSE ID; absent: those of the model. */
  readonly cylinders?: number;
  readonly modelByte?: number;
  /** Number of the first device's subchannel in its set, the others follow; absent: the lowest that are free. */
  readonly firstSubchannel?: number;
  /** Masks in the beginning; absent: paths whose CHPIDs are configured, all paths. */
  readonly pam?: PathMask;
  readonly pom?: PathMask;
  readonly format: VolumeFormat;
  /** Primary missing-interrupt interval that the device states in its configuration data; 0: none. */
  readonly missingInterruptNs: SimTime;
  /** No volumes but aliases: of any base of the control unit, or of the one with this unit address. */
  readonly aliasOf?: number | 'any';
}

/** One device of a `ResolvedDasdRange`. */
export interface ResolvedDevice {
  readonly cssid: number;
  readonly ssid: number;
  readonly deviceNumber: number;
  readonly unitAddress: number;
  readonly range: ResolvedDasdRange;
}
