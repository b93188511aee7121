import type { JobFailure, JobOutcome } from '../run-job.ts';
import { type RunMetrics, runMetrics } from '../run-metrics.ts';
import type { RunSummary } from '../summary.ts';

/** What a sweep keeps of a finished run. */
export interface RunRecord {
  readonly schemaVersion: 1;
  readonly termination: string;
  readonly endNs: number;
  readonly eventCount: number;
  readonly fingerprint: string;
  /** Thresholds and expectations that failed, in words. */
  readonly failed: readonly string[];
  readonly metrics: RunMetrics;
}

export type SweepOutcome =
  | { readonly ok: true; readonly record: RunRecord }
  | { readonly ok: false; readonly failure: JobFailure };

/** A run that was stopped half-way is no result. */
export function sweepOutcome(outcome: JobOutcome): SweepOutcome {
  if (!outcome.ok) return outcome;
  const record = recordOf(outcome.summary);
  if (record.termination !== 'interrupted') return { ok: true, record };
  const failure: JobFailure = { kind: 'stopped', message: 'interrupted', eventCount: 0, nowNs: 0, stack: '' };
  return { ok: false, failure };
}

function recordOf(summary: RunSummary): RunRecord {
  const { termination, endNs, eventCount, fingerprint } = summary.meta;
  const failed = [...summary.thresholds, ...summary.expectations]
    .filter(({ fails }) => fails)
    .map(({ text, reason }) => (reason === '' ? text : `${text}: ${reason}`));
  const metrics = Object.fromEntries(
    Object.entries(runMetrics(summary)).map(([phase, values]) => [phase, measured(values)]),
  );
  return { schemaVersion: 1, termination, endNs, eventCount, fingerprint, failed, metrics };
}

/** A ratio of nothing to nothing was not measured, and JSON has no word for it. */
const measured = (values: Readonly<Record<string, number>>): Record<string, number> =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => Number.isFinite(value)));
