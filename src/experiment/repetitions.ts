import { type Estimate, meanInterval } from '../statistics/intervals.ts';
import { repetitionsNeeded } from '../statistics/repetitions-needed.ts';
import { metricIn, type RunMetrics } from './run-metrics.ts';

/**
 * Seed of a repetition, counted from 1, of runs with a seed: that itself, then texts made of it. Every run of a scenario has
 * the same one in a repetition, so that strategies meet the same requests and faults (common random numbers).
 */
export const repetitionSeed = (seed: string, repetition: number): string =>
  repetition === 1 ? seed : `${seed}/${repetition}`;

/** What the repetitions of one run say of a metric. */
export interface RepeatedMetric {
  readonly metric: string;
  readonly phase: string;
  /** Repetitions in which it was measured. */
  readonly count: number;
  /** Mean over repetitions with its 95 % interval. */
  readonly estimate: Estimate;
  readonly min: number;
  readonly max: number;
}

/** One metric over the repetitions that measured it. */
export function repeatedMetric(
  repetitions: readonly RunMetrics[],
  metric: string,
  phase: string,
): RepeatedMetric {
  const values = valuesOf(repetitions, metric, phase);
  return {
    metric,
    phase,
    count: values.length,
    estimate: meanInterval(values),
    min: Math.min(...values),
    max: Math.max(...values),
  };
}

/** Of any of the repetitions, in the order of the first that has them; so are the metrics of a phase. */
export const phasesOf = (repetitions: readonly RunMetrics[]): string[] => [
  ...new Set(repetitions.flatMap((metrics) => Object.keys(metrics))),
];

export const metricsOf = (repetitions: readonly RunMetrics[], phase: string): string[] => [
  ...new Set(repetitions.flatMap((metrics) => Object.keys(metrics[phase] ?? {}))),
];

/** Where it was measured. */
const valuesOf = (repetitions: readonly RunMetrics[], metric: string, phase: string): number[] =>
  repetitions.map((metrics) => metricIn(metrics, metric, phase)).filter((value) => !Number.isNaN(value));

/** A metric that is to be known to a share of its mean. */
export interface WantedPrecision {
  readonly metric: string;
  readonly phase: string;
  /** 0.02: the half width of the interval is at most 2 % of the mean. */
  readonly relative: number;
}

/** A variance of few repetitions is uncertain: no step asks for more than so many times those that were made. */
const LARGEST_STEP = 4;

/**
 * Repetitions to have in all after the next step; as many as there are: every run is known well enough. The rule looks at
 * finished steps only, so that the number of threads has no say in it.
 */
export function nextRepetitions(
  runs: readonly (readonly RunMetrics[])[],
  wanted: readonly WantedPrecision[],
  most: number,
): number {
  const made = Math.min(...runs.map((repetitions) => repetitions.length));
  const needed = Math.max(
    ...runs.flatMap((repetitions) =>
      wanted.map(({ metric, phase, relative }) => {
        const values = valuesOf(repetitions, metric, phase);
        // Repetitions without the metric count as made: what happens rarely needs more of them.
        return repetitionsNeeded(values, relative) + repetitions.length - values.length;
      }),
    ),
  );
  return nextStep(made, needed, most);
}

/** Repetitions after the next step towards those needed. */
export const nextStep = (made: number, needed: number, most: number): number =>
  needed <= made ? made : Math.min(needed, made * LARGEST_STEP, most);
