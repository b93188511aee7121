import { runMetrics } from '../experiment/run-metrics.ts';
import type { RunSummary } from '../experiment/summary.ts';
import type { CsvValue } from '../output/csv.ts';
import type { PrintedRun } from './result-formats.ts';

export type CsvRow = Readonly<Record<string, CsvValue>>;

export const RUN_COLUMNS = ['scenario', 'run', 'seed', 'phase'] as const;
const FIGURE_COLUMNS = [...RUN_COLUMNS, 'metric', 'value'] as const;
/** Of figures with an interval by batch means. */
const INTERVAL_COLUMNS = ['low', 'high', 'lag1', 'batches'] as const;

export const figureColumns = (runs: readonly PrintedRun[]): readonly string[] =>
  runs.some(({ summary }) => summary.batches !== undefined)
    ? [...FIGURE_COLUMNS, ...INTERVAL_COLUMNS]
    : FIGURE_COLUMNS;

/** One row per figure, in the names of thresholds; what was not measured has none. */
export function figureRows({ summary }: PrintedRun): CsvRow[] {
  const { scenario, run, seed } = summary.meta;
  return Object.entries(runMetrics(summary)).flatMap(([phase, metrics]) =>
    Object.entries({ ...metrics, ...onlyInBatches(summary, phase) }).map(([metric, value]) => ({
      ...{ scenario, run, seed, phase, metric, value },
      ...intervalCells(summary, phase, metric),
    })),
  );
}

/** The mean utilisation of all channel paths is no figure of a summary. */
function onlyInBatches({ batches }: RunSummary, phase: string): Record<string, number> {
  if (phase !== '' || batches === undefined) return {};
  const found = batches.metrics.find(({ metric }) => metric === 'path.utilisation');
  return found === undefined ? {} : { [found.metric]: found.value };
}

/** None where nobody asked for batches; empty where a figure has no interval. */
function intervalCells({ batches }: RunSummary, phase: string, metric: string): CsvRow {
  if (batches === undefined) return {};
  const found = phase === '' ? batches.metrics.find((batched) => batched.metric === metric) : undefined;
  if (found === undefined) return { low: '', high: '', lag1: '', batches: '' };
  const { low, high, lag1, verdict } = found;
  return { low, high, lag1, batches: verdict };
}
