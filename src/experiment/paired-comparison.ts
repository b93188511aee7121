import { holm } from '../statistics/holm.ts';
import {
  CONFIDENCE,
  type Difference,
  type Estimate,
  pairedDifference,
  pairedRatio,
} from '../statistics/intervals.ts';
import { mean } from '../statistics/moments.ts';
import { directionOf } from './metric-directions.ts';
import { metricsOf, phasesOf } from './repetitions.ts';
import { metricIn, type RunMetrics } from './run-metrics.ts';

/**
 * `equal`: the same value in every pair, which needs no statistics. `differs`: a difference of a metric that has no good
 * way. `no difference shown`: there may be one, these repetitions do not tell.
 */
export type ComparisonVerdict =
  | 'equal'
  | 'better'
  | 'worse'
  | 'differs'
  | 'no difference shown'
  | 'not comparable';

/** A metric in one phase on both sides. */
export interface ComparedMetric {
  readonly metric: string;
  readonly phase: string;
  /** Repetitions in which both sides measured it. */
  readonly pairs: number;
  /** Means over these pairs. */
  readonly reference: number;
  readonly value: number;
  /** Of the pairs, the side less the reference, with its interval and uncorrected p-value. */
  readonly difference: Difference;
  /** Null where the reference cannot be told from zero. */
  readonly ratio: Estimate | null;
  /** p-value corrected for the number of metrics compared in the phase. */
  readonly corrected: number;
  readonly verdict: ComparisonVerdict;
  /** Why it is not comparable; empty when it is. */
  readonly reason: string;
}

/**
 * Compares repetitions that belong together by position: same seed, so same requests and faults. The metrics of a phase
 * are one family of tests: the chance that any of them is called different by chance alone is 5 %.
 */
export function compareRepetitions(
  reference: readonly RunMetrics[],
  other: readonly RunMetrics[],
  isWanted: (metric: string) => boolean = () => true,
): ComparedMetric[] {
  const both = [...reference, ...other];
  return phasesOf(both).flatMap((phase) => {
    const rows = metricsOf(both, phase)
      .filter(isWanted)
      .map((metric) => measure(reference, other, metric, phase));
    const tested = rows.filter(isTested);
    const corrected = holm(tested.map(({ difference }) => difference.p));
    tested.forEach((row, at) => {
      row.corrected = corrected[at];
      row.verdict = verdictOf(row, corrected[at]);
    });
    return rows;
  });
}

type Measured = { -readonly [Field in keyof ComparedMetric]: ComparedMetric[Field] };

function measure(
  reference: readonly RunMetrics[],
  other: readonly RunMetrics[],
  metric: string,
  phase: string,
): Measured {
  const pairs = reference
    .map((metrics, at) => [metricIn(metrics, metric, phase), metricIn(other[at], metric, phase)] as const)
    .filter(([left, right]) => !Number.isNaN(left) && !Number.isNaN(right));
  const left = pairs.map(([value]) => value);
  const right = pairs.map(([, value]) => value);
  const isEqual = pairs.length > 0 && pairs.every(([one, two]) => one === two);
  return {
    metric,
    phase,
    pairs: pairs.length,
    reference: mean(left),
    value: mean(right),
    difference: pairedDifference(left, right),
    ratio: pairs.length === 0 ? null : pairedRatio(left, right),
    corrected: isEqual ? 1 : Number.NaN,
    verdict: isEqual ? 'equal' : 'not comparable',
    reason: isEqual ? '' : unmeasured(pairs.length),
  };
}

/** With two pairs or more there is a spread to judge by. */
function unmeasured(pairs: number): string {
  if (pairs === 0) return 'not measured on both sides';
  return pairs === 1 ? 'one pair tells nothing of chance; repeat with --reps' : '';
}

const isTested = ({ verdict, reason }: ComparedMetric): boolean => verdict !== 'equal' && reason === '';

function verdictOf({ metric, difference }: ComparedMetric, corrected: number): ComparisonVerdict {
  if (corrected >= 1 - CONFIDENCE) return 'no difference shown';
  const direction = directionOf(metric);
  if (direction === 'none') return 'differs';
  return difference.value < 0 === (direction === 'lower') ? 'better' : 'worse';
}
