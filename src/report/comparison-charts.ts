import { allCells, phaseNames } from '../experiment/comparison.ts';
import type { ComparisonColumn } from '../experiment/comparison-column.ts';
import { COMPARISON_COLUMNS } from '../experiment/comparison-columns.ts';
import type { FigureSpec } from '../output/figure.ts';
import { cellText } from './figures-of.ts';
import { type Estimate, estimate } from './repetitions.ts';
import { firstOfEach, type ReportRun } from './report-run.ts';
import type { Figure, ReportTable, Section } from './section.ts';
import { FIGURE_CONFIG, FIGURE_SCHEMA, INK, MARK, MUTED } from './theme.ts';

/** Panels of one figure; more would not fit the page. */
const MOST_PANELS = 6;
const PANEL_WIDTH = 84;
const ROW_HEIGHT = 22;
/** What runs differ by most when paths change, and what it does to requests; in this order. */
const CHARTED = [
  'notifications',
  'reports',
  'guest.stsch',
  'host.stsch',
  'exits',
  'path.knowledge',
  'path.stale',
  'io.response.mean',
  'io.response.p99',
  'path.imbalance',
];

/** Runs side by side, phase by phase. */
export function comparisonSection(runs: readonly ReportRun[]): Section | null {
  const names = firstOfEach(runs).map(({ name }) => name);
  if (names.length < 2) return null;
  const spans = [...phaseNames(runs), ''];
  const figures = spans.flatMap((phase, at) => comparisonFigure(runs, names, phase, at + 1) ?? []);
  const tables = [glossary(runs)];
  const repeated = runs.length > names.length;
  const text = repeated
    ? [
        'Bars are means over repetitions, lines their 95 % confidence intervals. A dash: there is no such thing, or it never happened.',
      ]
    : ['A dash: there is no such thing in this run, or it never happened.'];
  return { id: 'comparison', title: 'Runs side by side', text, tables, figures };
}

/** What the titles of charts and columns mean. */
function glossary(runs: readonly ReportRun[]): ReportTable {
  const rows = COMPARISON_COLUMNS.flatMap((column, at) =>
    runs.some((run) => ['', ...phaseNames(runs)].some((phase) => (allCells(run, phase)[at] ?? 0) !== 0))
      ? [[titleOf(column), column.doc.replaceAll('`', '')]]
      : [],
  );
  return { title: 'What the columns say', columns: ['column', 'meaning'], rows, wordColumns: 2 };
}

interface Panel {
  readonly column: ComparisonColumn;
  readonly estimates: readonly (Estimate | null)[];
}

function comparisonFigure(
  runs: readonly ReportRun[],
  names: readonly string[],
  phase: string,
  number: number,
): Figure | null {
  const panels = COMPARISON_COLUMNS.flatMap((column, at): Panel[] => {
    const estimates = names.map((name) =>
      estimate(
        runs
          .filter((run) => run.name === name)
          .map((run) => allCells(run, phase)[at])
          .filter(isNumber),
      ),
    );
    return estimates.some((one) => one !== null && one.mean !== 0) ? [{ column, estimates }] : [];
  });
  const charted = CHARTED.flatMap((name) => panels.filter(({ column }) => column.name === name)).slice(
    0,
    MOST_PANELS,
  );
  if (charted.length === 0) return null;
  const title = phase === '' ? 'The whole run' : `Phase ${phase}`;
  return {
    id: `comparison-${number}`,
    title,
    caption: `${charted.map(({ column }) => titleOf(column)).join(', ')}: one row for each run, each chart with a scale of its own.`,
    picture: { spec: panelsFigure(names, charted) },
    axis: null,
    legend: [],
    table: comparisonTable(names, panels, title),
  };
}

const isNumber = (cell: unknown): cell is number => typeof cell === 'number';
const titleOf = ({ title }: ComparisonColumn): string => title.filter((line) => line !== '').join(' ');

function comparisonTable(names: readonly string[], panels: readonly Panel[], title: string): ReportTable {
  return {
    title,
    columns: ['run', ...panels.map(({ column }) => titleOf(column))],
    rows: names.map((name, run) => [name, ...panels.map((panel) => estimateText(panel, run))]),
    wordColumns: 1,
  };
}

function estimateText({ column, estimates }: Panel, run: number): string {
  const one = estimates[run];
  if (one === null) return '–';
  const value = cellText(column.kind, column.kind === 'count' ? Math.round(one.mean * 10) / 10 : one.mean);
  return one.high > one.mean
    ? `${value} ± ${cellText(column.kind, Math.round((one.high - one.mean) * 10) / 10)}`
    : value;
}

function panelsFigure(names: readonly string[], panels: readonly Panel[]): FigureSpec {
  return {
    $schema: FIGURE_SCHEMA,
    config: { ...FIGURE_CONFIG, concat: { spacing: 62 } },
    hconcat: panels.map((panel, at) => panelSpec(names, panel, at === 0)),
  };
}

function panelSpec(names: readonly string[], panel: Panel, isFirst: boolean): FigureSpec {
  const values = names.map((name, run) => {
    const one = panel.estimates[run];
    const text = one === null ? '–' : cellText(panel.column.kind, Math.round(one.mean * 100) / 100);
    const spread = { low: Math.max(0, one?.low ?? 0), high: Math.max(0, one?.high ?? 0) };
    return {
      run: name,
      value: one?.mean ?? 0,
      ...spread,
      text,
      tip: `${name}: ${estimateText(panel, run)} ${titleOf(panel.column)}`,
    };
  });
  const axis = isFirst
    ? { title: null, ticks: false, domain: false, labelColor: INK, labelFontSize: 12 }
    : { title: null, labels: false, ticks: false, domain: true, domainColor: MUTED };
  const y = { field: 'run', type: 'nominal', sort: null, axis };
  const x = { field: 'value', type: 'quantitative', axis: null, scale: { zero: true, nice: false } };
  return {
    title: {
      text: titleOf(panel.column),
      anchor: 'start',
      frame: 'group',
      fontSize: 12,
      fontWeight: 600,
      color: INK,
      offset: 6,
    },
    width: PANEL_WIDTH,
    height: names.length * ROW_HEIGHT,
    data: { values },
    layer: [
      {
        mark: { type: 'bar', height: 12, color: MARK.bar },
        encoding: { y, x, description: { field: 'tip', type: 'nominal' } },
      },
      {
        transform: [{ filter: 'datum.high > datum.low' }],
        mark: { type: 'rule', color: INK, strokeWidth: 1.5, aria: false },
        encoding: { y, x: { ...x, field: 'low' }, x2: { field: 'high' } },
      },
      {
        mark: { type: 'text', align: 'left', baseline: 'middle', dx: 5, color: MUTED, aria: false },
        encoding: { y, x: { ...x, field: 'high' }, text: { field: 'text', type: 'nominal' } },
      },
    ],
  };
}
