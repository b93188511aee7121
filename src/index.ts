/**
 * chpsim as a library: load a scenario, simulate its runs, ask for counts, times and events.
 *
 *   const loaded = loadScenario('forty-two.yaml', { overrides: ['seed=7'] });
 *   if (!loaded.ok) throw loaded.errors[0];
 *   const run = await runScenario(loaded.scenario.runs[0]);
 *   run.metric('host.stsch', { cc: '0' }, 'loss').value;      // 168
 *   run.metric('io.response.p99').value;                      // ns
 *
 * Two runs in one process share nothing; the same scenario, seed and strategy give the same result every time.
 */
import { buildIn } from './experiment/built-run.ts';
import { decodeEvent, decodeRequest, type RunEvent, type RunRequest } from './experiment/decoded-records.ts';
import { type Exploration, type ExploreOptions, explore } from './experiment/explore.ts';
import { type MetricValue, metricValue } from './experiment/metric-value.ts';
import { type RunSink, simulate } from './experiment/simulate.ts';
import { type RunSummary, summarize } from './experiment/summary.ts';
import { EVENT_WORDS, REQUEST_WORDS } from './observe/trace-buffer.ts';
import { type MeasurementRow, measurementRows } from './output/measurement-csv.ts';
import { buildSimulation } from './scenario/build.ts';
import { findMetric } from './scenario/metrics.ts';
import { observedSystems } from './scenario/observed-systems.ts';
import type { Labels, ResolvedScenario } from './scenario/resolved.ts';

export type { RunEvent, RunRequest } from './experiment/decoded-records.ts';
export type { Exploration, ExploredOutcome, ExploreOptions, FailingOrder } from './experiment/explore.ts';
export type { MetricValue } from './experiment/metric-value.ts';
export { RunDefect } from './experiment/run-defect.ts';
export type { RunSummary, SpanSummary, TimeSummary } from './experiment/summary.ts';
export {
  compareTraces,
  type TraceComparison,
  type TraceComparisonOptions,
  TraceError,
} from './experiment/trace-comparison.ts';
export type { Verdict } from './experiment/verdicts.ts';
export { EVENT_TABLE, type EventDefinition, type EventName } from './observe/event-table.ts';
export type { MeasurementRow } from './output/measurement-csv.ts';
export { ScenarioError } from './scenario/errors.ts';
export { jsonSchema } from './scenario/json-schema.ts';
export {
  type LoadedScenario,
  type LoadOptions,
  type LoadResult,
  loadScenario,
  loadScenarioText,
} from './scenario/load.ts';
export { METRICS, type Metric } from './scenario/metrics.ts';
export type { Labels, ResolvedScenario } from './scenario/resolved.ts';
export { batchMeans } from './statistics/batch-means.ts';
export { holm } from './statistics/holm.ts';
export {
  type Difference,
  type Estimate,
  independentDifference,
  meanInterval,
  pairedDifference,
  pairedRatio,
} from './statistics/intervals.ts';
export { clopperPearson, wilson } from './statistics/proportions.ts';
export { repairman, responseMG1, responseMM1, responseMMc } from './statistics/queueing.ts';
export { repetitionsNeeded } from './statistics/repetitions-needed.ts';
export { warmUpLength } from './statistics/warm-up.ts';

/** What a caller may ask of a run besides its result. */
export interface RunOptions {
  /** Ends the run at this simulated time, ns, when that is before the scenario's end. */
  readonly untilNs?: number;
  /** Gets every event of the scenario's trace level (`trace.level`), some time after it happened, in order. */
  readonly onEvent?: (event: RunEvent) => void;
  /** Gets every application request that has ended, unless the trace level is `none`. */
  readonly onRequest?: (request: RunRequest) => void;
  /** Called now and then with the simulated time, ns, and the number of kernel events so far. */
  readonly onProgress?: (nowNs: number, events: number) => void;
  /** Folder of the scenario (`LoadedScenario.folder`), from which it names traces; default: the working directory. */
  readonly folder?: string;
  /** Asked now and then; true ends the run at the next event boundary. */
  readonly shouldStop?: () => boolean;
}

/** A finished run. */
export interface Run {
  /** All figures, as `summary.json` has them. */
  readonly summary: RunSummary;
  /** Digest of all kernel events: equal digests mean that the same things happened in the same order. */
  readonly fingerprint: string;
  /** What channel measurement (`cmb-enable`) told, as measurement.csv has it. */
  readonly measurements: readonly MeasurementRow[];
  /** Whether every threshold and expectation of the scenario was met, or undecided where that is allowed. */
  readonly passed: boolean;
  /**
   * One figure by the name that thresholds use (`METRICS`), with labels (`{ cc: '0' }`), in a phase or in the whole run
   * (empty). Throws a RangeError for a name or phase that does not exist.
   */
  metric(name: string, where?: Labels, phase?: string): MetricValue;
}

/** Simulates one run of a scenario. Rejects with a RunDefect when the simulator itself is at fault. */
export async function runScenario(scenario: ResolvedScenario, options: RunOptions = {}): Promise<Run> {
  const { untilNs, onEvent, onRequest, folder = '', ...others } = options;
  const until = untilNs === undefined ? {} : { until: untilNs };
  const sink = decodingSink(scenario, onEvent, onRequest);
  const result = await simulate(scenario, buildIn(buildSimulation, folder), { ...others, ...until, sink });
  return {
    summary: summarize(result),
    fingerprint: result.fingerprint,
    measurements: measurementRows(result.figures.final!.measurements),
    passed: result.verdicts.every(({ fails }) => !fails),
    metric(name, where = {}, phase = '') {
      if (findMetric(name) === undefined) throw new RangeError(`no metric is called "${name}"`);
      const known = phase === '' || scenario.phases.some((span) => span.name === phase);
      if (!known) throw new RangeError(`no phase is called "${phase}"`);
      return metricValue(result.figures, name, where, phase);
    },
  };
}

/**
 * Runs a scenario that has an `explore` window in every order of its events, as `chpsim explore` does. An order that fails is
 * part of the result.
 */
export function exploreScenario(
  scenario: ResolvedScenario,
  options: ExploreOptions & Pick<RunOptions, 'folder'> = {},
): Promise<Exploration> {
  return explore(scenario, buildIn(buildSimulation, options.folder ?? ''), options);
}

function decodingSink(
  scenario: ResolvedScenario,
  onEvent: RunOptions['onEvent'],
  onRequest: RunOptions['onRequest'],
): RunSink | null {
  if (onEvent === undefined && onRequest === undefined) return null;
  const systems = observedSystems(scenario);
  return {
    begin() {},
    interval() {},
    events(records, count) {
      if (onEvent === undefined) return;
      for (let at = 0; at < count * EVENT_WORDS; at += EVENT_WORDS)
        onEvent(decodeEvent(records, at, systems));
    },
    requests(records, count) {
      if (onRequest === undefined) return;
      for (let at = 0; at < count * REQUEST_WORDS; at += REQUEST_WORDS) {
        onRequest(decodeRequest(records, at, systems));
      }
    },
  };
}
