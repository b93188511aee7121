import type { ProgramLimits } from './stored-program/program-rules.ts';

/**
 * What machines are known to do differently (architecture reference C.3, C.5, J). Every choice is an option of a
 * scenario; a model is a named set of report choices.
 */
export interface ReportProfile {
  /** A CHPID that enters the configuration gives a channel-path report (INIT). */
  readonly arriveReport: boolean;
  /** A CHPID that leaves the configuration gives a channel-path report (permanent error, not initialized). */
  readonly goneReport: boolean;
  /** Link and control-unit faults give a CSS report with event information (resource accessibility, link incident). */
  readonly eventInformation: boolean;
  /** Configuration of a CHPID gives event information (resource accessibility) in place of channel-path reports. */
  readonly configurationAsEvent: boolean;
}

export const REPORT_PROFILES = {
  'verbose-lpar': {
    arriveReport: true,
    goneReport: true,
    eventInformation: true,
    configurationAsEvent: false,
  },
  'quiet-arrive': {
    arriveReport: false,
    goneReport: true,
    eventInformation: false,
    configurationAsEvent: false,
  },
  'sei-only': { arriveReport: false, goneReport: false, eventInformation: true, configurationAsEvent: true },
} as const satisfies Record<string, ReportProfile>;

/** The three things that happen to an image when a path goes, in the order in which the machine does them. */
export type LossStep = 'mask' | 'io' | 'report';
/** How an operation in progress ends when its path goes: interface-control check, deferred cc 3, or not at all. */
export type LostOperation = 'ifcc' | 'deferred-cc3' | 'silent';

export interface MachineOptions {
  readonly reports: ReportProfile;
  readonly lossOrder: readonly LossStep[];
  readonly lostOperation: LostOperation;
  /** SSCH whose paths are all unavailable: cc 3 at once, or cc 0 and deferred cc 3. */
  readonly noPath: 'cc3' | 'deferred-cc3';
  /** Path-group state in which a CHPID's logical paths come back. */
  readonly pathGroupReturn: 'reset' | 'ungrouped';
  readonly crwQueueDepth: number;
  readonly eventQueueDepth: number;
  /** Subchannel sets that an image may enable, 1 … 4. */
  readonly subchannelSets: number;
  /** Main storage of each image, a multiple of 4096. */
  readonly storageBytes: number;
  /** Configuration change requested → masks, operations and report, ns. */
  readonly configureDelayNs: number;
  /** Link failure → the channel notices, ns. */
  readonly linkDetectNs: number;
  /** A frame got no answer → the channel gives the exchange up, ns. */
  readonly responseTimeoutNs: number;
  /** A start has no path to try → deferred cc 3, ns. */
  readonly noPathNs: number;
  /** Programs in main storage: how far ahead they are fetched, and when they are taken for runaways. */
  readonly programs: ProgramLimits;
  /** Halt or clear signal, without its way to the control unit and back, ns. */
  readonly signalNs: number;
  /** RCHP accepted → path reset and report made, ns. */
  readonly pathResetNs: number;
  /** Formats of "store channel-path description" that the machine offers. */
  readonly pathDescriptionFormats: readonly number[];
  /** The channel subsystem knows transport mode (FCX); whether a channel or a control unit does is up to them. */
  readonly transportMode?: boolean;
  /** Cost of each instruction on the issuing CPU, ns. */
  readonly instructionCostNs: Readonly<Record<string, number>>;
}
