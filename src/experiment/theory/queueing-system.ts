import type { Service } from './service.ts';

/** Arrivals of requests at all volumes together. */
export type SystemArrivals =
  /** Requests per second and volume. */
  | { readonly kind: 'poisson'; readonly perVolume: number }
  | { readonly kind: 'closed'; readonly applicationsPerVolume: number; readonly thinkMeanNs: number };

/**
 * A scenario as queueing theory sees it: requests of `volumes` volumes, each of which carries out one at a time, and one kind
 * of server that takes time.
 */
export interface QueueingSystem {
  /** Name of the workload, for keys. */
  readonly workload: string;
  readonly arrivals: SystemArrivals;
  readonly volumes: number;
  readonly service: Service;
  readonly station: Station;
}

export type Station =
  /** Each volume serves its own requests. */
  | { readonly kind: 'volume' }
  /** Channel paths serve; starts wait in one queue for the first that is free, or each path has a queue of its own. */
  | { readonly kind: 'paths'; readonly paths: number; readonly queue: 'one' | 'own' };
