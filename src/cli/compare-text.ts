import type { JudgedPrecision } from '../experiment/difference-precision.ts';
import { directionOf } from '../experiment/metric-directions.ts';
import type { ComparedMetric, ComparisonVerdict } from '../experiment/paired-comparison.ts';
import { formatLimit, type JudgedLimit } from '../experiment/regression-limits.ts';
import { formatJunit, type JunitSuite } from '../output/junit.ts';
import type { Manifest } from '../output/manifest.ts';
import { type Column, formatTable } from '../output/table.ts';
import { formatValue, unitOf } from './estimate-text.ts';
import { finite, formatRows, type Row } from './row-formats.ts';
import type { Paint } from './terminal.ts';

export const COMPARE_FORMATS = ['text', 'json', 'jsonl', 'csv', 'markdown', 'junit'] as const;
export type CompareFormat = (typeof COMPARE_FORMATS)[number];

/** One side against the reference. */
export interface SideComparison {
  readonly name: string;
  readonly pairs: number;
  readonly metrics: readonly ComparedMetric[];
  readonly limits: readonly JudgedLimit[];
  readonly precisions: readonly JudgedPrecision[];
}

export interface Comparison {
  readonly scenario: string;
  readonly reference: string;
  readonly compared: readonly SideComparison[];
  readonly format: CompareFormat;
  /** Every metric of every phase, in text and Markdown. */
  readonly all: boolean;
  readonly paint: Paint;
  readonly program: Manifest['program'];
}

export function formatComparison(comparison: Comparison): string {
  const { format, compared, reference, scenario, program } = comparison;
  switch (format) {
    case 'text':
    case 'markdown':
      return compared.map((side) => sideText(side, comparison)).join('\n');
    case 'junit':
      return formatJunit(compared.map((side) => junitSuite(side, comparison)));
    default: {
      const rows = compared.flatMap((side) => side.metrics.map((row) => metricRow(row, side, comparison)));
      const precisions = compared.flatMap(({ name, precisions: judged }) =>
        judged.map((precision) => ({ side: name, ...precision, reached: finite(precision.reached) })),
      );
      const limits = compared.flatMap(({ name, limits: judged }) =>
        judged.map((limit) => ({ side: name, ...limit })),
      );
      return formatRows(format, {
        columns: COLUMNS,
        rows,
        program,
        more: { scenario, reference, limits, precisions },
      });
    }
  }
}

const COLUMNS = [
  ...['scenario', 'reference', 'side', 'phase', 'metric', 'unit', 'good', 'pairs', 'reference_mean', 'mean'],
  ...['difference', 'difference_low', 'difference_high', 'ratio', 'ratio_low', 'ratio_high'],
  ...['p', 'p_corrected', 'verdict', 'reason'],
];

function metricRow(row: ComparedMetric, { name }: SideComparison, { scenario, reference }: Comparison): Row {
  const { metric, phase, pairs, difference, ratio, verdict, reason } = row;
  return {
    ...{
      scenario,
      reference,
      side: name,
      phase,
      metric,
      unit: unitOf(metric),
      good: directionOf(metric),
      pairs,
    },
    reference_mean: finite(row.reference),
    mean: finite(row.value),
    difference: finite(difference.value),
    difference_low: finite(difference.low),
    difference_high: finite(difference.high),
    ratio: ratio === null ? null : finite(ratio.value),
    ratio_low: ratio === null ? null : finite(ratio.low),
    ratio_high: ratio === null ? null : finite(ratio.high),
    p: finite(difference.p),
    p_corrected: finite(row.corrected),
    verdict,
    reason,
  };
}

const TITLES = ['difference', 'ratio', 'verdict'];

function sideText(side: SideComparison, comparison: Comparison): string {
  const { scenario, reference, all, format, paint } = comparison;
  const shown = side.metrics.filter((row) => all || isTold(row));
  const titles = ['metric', ...(all ? ['phase'] : []), reference, side.name, ...TITLES];
  const rows = shown.map((row) => [row.metric, ...(all ? [row.phase] : []), ...cellsOf(row)]);
  const heading = `${scenario}: ${side.name} against ${reference}, ${counted(side.pairs, 'pair')}`;
  const rest = restText(side.metrics.filter((row) => !shown.includes(row)));
  const reasons = [...new Set(shown.map(({ reason }) => reason))].filter((reason) => reason !== '');
  const limits = [
    ...reasons.map((reason) => `not comparable: ${reason}\n`),
    ...side.limits.map(limitLine),
    ...side.precisions.map((one) => precisionLine(one, reference)),
  ];
  if (format === 'markdown') {
    const table = [titles, titles.map((title) => (isText(title) ? '---' : '--:')), ...rows];
    const lines = table.map((row) => `| ${row.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |\n`);
    return `### ${heading}\n\n${rows.length > 0 ? lines.join('') : ''}\n${rest}${limits.map((line) => `- ${line}`).join('')}`;
  }
  const columns = titles.map((title): Column => ({ title, align: isText(title) ? 'left' : 'right' }));
  const table = rows.length === 0 ? '' : `\n${formatTable(columns, rows)}`;
  const painted = table.replace(/(better|worse)$/gm, (word) =>
    paint(word === 'better' ? 'green' : 'red', word),
  );
  return `${paint('bold', heading)}\n${painted}\n${rest}${limits.join('')}`;
}

const isText = (title: string): boolean => ['metric', 'phase', 'verdict'].includes(title);

/** What a reader without more time wants to know: what changed over the whole run, without the finer statistics. */
const isTold = ({ metric, phase, verdict }: ComparedMetric): boolean =>
  phase === '' && TOLD_VERDICTS.includes(verdict) && !/\.(count|p50|p999)$|\{/.test(metric);

const TOLD_VERDICTS: readonly ComparisonVerdict[] = ['better', 'worse', 'differs', 'not comparable'];

function cellsOf(row: ComparedMetric): string[] {
  const { metric, difference, ratio, verdict } = row;
  const { value, low, high } = difference;
  const sign = value > 0 ? '+' : '';
  const error = (high - low) / 2;
  const tolerance = error > 0 ? ` ± ${formatValue(metric, error)}` : '';
  return [
    formatValue(metric, row.reference),
    formatValue(metric, row.value),
    Number.isNaN(value) ? '-' : `${sign}${formatValue(metric, value)}${tolerance}`,
    ratio === null || Number.isNaN(ratio.value) ? '-' : formatRatio(ratio),
    verdict,
  ];
}

/** As many digits as the error has; it is not quite symmetric, the wider side is told. */
function formatRatio({ value, low, high }: { value: number; low: number; high: number }): string {
  const error = Math.max(value - low, high - value);
  if (!(error > 0)) return value.toPrecision(4);
  const digits = Math.min(6, Math.max(0, 1 - Math.floor(Math.log10(error))));
  return `${value.toFixed(digits)} ± ${error.toFixed(digits)}`;
}

function restText(left: readonly ComparedMetric[]): string {
  const of = (verdicts: readonly ComparisonVerdict[]): number =>
    left.filter(({ verdict }) => verdicts.includes(verdict)).length;
  const parts = [
    [of(['equal']), 'equal'],
    [of(['no difference shown']), 'with no difference shown'],
    [of(TOLD_VERDICTS), 'different or not comparable among phases and finer statistics'],
  ] as const;
  const told = parts.filter(([count]) => count > 0).map(([count, what]) => `${count} ${what}`);
  return told.length === 0 ? '' : `not listed: ${told.join(', ')}; --all lists them\n`;
}

const limitLine = (limit: JudgedLimit): string =>
  `${limit.fails ? 'failed' : 'met'}  --max-regression ${formatLimit(limit)}: ${limit.reason}\n`;

const precisionName = ({ metric, phase, relative }: JudgedPrecision): string =>
  `${metric}${phase === '' ? '' : `@${phase}`}=${Number((relative * 100).toPrecision(12))}%`;

const precisionLine = (precision: JudgedPrecision, reference: string): string => {
  const { fails, reached, pairs } = precision;
  const known = Number.isNaN(reached)
    ? 'nothing tells the difference'
    : `the difference is known to ${Number((reached * 100).toPrecision(3))} % of ${reference}`;
  return `${fails ? 'failed' : 'met'}  --until-precision ${precisionName(precision)}: ${known}, ${counted(pairs, 'pair')}\n`;
};

const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

/** Limits first, since only they fail; every metric after them, so that a report shows what was compared. */
const junitSuite = (
  { name, limits, precisions, metrics }: SideComparison,
  { scenario, reference }: Comparison,
): JunitSuite => ({
  name: `${scenario}.${name}.against.${reference}`,
  cases: [
    ...limits.map((limit) => ({
      name: `--max-regression ${formatLimit(limit)}`,
      failure: limit.fails ? limit.reason : '',
      skipped: false,
    })),
    ...precisions.map((precision) => ({
      name: `--until-precision ${precisionName(precision)}`,
      failure: precision.fails ? precisionLine(precision, reference).trim() : '',
      skipped: false,
    })),
    ...metrics.map(({ metric, phase, verdict }) => ({
      name: `${metric}${phase === '' ? '' : `@${phase}`}: ${verdict}`,
      failure: '',
      skipped: verdict === 'not comparable',
    })),
  ],
});
