import {
  inFlightName,
  type PathPolicySpecification,
  type RecoverySpecification,
  recoveryName,
  verificationLimitName,
} from '../pathing/recovery-specification.ts';
import type { ResolvedStrategy } from './resolved.ts';
import { USUAL_RECOVERY } from './schema-recovery.ts';
import type { ParsedPolicies } from './schema-strategies.ts';
import { formatTime } from './units.ts';

interface PathPolicyChoice {
  readonly names: readonly string[];
  readonly policies: Pick<ResolvedStrategy, 'paths'>;
}

/** Every combination of what systems do about their paths. Lists name runs, and what Linux does is left out. */
export function pathPolicyChoices(parsed: ParsedPolicies): PathPolicyChoice[] {
  const recoveries = [parsed.recovery].flat();
  const stops = [parsed.inFlight].flat();
  const limits = [parsed.verificationThrottle].flat();
  return recoveries.flatMap((recovery) =>
    stops.flatMap((inFlight) =>
      limits.map((verificationLimit) => {
        const paths = { recovery, inFlight, verificationLimit };
        const names = [
          ...(recoveries.length > 1 ? [nameOf(recovery)] : []),
          ...(stops.length > 1 ? [`in-flight-${inFlightName(inFlight, formatTime)}`] : []),
          ...(limits.length > 1 ? [`throttle-${verificationLimitName(verificationLimit)}`] : []),
        ];
        return { names, policies: isLinux(paths) ? {} : { paths } };
      }),
    ),
  );
}

const nameOf = (recovery: RecoverySpecification): string =>
  recoveryName(recovery, USUAL_RECOVERY[recovery.kind], formatTime);

const isLinux = ({ recovery, inFlight, verificationLimit }: PathPolicySpecification): boolean =>
  nameOf(recovery) === 'linux' && inFlight.kind === 'kill' && verificationLimit === null;
