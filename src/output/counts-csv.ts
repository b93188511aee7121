import { formatCsv } from './csv.ts';

/** One count of a phase (empty: the whole run); without `system` and `cc` it is the sum over them. */
export interface CountEntry {
  readonly phase: string;
  readonly name: string;
  readonly system: string;
  /** Condition code, empty when there is none. */
  readonly cc: string;
  readonly value: number;
}

export const COUNT_COLUMNS = ['phase', 'count', 'system', 'cc', 'value'] as const;

export const formatCounts = (entries: readonly CountEntry[]): string =>
  formatCsv({
    columns: COUNT_COLUMNS,
    rows: entries.map(({ phase, name, system, cc, value }) => ({ phase, count: name, system, cc, value })),
  });
