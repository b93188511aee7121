import type { SimTime } from '../kernel/time.ts';
import type { BlockDevice, RequestOwner } from '../observe/block-request.ts';

/**
 * The seam between applications and the system they run on: a source of block requests over time. The workload submits
 * each request to its volume's device and gets it back through `completed`, exactly once.
 */
export interface Workload extends RequestOwner {
  readonly name: string;
  /** Schedules the first requests. Called once, before the simulation runs. */
  start(): void;
  /** The system that issues the requests is gone: there are no more of them. */
  stop(): void;
  /** Requests submitted so far, and those that have come back. */
  readonly issued: number;
  readonly ended: number;
  /** Arrivals that were dropped because too many requests were outstanding. */
  readonly turnedAway: number;
}

/** A volume that a workload uses. */
export interface WorkloadVolume {
  /** Bus id (`0.0.1000`): names the volume's random streams, so that another volume moves none of its draws. */
  readonly name: string;
  readonly device: BlockDevice;
  /** The blocks that may be addressed: `blocks` of them from `firstBlock` on, behind the volume's labels. */
  readonly firstBlock: number;
  readonly blocks: number;
}

/** What all generators need to know. */
export interface WorkloadOptions {
  readonly name: string;
  readonly volumes: readonly WorkloadVolume[];
  /** Blocks per request. */
  readonly blockCount: number;
  /** Probability that a request reads, 0 … 1. */
  readonly reads: number;
  readonly addresses: AddressOptions;
  /** Requests are issued from `fromNs` up to but not including `untilNs`. */
  readonly fromNs: SimTime;
  readonly untilNs: SimTime;
  /** Requests of open arrivals that may be outstanding; bounds memory when the devices cannot keep up for long. */
  readonly inFlightLimit?: number;
}

/** Each application thinks, issues a request, waits for the answer, and begins again. */
export interface ClosedArrivals {
  readonly kind: 'closed';
  readonly applicationsPerVolume: number;
  /** Think time in nanoseconds from one uniform draw in [0, 1). */
  readonly think: (uniform: number) => SimTime;
}

/** Arrivals that do not depend on answers. Rates are per volume. */
export type OpenArrivals = PoissonOptions | MmppOptions;

export interface PoissonOptions {
  readonly kind: 'poisson';
  readonly perSecond: number;
}

export interface MmppOptions {
  readonly kind: 'mmpp';
  /** Rate in each state; zero makes a state silent. */
  readonly quietPerSecond: number;
  readonly burstPerSecond: number;
  /** Mean stay in each state; the stays are exponential. */
  readonly quietNs: SimTime;
  readonly burstNs: SimTime;
}

export type AddressOptions =
  | { readonly kind: 'uniform' }
  /** The k-th most popular place is addressed with a probability proportional to k^−theta. */
  | { readonly kind: 'zipf'; readonly theta: number }
  | { readonly kind: 'sequential' };

/** Numbers the requests of one run, whichever workload issues them. */
export class RequestNumbers {
  private count = 0;

  next(): number {
    return this.count++;
  }
}
