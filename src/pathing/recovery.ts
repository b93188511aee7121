import { assertNever } from '../kernel/assert.ts';
import { LINUX_RECOVERY, type PathPolicies, type PathRecoveryPolicy } from '../linux/path-recovery.ts';
import { holdDown, linkRecovery, manual } from './fail-back.ts';
import type { PathPolicySpecification, RecoverySpecification } from './recovery-specification.ts';
import { zosControlUnit, zosDevice } from './zos-errors.ts';

/** The policy that a specification describes: Linux's, but for what its name says. */
export function createRecovery(recovery: RecoverySpecification): PathRecoveryPolicy {
  switch (recovery.kind) {
    case 'linux':
      return { ...LINUX_RECOVERY, delaysNs: recovery.timerNs };
    case 'zos-device':
      return { ...LINUX_RECOVERY, errors: zosDevice };
    case 'zos-cu':
      return { ...LINUX_RECOVERY, errors: zosControlUnit(recovery) };
    case 'link-recovery':
      return { ...LINUX_RECOVERY, failBack: linkRecovery(recovery) };
    case 'manual':
      return { ...LINUX_RECOVERY, failBack: manual };
    case 'hold-down':
      return { ...LINUX_RECOVERY, failBack: holdDown(recovery) };
    default:
      return assertNever(recovery);
  }
}

export const createPathPolicies = ({
  recovery,
  inFlight,
  verificationLimit,
}: PathPolicySpecification): PathPolicies => ({
  recovery: createRecovery(recovery),
  inFlight,
  verificationLimit,
});
