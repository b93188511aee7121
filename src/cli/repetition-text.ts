import { metricsOf, phasesOf, type RepeatedMetric, repeatedMetric } from '../experiment/repetitions.ts';
import type { RunMetrics } from '../experiment/run-metrics.ts';
import type { TheoryReport } from '../experiment/theory/theory-report.ts';
import type { Manifest } from '../output/manifest.ts';
import { type Column, formatTable } from '../output/table.ts';
import { formatEstimate, unitOf } from './estimate-text.ts';
import type { Format } from './result-formats.ts';
import { finite, formatRows, type Row, type RowFormat } from './row-formats.ts';
import type { Paint } from './terminal.ts';
import { THEORY_COLUMNS, theoryObject, theoryRows, theoryText } from './theory-text.ts';

export interface RepeatedRunMetrics {
  readonly run: string;
  readonly repetitions: readonly RunMetrics[];
}

export interface RepetitionFormat {
  readonly scenario: string;
  /** First and last. */
  readonly seeds: string;
  /** Warm-ups that were found, as a line; empty where the scenario states them. */
  readonly warmups: string;
  readonly format: Format;
  readonly program: Manifest['program'];
  readonly paint: Paint;
  /** Phases as well, and every statistic of a time. */
  readonly details: boolean;
  /** Run by run; empty: nobody asked for theory. */
  readonly theory: readonly TheoryReport[];
}

const COLUMNS = ['scenario', 'run', 'phase', 'metric', 'unit', 'count', 'mean', 'low', 'high', 'min', 'max'];

/** Mean and 95 % interval of each metric over the repetitions of each run. */
export function formatRepetitions(runs: readonly RepeatedRunMetrics[], format: RepetitionFormat): string {
  if (format.format === 'text') return repetitionText(runs, format);
  if (format.format !== 'json' && format.theory.length > 0) return theoryTable(runs, format, format.format);
  const rows = runs.flatMap(({ run, repetitions }) =>
    phasesOf(repetitions).flatMap((phase) =>
      metricsOf(repetitions, phase).map((metric) =>
        metricRow(format.scenario, run, repeatedMetric(repetitions, metric, phase)),
      ),
    ),
  );
  const theory = format.theory.map((report) => ({ run: report.run, ...theoryObject(report) }));
  const more = theory.length === 0 ? {} : { theory };
  return formatRows(format.format, { columns: COLUMNS, rows, program: format.program, more });
}

/** In place of the means: a table for programs holds one thing. */
function theoryTable(
  runs: readonly RepeatedRunMetrics[],
  { theory, scenario, seeds, program }: RepetitionFormat,
  format: RowFormat,
): string {
  const rows = theory.flatMap((report, at) =>
    theoryRows(report, { scenario, seed: seeds, repetitions: runs[at].repetitions.length }),
  );
  return formatRows(format, { columns: THEORY_COLUMNS, rows, program });
}

function metricRow(scenario: string, run: string, repeated: RepeatedMetric): Row {
  const { metric, phase, count, estimate, min, max } = repeated;
  const { value, low, high } = estimate;
  const figures = {
    mean: finite(value),
    low: finite(low),
    high: finite(high),
    min: finite(min),
    max: finite(max),
  };
  return { scenario, run, phase, metric, unit: unitOf(metric), count, ...figures };
}

function repetitionText(runs: readonly RepeatedRunMetrics[], format: RepetitionFormat): string {
  const { scenario, seeds, warmups, paint, details } = format;
  const all = runs.flatMap(({ repetitions }) => repetitions);
  const phases = phasesOf(all).filter((phase) => details || phase === '');
  const columns: Column[] = [
    { title: 'metric', align: 'left' },
    ...runs.map(
      ({ run, repetitions }): Column => ({ title: `${run} (${repetitions.length})`, align: 'right' }),
    ),
  ];
  const tables = phases.map((phase) => {
    const metrics = metricsOf(all, phase).filter((metric) => details || isTold(metric));
    const rows = metrics
      .map((metric) => runs.map(({ repetitions }) => repeatedMetric(repetitions, metric, phase)))
      .filter((cells) => cells.some(({ min, max }) => min !== 0 || max !== 0))
      .map((cells) => [
        cells[0].metric,
        ...cells.map(({ metric, estimate }) => formatEstimate(metric, estimate)),
      ]);
    return rows.length === 0
      ? ''
      : `${phase === '' ? '' : `\nphase ${phase}\n`}${formatTable(columns, rows)}`;
  });
  const title = `${paint('bold', scenario)}: mean and 95 % interval over repetitions\n\n`;
  const theory = format.theory.map(
    (report) => `\n${runs.length > 1 ? `${report.run}: ` : ''}${theoryText(report, paint)}`,
  );
  return `${title}${tables.join('')}${theory.join('')}\n${warmups}seeds   ${seeds}\n`;
}

/** The rest stands in the other formats: a table for people has to end somewhere. */
const isTold = (metric: string): boolean => !/\.(count|p50|p999)$|\{/.test(metric);
