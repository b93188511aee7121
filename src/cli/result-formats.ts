import type { RunSummary, SpanSummary } from '../experiment/summary.ts';
import { formatCsv } from '../output/csv.ts';
import type { Manifest } from '../output/manifest.ts';
import { resultText } from './result-text.ts';
import type { Paint } from './terminal.ts';

export const FORMATS = ['text', 'json', 'jsonl', 'csv', 'pairs'] as const;
export type Format = (typeof FORMATS)[number];

/** What `run` prints of one run. */
export interface PrintedRun {
  readonly summary: RunSummary;
  /** Where its files are; empty when it wrote none. */
  readonly folder: string;
  /** Command line that makes it again. */
  readonly repeat: string;
}

/** All runs in one of the formats for programs, or as text for people. */
export function formatRuns(
  format: Format,
  program: Manifest['program'],
  runs: readonly PrintedRun[],
  paint: Paint,
  allSteps: boolean,
): string {
  switch (format) {
    case 'text':
      return runs.map((run) => runText(run, paint, allSteps)).join('\n');
    case 'json':
      return `${JSON.stringify({ meta: { schemaVersion: 1, ...program }, runs: runs.map(runObject) })}\n`;
    case 'jsonl':
      return runs.map((run) => `${JSON.stringify(runObject(run))}\n`).join('');
    case 'csv':
      return formatCsv({ columns: COLUMNS, rows: runs.flatMap(metricRows) });
    case 'pairs':
      return runs.flatMap(metricRows).map(pairs).join('');
  }
}

function runText({ summary, folder, repeat }: PrintedRun, paint: Paint, allSteps: boolean): string {
  const files = folder === '' ? '' : `files   ${folder}\n`;
  return `${resultText(summary, paint, allSteps)}\nseed    ${summary.meta.seed}\n${files}repeat  ${repeat}\n`;
}

function runObject({ summary, folder, repeat }: PrintedRun): object {
  const { meta, ...figures } = summary;
  return { meta: { ...meta, folder, repeat }, ...figures };
}

const COLUMNS = ['scenario', 'run', 'seed', 'phase', 'metric', 'value'] as const;
type Row = Readonly<Record<(typeof COLUMNS)[number], string | number>>;

/** One row per figure, in the names of thresholds. */
function metricRows({ summary }: PrintedRun): Row[] {
  const { scenario, run, seed } = summary.meta;
  const spans: [string, SpanSummary][] = [['', summary.total], ...Object.entries(summary.phases)];
  return spans.flatMap(([phase, span]) =>
    spanMetrics(span).map(([metric, value]) => ({ scenario, run, seed, phase, metric, value })),
  );
}

function spanMetrics({ counts, times, ioRate, pathStaleNs, channelPaths }: SpanSummary): [string, number][] {
  const statistics = Object.entries(times).flatMap(([name, { count, ...figures }]) => [
    [`${name}.count`, count] as [string, number],
    ...Object.entries(figures).map(([statistic, value]): [string, number] => [
      `${name}.${statistic}`,
      value ?? Number.NaN,
    ]),
  ]);
  return [
    ...Object.entries(counts),
    ['io.rate', ioRate],
    ...statistics,
    ['path.stale', pathStaleNs],
    ...channelPaths.map(({ chpid, utilisation }): [string, number] => [
      `path.utilisation{chpid=${chpid}}`,
      utilisation,
    ]),
  ];
}

const pairs = (row: Row): string =>
  `${COLUMNS.map((column) => `${column}="${String(row[column]).replaceAll(/["\\]/g, '\\$&')}"`).join(' ')}\n`;
