import { toHdr } from './hdr-histogram.ts';
import type { HistogramSnapshot } from './histogram.ts';

/** Percentiles that summaries give, by the name they have in metrics. */
const PERCENTILES = { p50: 50, p95: 95, p99: 99, p999: 99.9 } as const;
export type PercentileName = keyof typeof PERCENTILES;

/** Figures of one distribution of times in nanoseconds. */
export interface Distribution extends Record<PercentileName, number> {
  readonly count: number;
  readonly mean: number;
  /** Largest value: exact for a whole run, to three significant digits for a part of it. */
  readonly max: number;
}

/** A percentile is never below the exact one, at most a thousandth above it, and never above the largest value. */
export function describe(snapshot: HistogramSnapshot): Distribution {
  const { count, sum, max } = snapshot;
  if (count === 0) return { count, mean: Number.NaN, max, p50: 0, p95: 0, p99: 0, p999: 0 };
  const hdr = toHdr(snapshot);
  const at = (percentile: number): number => Math.min(hdr.getValueAtPercentile(percentile), max);
  return {
    count,
    mean: sum / count,
    max,
    p50: at(PERCENTILES.p50),
    p95: at(PERCENTILES.p95),
    p99: at(PERCENTILES.p99),
    p999: at(PERCENTILES.p999),
  };
}
