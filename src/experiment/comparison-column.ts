import type { ComparedRun } from './compared-run.ts';
import type { SpanSummary } from './summary.ts';

/** Number in the unit of the column's kind, or a word; null where the run has no such thing. */
export type Cell = number | string | null;

/** `time` ns, `ratio` 0 to 1, `rate` 1/s. */
export type CellKind = 'count' | 'time' | 'ratio' | 'number' | 'rate' | 'word';

/**
 * Where a figure stands: `phases`: in each phase, and only where there is none in the whole run, since starting up would
 * drown it there; `everywhere`; `run`: it cannot be told for less than the run.
 */
export type CellPlace = 'phases' | 'everywhere' | 'run';

export interface ComparisonColumn {
  /** For programs. */
  readonly name: string;
  /** For people: two short lines, one above the other. */
  readonly title: readonly [string, string];
  readonly kind: CellKind;
  readonly place: CellPlace;
  /** Whether people are shown it only where runs differ in what they do about paths. */
  readonly ofPolicies?: boolean;
  /** Columns of one group stay beside each other. */
  readonly group: 'told' | 'cost' | 'paths' | 'given up' | 'requests' | 'load' | 'pci' | 'judged';
  readonly doc: string;
  readonly cell: (span: SpanSummary, run: ComparedRun) => Cell;
}
