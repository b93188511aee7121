import type { PathMask } from '../../zarch/path-mask.ts';
import { CHP_EVENT, type ChpEvent } from '../subchannel-driver.ts';

/**
 * What a channel path that the host has varied off is to a guest (strategies V1). Linux lets guests use it: an ORB that
 * names paths is passed on as it is. `and` starts on no other paths than the host's own, and condition code 3 says that
 * none is left. `hide` besides shows and reports the path as if it had been configured off.
 */
export const HOST_VARY_POLICIES = ['none', 'and', 'hide'] as const;
export type HostVaryPolicy = (typeof HOST_VARY_POLICIES)[number];

/**
 * Paths on which a guest's start may be tried; none: it is answered as if no path were operational. `opm` are those that
 * the host has not varied off. It is not `lpm`, from which a start without any operational path takes paths for good.
 */
export const pathsToTry = (policy: HostVaryPolicy, lpm: PathMask, opm: PathMask): PathMask =>
  policy === 'none' ? lpm : lpm & opm;

/** Path available as user space is shown it. */
export const pathsToShow = (policy: HostVaryPolicy, pam: PathMask, opm: PathMask): PathMask =>
  policy === 'hide' ? pam & opm : pam;

/** The event of which a relay is told. */
export const eventToTell = (policy: HostVaryPolicy, event: ChpEvent): ChpEvent =>
  policy === 'hide' ? (AS_CONFIGURED[event] ?? event) : event;

const AS_CONFIGURED: Partial<Record<ChpEvent, ChpEvent>> = {
  [CHP_EVENT.VARY_ON]: CHP_EVENT.ONLINE,
  [CHP_EVENT.VARY_OFF]: CHP_EVENT.OFFLINE,
};
