import type { NoPathTold } from '../observe/last-paths.ts';
import { PATH_TIMES } from '../observe/path-times.ts';
import { COMPONENTS } from '../observe/request-times.ts';
import type { CountEntry } from '../output/counts-csv.ts';
import { COUNT_NAMES, wholeOf } from '../scenario/metrics.ts';
import type { MigrationReport } from '../scenario/migration-report.ts';
import { formatChpid } from '../zarch/ids.ts';
import { type WarmupSummary, warmupOf } from './detected-warmup.ts';
import { metricValue } from './metric-value.ts';
import { type PciSummary, summarizePci } from './pci-summary.ts';
import { type ReplaySummary, summarizeReplays } from './replay-summary.ts';
import { type BatchSummary, summarizeBatches } from './run-batches.ts';
import type { RunFigures } from './run-figures.ts';
import type { RunResult } from './simulate.ts';
import type { Verdict } from './verdicts.ts';

/** Figures of one distribution in nanoseconds; null where nothing was measured. */
export interface TimeSummary {
  readonly count: number;
  readonly mean: number | null;
  readonly p50: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
  readonly p999: number | null;
  readonly max: number | null;
}

/** The figures of one phase, or of the whole run. */
export interface SpanSummary {
  readonly counts: Readonly<Record<string, number>>;
  /** By metric name without statistic (`io.response`); only those that were measured. */
  readonly times: Readonly<Record<string, TimeSummary>>;
  /** Requests answered per second. */
  readonly ioRate: number;
  /** Sum over devices of the time during which a system's masks were wrong, ns. */
  readonly pathStaleNs: number;
  /** Other figures of paths by metric name, in its unit; only those that were measured, and are not zero. */
  readonly paths: Readonly<Record<string, number>>;
  /** Whether devices that lost their last path were known to have none; absent where none did. */
  readonly noPathTold?: NoPathTold;
  readonly channelPaths: readonly {
    readonly chpid: string;
    readonly utilisation: number;
    readonly operations: number;
  }[];
}

/** What `summary.json` holds and `--json` prints. */
export interface RunSummary {
  readonly meta: {
    readonly schemaVersion: 1;
    readonly scenario: string;
    readonly run: string;
    readonly seed: string;
    readonly termination: string;
    readonly endNs: number;
    readonly eventCount: number;
    readonly fingerprint: string;
  };
  /** Where measurement begins, and how that was found; absent where the scenario states it. */
  readonly warmup?: WarmupSummary;
  readonly total: SpanSummary;
  /** Confidence intervals of figures of the total, when they were asked for. */
  readonly batches?: BatchSummary;
  readonly phases: Readonly<Record<string, SpanSummary>>;
  readonly thresholds: readonly Verdict[];
  /** What became of recorded traces; absent where none was replayed. */
  readonly replays?: readonly ReplaySummary[];
  /** What became of migrations; absent where there was none. */
  readonly migrations?: readonly MigrationReport[];
  /** Ways to ISM functions; absent where there are none. */
  readonly pci?: readonly PciSummary[];
  /** Checks of an instruction script (kind `step`) among them. */
  readonly expectations: readonly Verdict[];
}

export function summarize(result: RunResult): RunSummary {
  const { scenario, figures, verdicts } = result;
  const replays = summarizeReplays(figures);
  const warmup = warmupOf(scenario);
  const batches = summarizeBatches(figures.measurement);
  const migrations = figures.final?.migrations ?? [];
  const pci = summarizePci(figures);
  return {
    meta: {
      schemaVersion: 1,
      scenario: scenario.name,
      run: scenario.run,
      seed: scenario.seed,
      termination: result.termination,
      endNs: result.endNs,
      eventCount: result.eventCount,
      fingerprint: result.fingerprint,
    },
    ...(warmup !== null && { warmup }),
    total: summarizeSpan(figures, ''),
    ...(batches !== null && { batches }),
    ...(replays.length > 0 && { replays }),
    ...(migrations.length > 0 && { migrations }),
    ...(pci.length > 0 && { pci }),
    phases: Object.fromEntries(scenario.phases.map(({ name }) => [name, summarizeSpan(figures, name)])),
    thresholds: verdicts.filter(({ kind }) => kind === 'threshold'),
    expectations: verdicts.filter(({ kind }) => kind !== 'threshold'),
  };
}

/** Every count of every phase: sums first, then the single systems and condition codes where there are any. */
export function countEntries(figures: RunFigures): CountEntry[] {
  const { systems } = figures.observer;
  return figures.measurement.spanNames.flatMap((phase) => {
    const sums = Object.entries(sumCounts(figures, phase));
    const labelled = figures.measurement.countRows(phase).filter(({ system, cc }) => system >= 0 || cc >= 0);
    return [
      ...sums.map(([name, value]) => ({ phase, name, system: '', cc: '', value })),
      ...labelled.map(({ name, system, cc, value }) => ({
        phase,
        name,
        system: systems[system]?.name ?? '',
        cc: cc < 0 ? '' : String(cc),
        value,
      })),
    ];
  });
}

function summarizeSpan(figures: RunFigures, phase: string): SpanSummary {
  const { measurement } = figures;
  const loads = measurement.pathLoad(phase);
  const rate = metricValue(figures, 'io.rate', {}, phase).value;
  const noPathTold = measurement.noPathTold(phase);
  return {
    counts: sumCounts(figures, phase),
    times: {
      ...requestTimes(figures, phase),
      ...pathTimes(figures, phase),
      ...recoveryTimes(figures, phase),
      ...moveTimes(figures, phase),
    },
    ioRate: Number.isNaN(rate) ? 0 : rate,
    pathStaleNs: measurement.pathTimes('stale', phase, -1, null).sum,
    paths: pathFigures(figures, phase),
    ...(noPathTold !== null && { noPathTold }),
    channelPaths: measurement.chpids.map((chpid, path) => ({ chpid: formatChpid(chpid), ...loads[path] })),
  };
}

/** Sums by name: all counts there are for the whole run, those that are not zero for a phase. */
function sumCounts(figures: RunFigures, phase: string): Record<string, number> {
  const sums = new Map<string, number>();
  if (phase === '') {
    for (const name of COUNT_NAMES) sums.set(name, 0);
    sums.set('io.lost', figures.lost);
    sums.set('io.stale_reads', figures.observer.versions.staleReads);
    sums.set('path.stranded', figures.observer.paths.stranded);
  }
  for (const { name, value } of figures.measurement.countRows(phase)) {
    sums.set(name, (sums.get(name) ?? 0) + value);
    const whole = wholeOf(name);
    if (whole !== null) sums.set(whole, (sums.get(whole) ?? 0) + value);
  }
  return Object.fromEntries(sums);
}

function requestTimes(figures: RunFigures, phase: string): Record<string, TimeSummary> {
  const times: Record<string, TimeSummary> = {};
  for (const component of COMPONENTS) {
    const figure = figures.measurement.distribution(component, phase);
    if (figure.count > 0) times[`io.${component}`] = timeSummary(figure);
  }
  return times;
}

function pathTimes(figures: RunFigures, phase: string): Record<string, TimeSummary> {
  const times: Record<string, TimeSummary> = {};
  for (const name of PATH_TIMES) {
    const figure = figures.measurement.pathTimes(name, phase, -1, null);
    if (figure.count > 0) times[`path.${name}`] = timeSummary(figure);
  }
  return times;
}

function recoveryTimes(figures: RunFigures, phase: string): Record<string, TimeSummary> {
  const times: Record<string, TimeSummary> = {};
  for (const name of ['disable', 'verify'] as const) {
    const figure = figures.measurement.recoveryTimes(name, phase, -1, null);
    if (figure.count > 0) times[`path.${name}`] = timeSummary(figure);
  }
  return times;
}

function moveTimes(figures: RunFigures, phase: string): Record<string, TimeSummary> {
  const figure = figures.measurement.moveTimes(phase, -1);
  return figure.count > 0 ? { 'pci.move': timeSummary(figure) } : {};
}

/** Metrics that are neither counts nor distributions, and stand nowhere else in a summary. */
const PATH_FIGURES = [
  'path.capacity_lost',
  'path.blocks_at_risk',
  'path.disable_errors',
  'path.suppressed',
  'path.suppressed_good',
  'path.false_suppressions',
  'path.verify_peak',
] as const;

function pathFigures(figures: RunFigures, phase: string): Record<string, number> {
  const values = PATH_FIGURES.map((name) => [name, metricValue(figures, name, {}, phase).value] as const);
  return Object.fromEntries(values.filter(([, value]) => value > 0));
}

function timeSummary(figure: Record<keyof TimeSummary, number>): TimeSummary {
  const { count, mean, p50, p95, p99, p999, max } = figure;
  return { count, mean, p50, p95, p99, p999, max };
}
