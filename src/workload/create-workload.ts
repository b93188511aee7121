import { ClosedWorkload } from './closed-workload.ts';
import type { WorkloadSurroundings } from './generator.ts';
import { OpenWorkload } from './open-workload.ts';
import type { ClosedArrivals, OpenArrivals, Workload, WorkloadOptions } from './workload.ts';

export type ArrivalOptions = OpenArrivals | ClosedArrivals;

/** The generator for these arrivals. */
export function createWorkload(
  options: WorkloadOptions,
  arrivals: ArrivalOptions,
  surroundings: WorkloadSurroundings,
): Workload {
  return arrivals.kind === 'closed'
    ? new ClosedWorkload(options, arrivals, surroundings)
    : new OpenWorkload(options, arrivals, surroundings);
}
