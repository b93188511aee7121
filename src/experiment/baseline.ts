import { findMetric } from '../scenario/metrics.ts';
import { type ComparedMetric, compareRepetitions } from './paired-comparison.ts';
import { type RunMetrics, runMetrics } from './run-metrics.ts';
import type { RunSummary } from './summary.ts';

/** What scenarios measured when somebody last looked at it and found it right: a small file to be committed. */
export interface Baseline {
  readonly schemaVersion: 1;
  readonly scenarios: readonly ScenarioBaseline[];
}

export interface ScenarioBaseline {
  readonly name: string;
  /** From the folder of the baseline, with slashes. */
  readonly file: string;
  /** Of the scenario's text. */
  readonly sha256: string;
  /** What the command line changed in it, in order. */
  readonly overrides: readonly string[];
  readonly reps: number;
  readonly runs: readonly RunBaseline[];
}

export interface RunBaseline {
  readonly run: string;
  /** By repetition. */
  readonly fingerprints: readonly string[];
  /** Metrics of the whole run that were zero in every repetition. */
  readonly zero: readonly string[];
  /** The others by name: a value for each repetition, null where it was not measured. */
  readonly metrics: Readonly<Record<string, readonly (number | null)[]>>;
}

/** The repetitions of one run as a baseline keeps them. */
export function runBaseline(run: string, summaries: readonly RunSummary[]): RunBaseline {
  const repetitions = summaries.map((summary) => runMetrics(summary)['']);
  const names = [...new Set(repetitions.flatMap((metrics) => Object.keys(metrics)))].sort();
  const isZero = (name: string): boolean => repetitions.every((metrics) => metrics[name] === 0);
  return {
    run,
    fingerprints: summaries.map(({ meta }) => meta.fingerprint),
    zero: names.filter(isZero),
    metrics: Object.fromEntries(
      names
        .filter((name) => !isZero(name))
        .map((name) => [name, repetitions.map((metrics) => metrics[name] ?? null)]),
    ),
  };
}

/** How a run stands to its baseline. */
export interface BaselineCheck {
  readonly run: string;
  /** `events`: not the same events any more, but nothing measured tells the difference. */
  readonly outcome: 'same' | 'events' | 'changed';
  /** Metrics that differ beyond chance; of a single repetition, that differ. */
  readonly changed: readonly ComparedMetric[];
}

/**
 * Holds a run against its baseline, seed by seed. Only what the baseline knows is looked at, so that a metric that is
 * counted for the first time changes nothing. Equal events that measure something else are a change too: of the measurement.
 */
export function checkRun(known: RunBaseline, now: readonly RunSummary[]): BaselineCheck {
  const { run, fingerprints } = known;
  const names = new Set([...known.zero, ...Object.keys(known.metrics)]);
  const before = fingerprints.map((_, at) => metricsAt(known, at));
  const after = now.map((summary): RunMetrics => ({ '': runMetrics(summary)[''] }));
  const compared = compareRepetitions(before, after, (metric) => names.has(metric));
  const sameEvents = now.every(({ meta }, at) => meta.fingerprint === fingerprints[at]);
  const changed = compared.filter((row) => isChange(row, before, after, sameEvents));
  if (changed.length > 0) return { run, outcome: 'changed', changed };
  return { run, outcome: sameEvents ? 'same' : 'events', changed };
}

/**
 * With equal seeds the smallest shift is beyond chance, since pairs hardly spread; less than this share of a time or rate
 * is what another order of two events makes, and nobody's business. Counts are whole: each of them matters.
 */
const NEGLIGIBLE = 0.001;

/** The same events must measure the same numbers; other events, numbers that chance explains. */
function isChange(
  { metric, verdict, pairs, reference, difference }: ComparedMetric,
  before: readonly RunMetrics[],
  after: readonly RunMetrics[],
  sameEvents: boolean,
): boolean {
  if (verdict === 'equal') return measured(before, metric) !== measured(after, metric);
  if (sameEvents || pairs === 0) return true;
  if (verdict === 'no difference shown') return false;
  const isCount = findMetric(metric)?.kind === 'count';
  return isCount || Math.abs(difference.value) > NEGLIGIBLE * Math.abs(reference);
}

/** In how many repetitions. */
const measured = (repetitions: readonly RunMetrics[], metric: string): number =>
  repetitions.filter((metrics) => metrics[''][metric] !== undefined).length;

function metricsAt({ zero, metrics }: RunBaseline, repetition: number): RunMetrics {
  const values = Object.entries(metrics).map(([name, list]) => [name, list[repetition]] as const);
  const present = values.filter((entry): entry is [string, number] => entry[1] !== null);
  return { '': { ...Object.fromEntries(zero.map((name) => [name, 0])), ...Object.fromEntries(present) } };
}

/** JSON with a line for each metric, so that a change of the baseline can be read as a diff. */
export function formatBaseline({ schemaVersion, scenarios }: Baseline): string {
  const parts = scenarios.map(({ runs, ...head }) => {
    const fields = Object.entries(head).map(([name, value]) => `      "${name}": ${JSON.stringify(value)}`);
    return `    {\n${fields.join(',\n')},\n      "runs": [\n${runs.map(formatRun).join(',\n')}\n      ]\n    }`;
  });
  return `{\n  "schemaVersion": ${schemaVersion},\n  "scenarios": [\n${parts.join(',\n')}\n  ]\n}\n`;
}

function formatRun({ run, fingerprints, zero, metrics }: RunBaseline): string {
  const lines = Object.entries(metrics).map(
    ([name, values]) => `            ${JSON.stringify(name)}: ${JSON.stringify(values)}`,
  );
  return [
    '        {',
    `          "run": ${JSON.stringify(run)},`,
    `          "fingerprints": ${JSON.stringify(fingerprints)},`,
    `          "zero": ${JSON.stringify(zero)},`,
    `          "metrics": {\n${lines.join(',\n')}\n          }`,
    '        }',
  ].join('\n');
}

/** Reads a baseline back; null when the text is none. */
export function parseBaseline(text: string): Baseline | null {
  try {
    const value: unknown = JSON.parse(text);
    return isBaseline(value) ? value : null;
  } catch {
    return null;
  }
}

function isBaseline(value: unknown): value is Baseline {
  const { schemaVersion, scenarios } = (value ?? {}) as Partial<Baseline>;
  return schemaVersion === 1 && Array.isArray(scenarios) && scenarios.every(isScenario);
}

function isScenario(value: unknown): boolean {
  const { name, file, sha256, overrides, reps, runs } = (value ?? {}) as Partial<ScenarioBaseline>;
  const isTold = [name, file, sha256].every((text) => typeof text === 'string');
  return (
    isTold &&
    Array.isArray(overrides) &&
    Number.isSafeInteger(reps) &&
    Array.isArray(runs) &&
    runs.every(isRun)
  );
}

function isRun(value: unknown): boolean {
  const { run, fingerprints, zero, metrics } = (value ?? {}) as Partial<RunBaseline>;
  return (
    typeof run === 'string' &&
    Array.isArray(fingerprints) &&
    Array.isArray(zero) &&
    typeof metrics === 'object' &&
    metrics !== null &&
    Object.values(metrics).every((values) => Array.isArray(values) && values.length === fingerprints.length)
  );
}
