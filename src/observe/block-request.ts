import type { SimTime } from '../kernel/time.ts';
import { type Chpid, NONE } from '../zarch/ids.ts';
import type { PathMask } from '../zarch/path-mask.ts';

/** Bytes of a block, the unit in which applications address a volume. */
export const BLOCK_BYTES = 4096;

/** How a request ended. */
export const OUTCOME = { IN_FLIGHT: 0, COMPLETED: 1, FAILED: 2 } as const;
export type RequestOutcome = (typeof OUTCOME)[keyof typeof OUTCOME];

/** Who issued a request and gets it back exactly once, with its `outcome` set. From then on the request is the owner's. */
export interface RequestOwner {
  completed(request: BlockRequest): void;
}

/** Where requests go: the block layer of a device driver. A device keeps requests in the order in which they arrive. */
export interface BlockDevice {
  submit(request: BlockRequest): void;
}

/**
 * One read or write of consecutive blocks, from the application's call to its answer. The workload fills in the first
 * group and takes the object back into its pool afterwards; the driver fills in the rest.
 *
 *   arrival ──iosq──► start accepted ──pend──► connected ──disc──► reconnected ──conn──► status ──interrupt delay──► end
 *
 * The components are those of RMF's device report; pend contains the command response and busy times.
 */
export class BlockRequest {
  /** Number of the request within the run, from 0 in creation order. */
  id = NONE;
  readonly owner: RequestOwner;
  /** Which application of the volume issued it; 0 for arrivals that belong to none. */
  application = 0;
  /** Position of the volume in the owner's list. */
  volume = 0;
  /** First block, in units of `BLOCK_BYTES`. */
  firstBlock = 0;
  /** Number of blocks, 1 … `versions.length`. */
  blockCount = 0;
  write = false;
  /** Uniform draws in [0, 1) that decide cache hit and service time, whatever path or retry carries the request. */
  hitDraw = 0;
  serviceDraw = 0;
  /** When the application issued it. */
  arrivalNs: SimTime = 0;

  /** When START SUBCHANNEL was accepted for it first. */
  startNs: SimTime = 0;
  /** When the application got its answer. */
  endNs: SimTime = 0;
  outcome: RequestOutcome = OUTCOME.IN_FLIGHT;
  /** Starts after the first one. */
  retries = 0;
  /** Waiting in the driver, in nanoseconds as all that follow: arrival to the first accepted start. */
  iosqNs: SimTime = 0;
  /** Function pending: start accepted to first command accepted by the device. */
  pendNs: SimTime = 0;
  /** Part of pend: initial command response, command sent to command accepted. */
  cmrNs: SimTime = 0;
  /** Parts of pend: waiting for a busy channel path, control unit, device. */
  channelBusyNs: SimTime = 0;
  cuBusyNs: SimTime = 0;
  deviceBusyNs: SimTime = 0;
  discNs: SimTime = 0;
  connNs: SimTime = 0;
  /** Ending status pending to its interruption handled. */
  interruptDelayNs: SimTime = 0;
  /** Path of the start that ended it, and its channel path; 0 and NONE before. */
  lpum: PathMask = 0;
  chpid: Chpid = NONE;

  /**
   * Version of each block: what a write stores and what a read found. Sized to the largest `blockCount` of the owner, so
   * that no request allocates.
   */
  readonly versions: Float64Array;

  constructor(owner: RequestOwner, maxBlocks: number) {
    this.owner = owner;
    this.versions = new Float64Array(maxBlocks);
  }

  /** Arrival to answer. */
  get responseNs(): SimTime {
    return this.endNs - this.arrivalNs;
  }

  /** Makes a pooled request new again; the workload fills in its group afterwards. */
  reset(): void {
    this.startNs = 0;
    this.endNs = 0;
    this.outcome = OUTCOME.IN_FLIGHT;
    this.retries = 0;
    this.iosqNs = 0;
    this.pendNs = 0;
    this.cmrNs = 0;
    this.channelBusyNs = 0;
    this.cuBusyNs = 0;
    this.deviceBusyNs = 0;
    this.discNs = 0;
    this.connNs = 0;
    this.interruptDelayNs = 0;
    this.lpum = 0;
    this.chpid = NONE;
  }
}
