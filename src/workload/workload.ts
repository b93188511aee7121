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
  /** At least one: each request follows one of them, chosen by their shares. */
  readonly patterns: readonly RequestPattern[];
  /** Requests are issued from `fromNs` up to but not including `untilNs`. */
  readonly fromNs: SimTime;
  readonly untilNs: SimTime;
  /** Requests of open arrivals that may be outstanding; bounds memory when the devices cannot keep up for long. */
  readonly inFlightLimit?: number;
}

/** What requests of one kind have in common. */
export interface RequestPattern {
  /** Names the random streams of the pattern, so that another one moves none of its draws; empty where it is the only one. */
  readonly name: string;
  /** Part of the workload's requests, in proportion to the shares of the other patterns. */
  readonly share: number;
  /** Positions of the volumes that it is for; null: all of them. */
  readonly volumes: readonly number[] | null;
  /** At least one. */
  readonly sizes: readonly SizeShare[];
  /** Probability that a request reads, 0 … 1. */
  readonly reads: number;
  readonly addresses: AddressOptions;
  /** Part of each volume that is addressed: where it begins and ends, as shares of the volume. */
  readonly extent: readonly [number, number];
}

/** Requests of `blocks` blocks, in proportion to the shares of the other sizes. */
export interface SizeShare {
  readonly blocks: number;
  readonly share: number;
}

/** Each application thinks, issues a request, waits for the answer, and begins again. */
export interface ClosedArrivals {
  readonly kind: 'closed';
  readonly applicationsPerVolume: number;
  /** Think time in nanoseconds from one uniform draw in [0, 1). */
  readonly think: (uniform: number) => SimTime;
}

/** Each application reads from one volume, writes the same blocks to another when it has them, thinks, and goes on. */
export interface CopyArrivals {
  readonly kind: 'copy';
  /** Pairs of positions of volumes: where is read, and where is written. A volume belongs to one pair at most. */
  readonly pairs: readonly (readonly [number, number])[];
  readonly applicationsPerPair: number;
  /** Time from the end of a write to the next read, as above. */
  readonly think: (uniform: number) => SimTime;
}

/**
 * Arrivals that do not depend on answers. Rates are the means over all volumes: shares of patterns and `skew` divide the
 * requests of a workload among its volumes, `shape` lets all rates rise and fall together.
 */
export type OpenArrivals = OpenProcess & {
  /** Exponent θ of the volumes' popularity: the k-th busiest volume has a part of all requests proportional to k^−θ. */
  readonly skew?: number;
  readonly shape?: ShapeOptions;
};

export type OpenProcess = PoissonOptions | MmppOptions | TrainOptions;

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

/** Requests at even distances for a time, and then none for a time. */
export interface TrainOptions {
  readonly kind: 'trains';
  /** Rate inside a train. */
  readonly perSecond: number;
  /** Length of a train, and of the silence behind it, in nanoseconds from one uniform draw in [0, 1). */
  readonly length: (uniform: number) => SimTime;
  readonly pause: (uniform: number) => SimTime;
}

/** A factor of all rates that repeats itself, linear between given points. */
export interface ShapeOptions {
  /** By ascending time, each before `periodNs`; one of the factors at least is not zero. */
  readonly points: readonly ShapePoint[];
  readonly periodNs: SimTime;
  /** Time within the period at which the simulation begins. */
  readonly beginNs: SimTime;
}

export interface ShapePoint {
  readonly atNs: SimTime;
  readonly factor: number;
}

export type AddressOptions =
  | { readonly kind: 'uniform' }
  /** The k-th most popular place is addressed with a probability proportional to k^−theta. */
  | { readonly kind: 'zipf'; readonly theta: number }
  | {
      readonly kind: 'sequential';
      /** Where it begins, as a share of the extent; absent: anywhere. */
      readonly start?: number;
      /** Mean number of requests from one jump to another place to the next; absent: it never jumps. */
      readonly run?: number;
    }
  /** `share` of the requests fall into `extents` equal pieces that together are the part `of` of the extent. */
  | { readonly kind: 'hot'; readonly share: number; readonly of: number; readonly extents: number };

/** Numbers the requests of one run, whichever workload issues them. */
export class RequestNumbers {
  private count = 0;

  next(): number {
    return this.count++;
  }
}
