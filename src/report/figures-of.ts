import type { Cell, CellKind } from '../experiment/comparison-column.ts';
import { formatShortTime } from '../output/table.ts';

/** How numbers read in a report: thousands apart, times in the unit that suits them, a dash for what does not exist. */
export function cellText(kind: CellKind, cell: Cell): string {
  if (cell === null) return '–';
  if (typeof cell === 'string') return cell;
  switch (kind) {
    case 'count':
    case 'word':
      return grouped(cell);
    case 'time':
      return timeText(cell);
    case 'ratio':
      return percent(cell);
    case 'number':
      return cell.toFixed(2);
    case 'rate':
      return grouped(Math.round(cell));
  }
}

/** Whole numbers with a thin space between thousands. */
export const grouped = (value: number): string => String(value).replace(/\B(?=(\d{3})+$)/g, '\u2009');

export const percent = (ratio: number): string => `${(ratio * 100).toFixed(1)}\u2009%`;

/** A number and its unit apart, µ where there is one. */
export const timeText = (ns: number): string =>
  formatShortTime(Math.round(ns))
    .replace(/us$/, 'µs')
    .replace(/([0-9])([a-zµ])/, '$1\u2009$2');

/** An instant of the run. */
export const instant = (ns: number): string => `${String(Number((ns / 1e9).toFixed(6)))}\u2009s`;

export const seconds = (ns: number): number => Number((ns / 1e9).toFixed(9));

/** `1 report`, `42 reports`. */
export const many = (count: number, one: string, more = `${one}s`): string =>
  `${grouped(count)} ${count === 1 ? one : more}`;
