import { type ComparedRun, failures } from '../experiment/compared-run.ts';
import { type ComparedSpan, compareRuns, spared } from '../experiment/comparison.ts';
import type { Cell, CellKind, ComparisonColumn } from '../experiment/comparison-column.ts';
import { formatShortTime, formatTable, type Column as TableColumn } from '../output/table.ts';
import { migrationTable } from './migration-text.ts';
import type { Paint } from './terminal.ts';

/** A table is continued below rather than be wider, in characters. */
const MAX_WIDTH = 110;
/** Blanks between columns. */
const GAP = 2;
const TITLE_LINES = 2;
/** A cell that says nothing at the digits it is printed with. */
const NOTHING = /^(-|0|0\.0+%?)$/;

/** The comparison of several runs for people, one row per run in each phase. */
export function comparisonText(runs: readonly ComparedRun[], paint: Paint): string {
  const { scenario } = runs[0].summary.meta;
  const head = `${paint('bold', scenario)}: ${runs.length} runs\n`;
  const migrations = migrationTable(runs.map(({ summary }) => summary));
  const parts = [head, ...spanTables(runs, paint), sparedText(runs), migrations, failureTable(runs)];
  return parts.filter((part) => part !== '').join('\n');
}

/** Names are folded in all tables or in none, so that a row is found again in the next. */
function spanTables(runs: readonly ComparedRun[], paint: Paint): string[] {
  const spans = compareRuns(runs);
  const names = runs.map(({ summary }) => summary.meta.run);
  const under = (rows: readonly (readonly string[])[]): string[] =>
    spans.flatMap((span) => spanText(span, rows, paint));
  const whole = under(names.map((name) => [name]));
  const narrow = under(foldedNames(names));
  return narrow.length < whole.length ? narrow : whole;
}

/** One column of text: its lines from top to bottom, the two of the title first. */
interface TextColumn {
  readonly lines: readonly string[];
  readonly width: number;
  readonly group: string;
}

function spanText(
  { phase, columns, rows }: ComparedSpan,
  names: readonly (readonly string[])[],
  paint: Paint,
): string[] {
  const title = phase === '' ? 'whole run' : phase;
  const cells = columns
    .map((column, at) =>
      textColumn(
        column,
        rows.map((row) => row[at]),
      ),
    )
    .filter(({ lines }) => !lines.slice(TITLE_LINES).every((line) => NOTHING.test(line)));
  const tables = (columns: readonly TextColumn[]): string[] =>
    tablesOf(title, names, columns).map((table) => painted(table, title, paint));
  const whole = tables(cells);
  const differing = cells.filter((column) => !isSame(column));
  if (whole.length === 1 || differing.length === 0) return whole;
  return [...tables(differing), ...sameText(cells.filter(isSame))];
}

/** What tells no run from another makes room for what does. */
const isSame = ({ lines }: TextColumn): boolean => {
  const [first, ...others] = lines.slice(TITLE_LINES);
  return others.length > 0 && others.every((line) => line === first);
};

/** `the same in every run: CRWs 1, mchks 1`, in as many lines as it takes. */
function sameText(columns: readonly TextColumn[]): string[] {
  if (columns.length === 0) return [];
  const lines = ['the same in every run:'];
  columns.forEach((column, at) => {
    const text = column.lines
      .slice(0, TITLE_LINES + 1)
      .join(' ')
      .trim();
    const item = at === columns.length - 1 ? text : `${text},`;
    const line = `${lines[lines.length - 1]} ${item}`;
    if (line.length <= MAX_WIDTH) lines[lines.length - 1] = line;
    else lines.push(item);
  });
  return [`${lines.join('\n')}\n`];
}

/** The title begins the lower line of titles. It is painted after columns were aligned: colour has no width. */
function painted(table: string, title: string, paint: Paint): string {
  const at = table.startsWith(title) ? 0 : table.indexOf(`\n${title}`) + 1;
  return table.slice(0, at) + paint('bold', title) + table.slice(at + title.length);
}

function textColumn({ title, kind, group }: ComparisonColumn, cells: readonly Cell[]): TextColumn {
  const lines = [...title, ...cells.map((cell) => formatCell(kind, cell))];
  return { lines, width: Math.max(...lines.map(({ length }) => length)), group };
}

/** One table where everything fits beside the names of the runs, else several, each with the names. */
function tablesOf(
  title: string,
  names: readonly (readonly string[])[],
  cells: readonly TextColumn[],
): string[] {
  const nameWidth = Math.max(title.length, ...names.flat().map(({ length }) => length));
  return intoWidth(cells, MAX_WIDTH - nameWidth).map((part) => oneTable(title, names, part));
}

/** Distributes columns over tables of a width, where possible between two groups. */
function intoWidth(columns: readonly TextColumn[], width: number): TextColumn[][] {
  const tables: TextColumn[][] = [];
  let free = 0;
  columns.forEach((column, at) => {
    const begins = column.group !== columns[at - 1]?.group;
    const together = begins ? groupWidth(columns, column.group) : column.width + GAP;
    const needed = together > width ? column.width + GAP : together;
    if (tables.length === 0 || needed > free) {
      tables.push([]);
      free = width;
    }
    tables[tables.length - 1].push(column);
    free -= column.width + GAP;
  });
  return tables;
}

const groupWidth = (columns: readonly TextColumn[], group: string): number =>
  columns.filter((column) => column.group === group).reduce((sum, { width }) => sum + width + GAP, 0);

/** The first line of a name carries the cells; the upper line of the titles is left out where it is empty. */
function oneTable(
  title: string,
  names: readonly (readonly string[])[],
  cells: readonly TextColumn[],
): string {
  const line = (at: number): string[] => cells.map(({ lines }) => lines[at]);
  const empty = cells.map(() => '');
  const rows = [
    [title, ...line(1)],
    ...names.flatMap(([first, ...others], at) => [
      [first, ...line(at + TITLE_LINES)],
      ...others.map((rest) => [rest, ...empty]),
    ]),
  ];
  const upper = ['', ...line(0)];
  const [heading, ...body] = upper.some((text) => text !== '') ? [upper, ...rows] : rows;
  return formatTable(
    heading.map((text, at): TableColumn => ({ title: text, align: at === 0 ? 'left' : 'right' })),
    body,
  );
}

/**
 * Names of combined strategies are long: what a modifier stands over goes to the next line, where the name is longer than
 * every first part.
 */
function foldedNames(names: readonly string[]): string[][] {
  const width = Math.max(...names.map((name) => name.split('.')[0].length));
  return names.map((name) => {
    const [first, ...others] = name.split('.');
    return name.length <= width ? [name] : [first, ...others.map((part) => `  .${part}`)];
  });
}

function formatCell(kind: CellKind, cell: Cell): string {
  if (cell === null) return '-';
  if (typeof cell === 'string') return cell;
  switch (kind) {
    case 'count':
    case 'word':
      return String(cell);
    case 'time':
      return formatShortTime(cell);
    case 'ratio':
      return `${(cell * 100).toFixed(1)}%`;
    case 'number':
      return cell.toFixed(2);
    case 'rate':
      return cell.toFixed(0);
  }
}

function sparedText(runs: readonly ComparedRun[]): string {
  const titles = spared(runs).map(({ title }) => title.join(' '));
  return titles.length === 0 ? '' : `0 in every run: ${titles.join(', ')}\n`;
}

/** Runs that did not come to their end, and what failed: the rest of a verdict stands in the details. */
function failureTable(runs: readonly ComparedRun[]): string {
  const rows = runs.flatMap(({ summary }) => {
    const { run, termination } = summary.meta;
    const ended = termination === 'completed' ? [] : [[termination, run, '', '']];
    const failed = failures(summary).map(({ outcome, text, reason }) => [outcome, run, text, reason]);
    return [...ended, ...failed];
  });
  if (rows.length === 0) return '';
  const titles = ['outcome', 'run', 'check', 'reason'];
  return formatTable(
    titles.map((title) => ({ title, align: 'left' })),
    rows,
  );
}
