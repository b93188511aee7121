import type { ComparedRun } from './compared-run.ts';
import type { Cell, ComparisonColumn } from './comparison-column.ts';
import { COMPARISON_COLUMNS } from './comparison-columns.ts';

/** The runs of a scenario beside each other in one phase, or over the whole run (empty name). */
export interface ComparedSpan {
  readonly phase: string;
  readonly columns: readonly ComparisonColumn[];
  /** In the order of the runs; cells in the order of the columns. */
  readonly rows: readonly (readonly Cell[])[];
}

/**
 * The comparison for people: each phase, then the whole run. Columns that are zero or empty for every run are left out,
 * those about path policies where all runs have the same, and spans of which nothing remains.
 */
export function compareRuns(runs: readonly ComparedRun[]): ComparedSpan[] {
  const phases = phaseNames(runs);
  return [...phases, ''].map((phase) => comparedSpan(runs, phase, phases.length > 0)).filter(hasColumns);
}

/** What could have become of requests, and became of none in any run: that it was counted must be seen as well. */
export function spared(runs: readonly ComparedRun[]): ComparisonColumn[] {
  return COMPARISON_COLUMNS.filter(
    (column) =>
      column.group === 'requests' &&
      isAsked(column, runs) &&
      runs.every((run) => (cellOf(column, run, '') ?? 0) === 0),
  );
}

/** All cells of one run in one span, for programs: no column is left out. */
export function allCells(run: ComparedRun, phase: string): Cell[] {
  return COMPARISON_COLUMNS.map((column) =>
    phase !== '' && column.place === 'run' ? null : cellOf(column, run, phase),
  );
}

/** Of all runs: variants have the phases of their scenario. */
export const phaseNames = (runs: readonly ComparedRun[]): string[] => [
  ...new Set(runs.flatMap(({ summary }) => Object.keys(summary.phases))),
];

function comparedSpan(runs: readonly ComparedRun[], phase: string, hasPhases: boolean): ComparedSpan {
  const columns = COMPARISON_COLUMNS.filter(
    (column) =>
      standsIn(column, phase, hasPhases) &&
      isAsked(column, runs) &&
      runs.some((run) => (cellOf(column, run, phase) ?? 0) !== 0),
  );
  const rows = runs.map((run) => columns.map((column) => cellOf(column, run, phase)));
  return { phase, columns, rows };
}

function standsIn({ place }: ComparisonColumn, phase: string, hasPhases: boolean): boolean {
  if (place === 'everywhere' || !hasPhases) return true;
  return place === (phase === '' ? 'run' : 'phases');
}

/** Runs that do the same about paths are compared by something else. */
const isAsked = ({ ofPolicies = false }: ComparisonColumn, runs: readonly ComparedRun[]): boolean =>
  !ofPolicies || runs.some(({ pathPolicies }) => pathPolicies !== runs[0].pathPolicies);

function cellOf(column: ComparisonColumn, run: ComparedRun, phase: string): Cell {
  const { total, phases } = run.summary;
  const span = phase === '' ? total : phases[phase];
  const cell = span === undefined ? null : column.cell(span, run);
  return Number.isNaN(cell) ? null : cell;
}

const hasColumns = ({ columns }: ComparedSpan): boolean => columns.length > 0;
