import type { ResponseSeries } from '../observe/response-series.ts';
import type { DetectedWarmup, ResolvedScenario } from '../scenario/resolved.ts';
import { mserCut } from '../statistics/warm-up.ts';

/** Where measurement begins, ns, and how that was found. */
export type WarmupSummary = { readonly ns: number } & DetectedWarmup;

/** Of a run that had to find it; null where the scenario states it. */
export function warmupOf({ warmupNs, warmup }: ResolvedScenario): WarmupSummary | null {
  if (warmup === undefined || warmup === 'auto') return null;
  // One by one: a manifest has keys in another order, and its replay must write the same bytes.
  const { rule, settled, batch, requests, leftOut } = warmup;
  return { ns: warmupNs, rule, settled, batch, requests, leftOut };
}

/** Whether the warm-up of a run is still to be found. */
export const wantsWarmup = ({ warmup }: ResolvedScenario): boolean => warmup === 'auto';

/**
 * What is run to find the warm-up: the same events with nothing but the series measured. Thresholds are left out: one with
 * `abort` would end the run by figures that the transient is part of.
 */
export const pilotOf = (scenario: ResolvedScenario): ResolvedScenario => ({
  ...scenario,
  thresholds: [],
  expectations: [],
  trace: { ...scenario.trace, level: 'none' },
});

/**
 * The scenario with the warm-up that MSER-5 finds in the response times of a pilot run. It ends right behind the last
 * request that is left out, or with the first arrival when none is. Where the rule does not find an end in the first half
 * of the requests, that half is left out and `settled` is false: the run is too short, or never comes to rest.
 */
export function withDetectedWarmup(scenario: ResolvedScenario, series: ResponseSeries): ResolvedScenario {
  const { size, length, ends, firstArrivalNs } = series;
  const cut = mserCut(series.means, length);
  const deleted = cut ?? Math.floor(length / 2);
  const warmupNs = deleted === 0 ? firstArrivalNs : ends[deleted - 1] + 1;
  const requests = { batch: size, requests: length * size, leftOut: deleted * size };
  return { ...scenario, warmupNs, warmup: { rule: 'mser-5', settled: cut !== null, ...requests } };
}
