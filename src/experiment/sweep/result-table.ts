import type { CsvValue } from '../../output/csv.ts';
import type { ParquetColumn } from '../../output/parquet.ts';
import { findMetric } from '../../scenario/metrics.ts';
import type { SweepAxis } from '../../scenario/sweep-plan.ts';
import type { RunMetrics } from '../run-metrics.ts';
import { type AxisColumn, axisCells, axisColumns } from './axis-columns.ts';
import type { RunRecord } from './run-record.ts';
import type { SweepRun } from './sweep-runs.ts';

/** A table of a sweep: its columns, and the rows of one run, in whose order they stand. */
export interface SweepTable {
  readonly columns: readonly ParquetColumn[];
  /** `record` is null for a run that is not finished. */
  rowsOf(run: SweepRun, record: RunRecord | null): CsvValue[][];
}

const RUN_COLUMNS: readonly ParquetColumn[] = [
  { name: 'run', type: 'text' },
  { name: 'repetition', type: 'integer' },
  { name: 'seed', type: 'text' },
];

/** `results`: every metric of every phase of every finished run in a row of its own. `wanted`: patterns, none: all. */
export function resultTable(axes: readonly SweepAxis[], wanted: readonly string[]): SweepTable {
  const axisList = axisColumns(axes);
  const patterns = wanted.map(patternOf);
  const isWanted = (metric: string): boolean =>
    patterns.length === 0 || patterns.some((pattern) => pattern.test(metric));
  return {
    columns: [
      ...pointColumns(axisList),
      { name: 'phase', type: 'text' },
      { name: 'metric', type: 'text' },
      { name: 'value', type: 'number' },
      { name: 'unit', type: 'text' },
    ],
    rowsOf: (run, record) => {
      const cells = cellsOf(axisList, run);
      const rows = record === null ? [] : metricRows(record.metrics);
      return rows.filter(([, metric]) => isWanted(metric)).map((row) => [...cells, ...row]);
    },
  };
}

/** `runs`: every run in one row, with what became of it. */
export function runTable(axes: readonly SweepAxis[]): SweepTable {
  const axisList = axisColumns(axes);
  return {
    columns: [
      ...pointColumns(axisList),
      { name: 'key', type: 'text' },
      { name: 'termination', type: 'text' },
      { name: 'end_ns', type: 'integer' },
      { name: 'events', type: 'integer' },
      { name: 'fingerprint', type: 'text' },
      { name: 'failed', type: 'integer' },
    ],
    rowsOf: (run, record) => [[...cellsOf(axisList, run), run.key, ...ending(record)]],
  };
}

const pointColumns = (axes: readonly AxisColumn[]): ParquetColumn[] => [
  { name: 'point', type: 'integer' },
  ...axes.map(({ name, type }) => ({ name, type })),
  ...RUN_COLUMNS,
];

const cellsOf = (axes: readonly AxisColumn[], { point, run, repetition, job }: SweepRun): CsvValue[] => [
  point.number,
  ...axisCells(axes, point),
  run,
  repetition,
  job.seed,
];

function ending(record: RunRecord | null): CsvValue[] {
  if (record === null) return ['missing', '', '', '', ''];
  const { termination, endNs, eventCount, fingerprint, failed } = record;
  return [termination, endNs, eventCount, fingerprint, failed.length];
}

type MetricRow = [phase: string, metric: string, value: number, unit: string];

/** In alphabetical order within each phase: files hold what they hold in no order. */
function metricRows(metrics: RunMetrics): MetricRow[] {
  return Object.entries(metrics)
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .flatMap(([phase, values]) =>
      Object.entries(values)
        .sort(([left], [right]) => (left < right ? -1 : 1))
        .map(([metric, value]): MetricRow => [phase, metric, value, unitOf(metric)]),
    );
}

/** A label narrows a metric down and leaves its unit alone. */
const unitOf = (metric: string): string => findMetric(metric.replace(/\{.*$/, ''))?.unit ?? '';

/** `*` stands for any characters. */
function patternOf(text: string): RegExp {
  const parts = text.split('*').map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`);
}
