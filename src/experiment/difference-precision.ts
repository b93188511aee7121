import { meanInterval } from '../statistics/intervals.ts';
import { mean } from '../statistics/moments.ts';
import { repetitionsFor } from '../statistics/repetitions-needed.ts';
import { nextStep, type WantedPrecision } from './repetitions.ts';
import { metricIn, type RunMetrics } from './run-metrics.ts';

/** How well the difference of a side from the reference is known. */
export interface JudgedPrecision extends WantedPrecision {
  /** Half width of the difference's interval over the mean of the reference; NaN where nothing tells it. */
  readonly reached: number;
  readonly pairs: number;
  readonly fails: boolean;
}

/**
 * Repetitions to have in all after the next step, so that the differences of all sides from the first one are known to a
 * share of that one's mean: of a difference itself a share would never be reached where there is none. Repetitions belong
 * together by position. As many as there are: every difference is known well enough.
 */
export function nextPairs(
  sides: readonly (readonly RunMetrics[])[],
  wanted: readonly WantedPrecision[],
  most: number,
): number {
  const [reference, ...others] = sides;
  const needed = others.flatMap((other) =>
    wanted.map((precision) => pairsNeeded(reference, other, precision)),
  );
  return nextStep(reference.length, Math.max(...needed), most);
}

export function judgePrecision(
  reference: readonly RunMetrics[],
  other: readonly RunMetrics[],
  wanted: WantedPrecision,
): JudgedPrecision {
  const pairs = measuredPairs(reference, other, wanted);
  const { low, high } = meanInterval(differences(pairs));
  const reached = (high - low) / 2 / Math.abs(mean(pairs.map(([value]) => value)));
  const fails = pairsNeeded(reference, other, wanted) > reference.length;
  return { ...wanted, reached, pairs: pairs.length, fails };
}

function pairsNeeded(
  reference: readonly RunMetrics[],
  other: readonly RunMetrics[],
  wanted: WantedPrecision,
): number {
  const pairs = measuredPairs(reference, other, wanted);
  const accepted = wanted.relative * Math.abs(mean(pairs.map(([value]) => value)));
  // Pairs without the metric count as made: what happens rarely needs more of them.
  return repetitionsFor(differences(pairs), accepted) + reference.length - pairs.length;
}

type Pair = readonly [number, number];

/** Values of the reference and the other side, where both measured the metric. */
const measuredPairs = (
  reference: readonly RunMetrics[],
  other: readonly RunMetrics[],
  { metric, phase }: WantedPrecision,
): Pair[] =>
  reference
    .map((metrics, at): Pair => [metricIn(metrics, metric, phase), metricIn(other[at], metric, phase)])
    .filter(([one, two]) => !Number.isNaN(one) && !Number.isNaN(two));

const differences = (pairs: readonly Pair[]): number[] => pairs.map(([one, two]) => two - one);
