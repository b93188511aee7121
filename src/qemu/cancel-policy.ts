import type { Process, Steps } from '../kernel/process.ts';
import { E, type Errno } from '../linux/errno.ts';
import type { HostedChannelSubsystem } from './hosted-css.ts';
import * as instruction from './instructions.ts';
import type { PassthroughDevice } from './vfio-ccw.ts';

/**
 * What XSCH does for a passed-through subchannel. QEMU carries it out on its own SCSW, which shows the start function as
 * pending until the next status: `local` answers that something was cancelled while the host's device works on. `cc2`, as
 * first proposed, answers that there is nothing to cancel. `passthrough` has the host's kernel try it by a command that
 * no kernel has.
 */
export const CANCEL_POLICIES = ['local', 'cc2', 'passthrough'] as const;
export type CancelPolicy = (typeof CANCEL_POLICIES)[number];

type ConditionCode = 0 | 1 | 2 | 3;

export function* cancel(
  { css, policies }: HostedChannelSubsystem,
  device: PassthroughDevice,
  self: Process,
): Steps<ConditionCode> {
  const { sch } = device;
  const { statusBeforeFunction } = css.features;
  if (policies.cancel === 'cc2') return sch.notOperational ? 3 : 2;
  if (policies.cancel === 'passthrough' && device.regions.command) {
    const refused = conditionCode(yield* device.cancel(self));
    if (refused !== 0) return refused;
  }
  const cc = instruction.cancel(sch, statusBeforeFunction);
  return cc === instruction.GO ? 0 : cc;
}

/** What a command of a policy is answered; the error for which the host's instruction gave cc 2 is one of many. */
export function conditionCode(rc: Errno): ConditionCode {
  switch (rc) {
    case E.OK:
      return 0;
    case E.BUSY:
      return 1;
    case E.NODEV:
      return 3;
    default:
      return 2;
  }
}
