import type { ComparedRun } from '../experiment/compared-run.ts';
import { allCells, phaseNames } from '../experiment/comparison.ts';
import { COMPARISON_COLUMNS } from '../experiment/comparison-columns.ts';
import type { TheoryReport } from '../experiment/theory/theory-report.ts';
import { type CsvValue, formatCsv } from '../output/csv.ts';
import type { Manifest } from '../output/manifest.ts';
import { type CsvRow, figureColumns, figureRows, RUN_COLUMNS } from './figure-rows.ts';
import { comparisonText } from './result-comparison.ts';
import { resultText } from './result-text.ts';
import { formatRows } from './row-formats.ts';
import type { Paint } from './terminal.ts';
import { THEORY_COLUMNS, theoryObject, theoryRows, theoryText } from './theory-text.ts';
import { warmupLine, warmupRange } from './warmup-text.ts';

export const FORMATS = ['text', 'json', 'jsonl', 'csv', 'pairs'] as const;
export type Format = (typeof FORMATS)[number];

/** What `run` prints of one run. */
export interface PrintedRun extends ComparedRun {
  /** Where its files are; empty when it wrote none. */
  readonly folder: string;
  /** Command line that makes it again. */
  readonly repeat: string;
  /** Missing: nobody asked for theory. */
  readonly theory?: TheoryReport;
}

export interface FormatOptions {
  readonly format: Format;
  readonly program: Manifest['program'];
  readonly paint: Paint;
  /** Every check of an instruction script, in text. */
  readonly steps: boolean;
  readonly show: Shown;
}

/** All figures of each run, how the runs compare, or both. A table for programs holds one of them; JSON has room for both. */
export type Shown = 'runs' | 'comparison' | 'both';

/** One or several runs in one of the formats for programs, or as text for people. */
export function formatRuns(runs: readonly PrintedRun[], options: FormatOptions): string {
  const { format, program, show } = options;
  const details = show !== 'comparison';
  if (format !== 'text' && format !== 'json' && runs.some(({ theory }) => theory !== undefined)) {
    return formatRows(format, { columns: THEORY_COLUMNS, rows: runs.flatMap(theoryOfPrinted), program });
  }
  switch (format) {
    case 'text':
      return runsText(runs, options);
    case 'json': {
      const meta = { schemaVersion: 1, ...program };
      const comparison = show === 'runs' ? {} : { comparison: comparisonRows(runs) };
      return `${JSON.stringify({ meta, ...comparison, runs: runs.map(runObject) })}\n`;
    }
    case 'jsonl': {
      const objects = details ? runs.map(runObject) : comparisonRows(runs);
      return objects.map((object) => `${JSON.stringify(object)}\n`).join('');
    }
    case 'csv':
      return details
        ? formatCsv({ columns: figureColumns(runs), rows: runs.flatMap(figureRows) })
        : formatCsv({ columns: CELL_COLUMNS, rows: comparisonRows(runs).map(asCsv) });
    case 'pairs':
      return (details ? runs.flatMap(figureRows) : comparisonRows(runs).map(asCsv)).map(pairs).join('');
  }
}

function runsText(runs: readonly PrintedRun[], { paint, steps, show }: FormatOptions): string {
  const texts = show === 'comparison' ? [] : runs.map((run) => runText(run, paint, steps));
  if (show !== 'runs') texts.push(comparisonText(runs, paint) + endText(runs, show));
  for (const { theory, summary } of runs) {
    if (theory === undefined) continue;
    texts.push(`${runs.length === 1 ? '' : `${summary.meta.run}: `}${theoryText(theory, paint)}`);
  }
  return texts.join('\n');
}

function runText({ summary, folder, repeat }: PrintedRun, paint: Paint, steps: boolean): string {
  const files = folder === '' ? '' : `files   ${folder}\n`;
  return `${resultText(summary, paint, steps)}\n${warmupLine(summary)}seed    ${summary.meta.seed}\n${files}repeat  ${repeat}\n`;
}

/** What several runs have in common; how to make a single one again stands in the details. */
function endText(runs: readonly PrintedRun[], show: Shown): string {
  const [{ summary, folder }] = runs;
  const files = folder === '' ? '' : `files   ${folder.slice(0, folder.lastIndexOf('/'))}\n`;
  const more =
    show === 'both'
      ? ''
      : 'more    --details, --run NAME for one of them, chpsim explain TITLE for a column\n';
  const warmups = warmupRange(runs.map((run) => run.summary));
  return `\n${warmups}seed    ${summary.meta.seed}\n${files}${more}`;
}

function runObject({ summary, folder, repeat, theory }: PrintedRun): object {
  const { meta, ...figures } = summary;
  const beside = theory === undefined ? {} : { theory: theoryObject(theory) };
  return { meta: { ...meta, folder, repeat }, ...beside, ...figures };
}

function theoryOfPrinted({ theory, summary }: PrintedRun): ReturnType<typeof theoryRows> {
  const { scenario, seed } = summary.meta;
  return theory === undefined ? [] : theoryRows(theory, { scenario, seed, repetitions: 1 });
}

/** Of the comparison; times in ns. */
export const CELL_COLUMNS: readonly string[] = [
  ...RUN_COLUMNS,
  ...COMPARISON_COLUMNS.map(({ name }) => name),
];

type Row = Readonly<Record<string, CsvValue | null>>;

/** A row per run and phase, that of the whole run first. */
function comparisonRows(runs: readonly ComparedRun[]): Row[] {
  const phases = ['', ...phaseNames(runs)];
  return runs.flatMap((run) => {
    const { scenario, run: name, seed } = run.summary.meta;
    return phases.map((phase) => {
      const cells = allCells(run, phase).map((cell, at) => [COMPARISON_COLUMNS[at].name, cell] as const);
      return { scenario, run: name, seed, phase, ...Object.fromEntries(cells) };
    });
  });
}

const asCsv = (row: Row): CsvRow =>
  Object.fromEntries(Object.entries(row).map(([name, value]) => [name, value ?? '']));

const pairs = (row: CsvRow): string =>
  `${Object.entries(row)
    .map(([column, value]) => `${column}="${String(value).replaceAll(/["\\]/g, '\\$&')}"`)
    .join(' ')}\n`;
