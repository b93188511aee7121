import { CONFIDENCE } from '../statistics/intervals.ts';
import { directionOf } from './metric-directions.ts';
import type { ComparedMetric } from './paired-comparison.ts';

/** How much worse a metric may become: 0.05 is 5 % of the reference. */
export interface RegressionLimit {
  readonly metric: string;
  readonly phase: string;
  readonly share: number;
}

export interface JudgedLimit extends RegressionLimit {
  readonly fails: boolean;
  /** What was found, in words. */
  readonly reason: string;
}

/**
 * Holds a comparison against a limit. It fails when the estimate is beyond the limit and the metric is worse beyond chance
 * (its own interval, uncorrected: somebody named this metric). One pair, and a metric that nobody measured, fail without
 * further proof: a gate must not open because it sees nothing. More of a metric without a direction counts as worse.
 */
export function judgeLimit(limit: RegressionLimit, compared: readonly ComparedMetric[]): JudgedLimit {
  const row = compared.find(({ metric, phase }) => metric === limit.metric && phase === limit.phase);
  if (row === undefined || row.pairs === 0) return { ...limit, fails: true, reason: 'was not measured' };
  const worsening = worseningOf(row);
  const isCertain = row.pairs === 1 || row.difference.p < 1 - CONFIDENCE;
  const fails = worsening > limit.share && isCertain;
  const told = worsening > 0 ? `worse by ${percent(worsening)}` : 'not worse';
  const doubt = worsening > limit.share && !isCertain ? ', which may be chance' : '';
  return { ...limit, fails, reason: `${told}${doubt}` };
}

/** Share of the reference by which the other side is worse; negative: better. */
function worseningOf({ metric, reference, difference }: ComparedMetric): number {
  const change = directionOf(metric) === 'higher' ? -difference.value : difference.value;
  if (change === 0) return 0;
  return reference === 0 ? Math.sign(change) * Number.POSITIVE_INFINITY : change / Math.abs(reference);
}

const percent = (share: number): string =>
  share === Number.POSITIVE_INFINITY
    ? 'more than any share of zero'
    : `${Number((share * 100).toPrecision(3))} %`;

/** As the command line says it. */
export const formatLimit = ({ metric, phase, share }: RegressionLimit): string =>
  `${metric}${phase === '' ? '' : `@${phase}`}=${Number((share * 100).toPrecision(12))}%`;
