import type { SimTime } from '../kernel/time.ts';

/** What a guest sees of the channel paths of a dedicated device: one that stands for all, or as many as there are. */
export type ShownPaths = 'one' | 'all';

/**
 * What CP does when a guest wants to join the paths to a group of its own: it refuses the command, or it takes the path
 * offline as well (message HCP1281I, PATH GROUP ID MISMATCH; strategies reference P10).
 */
export type ForeignGroupPolicy = 'refuse' | 'offline';

/**
 * What a guest's SENSE PATH GROUP ID is told: CP's id, which Linux takes over, or that the path was reset, so that the guest
 * sets an id of its own.
 */
export type SensedGroup = 'shown' | 'hidden';

/** What CP spends on its processors, in nanoseconds. */
export interface ControlProgramCosts {
  /** An I/O instruction of a guest: interception, simulation, back to the guest. */
  readonly interceptNs: SimTime;
  /** I/O interruption taken → its status is known. */
  readonly interruptNs: SimTime;
  /** Machine check taken → the reports are read. */
  readonly machineCheckNs: SimTime;
}

export interface ControlProgramOptions {
  readonly show: ShownPaths;
  readonly foreignGroup: ForeignGroupPolicy;
  readonly senseGroup: SensedGroup;
  readonly costs: ControlProgramCosts;
}
