import { assertNever } from '../kernel/assert.ts';
import { ClosedWorkload } from './closed-workload.ts';
import { CopyWorkload } from './copy-workload.ts';
import type { WorkloadSurroundings } from './generator.ts';
import { OpenWorkload } from './open-workload.ts';
import type { ClosedArrivals, CopyArrivals, OpenArrivals, Workload, WorkloadOptions } from './workload.ts';

export type ArrivalOptions = OpenArrivals | ClosedArrivals | CopyArrivals;

/** The generator for these arrivals. */
export function createWorkload(
  options: WorkloadOptions,
  arrivals: ArrivalOptions,
  surroundings: WorkloadSurroundings,
): Workload {
  switch (arrivals.kind) {
    case 'closed':
      return new ClosedWorkload(options, arrivals, surroundings);
    case 'copy':
      return new CopyWorkload(options, arrivals, surroundings);
    case 'poisson':
    case 'mmpp':
    case 'trains':
      return new OpenWorkload(options, arrivals, surroundings);
    default:
      return assertNever(arrivals);
  }
}
