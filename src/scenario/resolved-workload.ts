import type { SimTime } from '../kernel/time.ts';
import type {
  AddressOptions,
  MmppOptions,
  PoissonOptions,
  RequestPattern,
  ShapeOptions,
  TrainOptions,
} from '../workload/workload.ts';
import type { DeviceRange, ResolvedDistribution, ResolvedReplay } from './resolved.ts';

export type ResolvedWorkload = ResolvedStream | ResolvedReplayWorkload;

interface ResolvedRequests {
  readonly name: string;
  /** Position in `systems`. */
  readonly system: number;
  /** All volumes, those that are written by copies among them. */
  readonly volumes: readonly DeviceRange[];
  readonly fromNs: SimTime;
  readonly untilNs: SimTime;
  /** Reserve and release from time to time. */
  readonly reserve?: ResolvedReserve;
}

/** Requests that are made up. */
export interface ResolvedStream extends ResolvedRequests {
  readonly arrivals: ResolvedArrivals;
  /** At least one. */
  readonly patterns: readonly ResolvedPattern[];
  /** Volumes of unlike rates, and rates that change with the time of day: with open arrivals. */
  readonly skew?: number;
  readonly shape?: ShapeOptions;
}

/** Requests that were recorded. */
export interface ResolvedReplayWorkload extends ResolvedRequests {
  readonly replay: ResolvedReplay;
}

/** As `RequestPattern`; its volumes by their numbers. */
export interface ResolvedPattern extends Omit<RequestPattern, 'volumes'> {
  readonly addresses: AddressOptions;
  readonly volumes: readonly DeviceRange[] | null;
}

/** Rates are requests per second and volume. */
export type ResolvedArrivals =
  | PoissonOptions
  | MmppOptions
  /** Rate inside a train. */
  | (Omit<TrainOptions, 'length' | 'pause'> & {
      readonly length: ResolvedDistribution;
      readonly pause: ResolvedDistribution;
    })
  /** Each application waits for its answer, thinks, and asks again. */
  | { readonly kind: 'closed'; readonly applicationsPerVolume: number; readonly think: ResolvedDistribution }
  /** The first volume that is read belongs to the first that is written, and so on. */
  | {
      readonly kind: 'copy';
      readonly from: readonly DeviceRange[];
      readonly to: readonly DeviceRange[];
      readonly applicationsPerPair: number;
      readonly think: ResolvedDistribution;
    };

/** Both from one uniform draw each. */
export interface ResolvedReserve {
  /** From a release, or the beginning, to the next reserve. */
  readonly every: ResolvedDistribution;
  readonly hold: ResolvedDistribution;
}
