import type { SimTime } from '../../kernel/time.ts';
import type { Storage } from '../../zarch/storage.ts';
import type { GonePolicy } from './gone-policy.ts';
import type { HostVaryPolicy } from './host-vary.ts';
import type { ModifiedPolicy } from './modified-paths.ts';
import type { PathGroupOwner } from './path-group-owner.ts';
import type { RegionLayout } from './region-layout.ts';

/** What vfio-ccw costs the process or thread that executes it, in nanoseconds. */
export interface VfioCosts {
  /** Translation of a channel program: once, for each CCW, and for each page of data that is pinned. */
  readonly translateNs: SimTime;
  readonly translatePerCcwNs: SimTime;
  readonly pinPerPageNs: SimTime;
  /** A work item of the queue `vfio-ccw`. */
  readonly workNs: SimTime;
  /** Between reading the links of a channel report and changing them, where the list has no lock. */
  readonly listStepNs: SimTime;
}

/** Where the kernel puts what it makes of channel programs in guest storage: below 2 GiB, as CCWs have 31-bit addresses. */
export interface KernelHeap {
  /** Main storage of the host. */
  readonly storage: Storage;
  readonly address: number;
}

export interface VfioOptions {
  readonly costs: VfioCosts;
  /** Null: guests give channel programs as a whole, and none that stands in their storage. */
  readonly heap: KernelHeap | null;
  /** What channel paths that this system has varied off are to guests; default: none, as in Linux. */
  readonly hostVary?: HostVaryPolicy;
  /** What guests learn of modified subchannels; default: nothing, as in Linux. */
  readonly modified?: ModifiedPolicy;
  /** What becomes of a device that is not operational any more; default: user space is asked to let go of it. */
  readonly gone?: GonePolicy;
  /** How requests come in; default: by regions of their own, as far as the kernel has them. */
  readonly regions?: RegionLayout;
  /** Who groups the paths of a device; default: its guest, as in Linux. */
  readonly pathGroup?: PathGroupOwner;
  /** The mode of groups that this system sets; default: multipath mode. */
  readonly multipath?: boolean;
  /** RESUME SUBCHANNEL is a command, and a program that is suspended is kept for it; default: not so, as in Linux. */
  readonly resumes?: boolean;
  /** Programs in transport mode are translated; default: refused, as in Linux. */
  readonly transportMode?: boolean;
}
