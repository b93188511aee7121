import { COMPONENTS } from '../observe/request-times.ts';
import { type BatchedRatio, batchRatio } from '../statistics/batch-means.ts';
import { formatChpid } from '../zarch/ids.ts';
import type { BatchSums, Measurement } from './measurement.ts';

/**
 * Whether an interval can be trusted. `few`: less than ten batches tell little of their spread; `empty`: one had nothing to
 * measure; `correlated`: neighbours are more alike than chance makes them, so that the interval is too narrow.
 */
export type BatchVerdict = 'independent' | 'correlated' | 'few' | 'empty';

export interface BatchedMetric extends BatchedRatio {
  readonly metric: string;
  readonly verdict: BatchVerdict;
}

/** Confidence intervals of one run. */
export interface BatchSummary {
  readonly count: number;
  /** Length of a batch, ns; others differ by a nanosecond at most. */
  readonly lengthNs: number;
  readonly metrics: readonly BatchedMetric[];
}

/** Fewer are too few to judge their spread by (Schmeiser 1982: 10 to 30). */
const FEWEST = 10;
/** Chance of calling independent batches correlated. */
const SIGNIFICANCE = 0.05;

/** Means over requests, their rate, and utilisations of channel paths, by batches; null of a run that has none. */
export function summarizeBatches(measurement: Measurement): BatchSummary | null {
  const batches = measurement.batches();
  if (batches.length === 0) return null;
  const { chpids } = measurement;
  const components = COMPONENTS.map((name, at) => ({
    metric: `io.${name}.mean`,
    over: (batch: BatchSums): number => batch.responses[at].sumNs,
    under: (batch: BatchSums): number => batch.responses[at].count,
  }));
  const paths = chpids.map((chpid, path) => ({
    metric: `path.utilisation{chpid=${formatChpid(chpid)}}`,
    over: (batch: BatchSums): number => batch.busyNs[path],
    under: spanNs,
  }));
  const metrics = [
    ...components,
    { metric: 'io.rate', over: (batch: BatchSums): number => batch.responses[0].count * 1e9, under: spanNs },
    {
      metric: 'path.utilisation',
      over: (batch: BatchSums): number => sum(batch.busyNs) / chpids.length,
      under: spanNs,
    },
    ...paths,
  ];
  return {
    count: batches.length,
    lengthNs: batches[0].spanNs,
    metrics: metrics
      .filter(({ over }) => batches.some((batch) => over(batch) > 0))
      .map(({ metric, over, under }) => batchedMetric(metric, batches.map(over), batches.map(under))),
  };
}

function batchedMetric(metric: string, over: readonly number[], under: readonly number[]): BatchedMetric {
  const ratio = batchRatio(over, under);
  return { metric, ...ratio, verdict: verdictOf(ratio, under) };
}

function verdictOf({ p }: BatchedRatio, under: readonly number[]): BatchVerdict {
  if (under.includes(0)) return 'empty';
  if (under.length < FEWEST) return 'few';
  return p < SIGNIFICANCE ? 'correlated' : 'independent';
}

const spanNs = (batch: BatchSums): number => batch.spanNs;

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
