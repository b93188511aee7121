import { findMetric } from '../scenario/metrics.ts';
import type { RunSummary, SpanSummary, TimeSummary } from './summary.ts';

/** Values by metric, in the metric's unit. */
export type MetricValues = Readonly<Record<string, number>>;
/** By phase; the empty name is the whole run. */
export type RunMetrics = Readonly<Record<string, MetricValues>>;

/**
 * Everything a finished run measured, as numbers under the names of `scenario/metrics.ts`. What a channel path did is
 * `path.utilisation{chpid=0.40}`, on how many measurements the figures of a time rest is `io.response.count`. A time that
 * was not measured is missing; a count that is missing in a phase was zero.
 */
export function runMetrics({ total, phases }: RunSummary): RunMetrics {
  const spans = Object.entries(phases).map(([phase, span]) => [phase, spanMetrics(span)] as const);
  return { '': spanMetrics(total), ...Object.fromEntries(spans) };
}

/** Figures that a summary lists by metric name; summaries of earlier versions have none. */
type WithFigures = SpanSummary & { readonly paths?: MetricValues };

function spanMetrics(span: SpanSummary): MetricValues {
  const { counts, times, ioRate, pathStaleNs, paths = {}, channelPaths } = span as WithFigures;
  return {
    ...counts,
    'io.rate': ioRate,
    ...Object.fromEntries(Object.entries(times).flatMap(([name, time]) => timeMetrics(name, time))),
    'path.stale': pathStaleNs,
    ...paths,
    ...Object.fromEntries(
      channelPaths.map(({ chpid, utilisation }) => [`path.utilisation{chpid=${chpid}}`, utilisation]),
    ),
  };
}

const timeMetrics = (name: string, time: TimeSummary): [string, number][] =>
  Object.entries(time)
    .filter((entry): entry is [string, number] => entry[1] !== null)
    .map(([statistic, value]) => [`${name}.${statistic}`, value]);

/** The value in one phase. Counts and sums that a summary leaves out are zero; what was not measured is NaN. */
export function metricIn(metrics: RunMetrics, metric: string, phase: string): number {
  const value = metrics[phase]?.[metric];
  if (value !== undefined) return value;
  return metrics[phase] !== undefined && isSum(metric) ? 0 : Number.NaN;
}

/** Whether nothing to count means zero, not ignorance. */
function isSum(metric: string): boolean {
  return findMetric(metric)?.kind === 'count' || metric.endsWith('.count');
}
