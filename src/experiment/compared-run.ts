import { canonicalJson } from '../scenario/canonical.ts';
import type { ResolvedStrategy } from '../scenario/resolved.ts';
import type { RunSummary } from './summary.ts';
import type { Verdict } from './verdicts.ts';

/** A run under comparison. */
export interface ComparedRun {
  readonly summary: RunSummary;
  /** Whether a guest does the I/O: then it is the guest that must learn of paths, else the partition. */
  readonly hasGuest: boolean;
  /** What it does about paths, `pathPoliciesOf`. */
  readonly pathPolicies: string;
}

/** A text that is the same for runs that choose, group, give up and take back paths in the same way. */
export const pathPoliciesOf = ({ selection, grouping, paths }: ResolvedStrategy): string =>
  canonicalJson({ selection, ...(grouping && { grouping }), ...(paths && { paths }) });

/** Thresholds and expectations on account of which the command ends with 3. */
export const failures = ({ thresholds, expectations }: RunSummary): Verdict[] =>
  [...thresholds, ...expectations].filter(({ fails }) => fails);
