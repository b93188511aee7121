/** A table for people: columns as wide as their longest cell, two blanks between them, numbers to the right. */
export interface Column {
  readonly title: string;
  readonly align: 'left' | 'right';
}

export function formatTable(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const titles = columns.map(({ title }) => title);
  const widths = columns.map((_, at) => Math.max(...[titles, ...rows].map((row) => row[at].length)));
  const line = (row: readonly string[]): string =>
    row
      .map((cell, at) => (columns[at].align === 'left' ? cell.padEnd(widths[at]) : cell.padStart(widths[at])))
      .join('  ')
      .trimEnd();
  return [titles, ...rows].map((row) => `${line(row)}\n`).join('');
}

const UNITS = [
  { limit: 1_000, divisor: 1, name: 'ns', digits: 0 },
  { limit: 1_000_000, divisor: 1_000, name: 'us', digits: 2 },
  { limit: 1_000_000_000, divisor: 1_000_000, name: 'ms', digits: 3 },
  { limit: Number.POSITIVE_INFINITY, divisor: 1_000_000_000, name: 's', digits: 3 },
] as const;

/** A time in the unit that reads best; a dash where there is none. */
export function formatTime(ns: number | null): string {
  if (ns === null || Number.isNaN(ns)) return '-';
  const unit = UNITS.find(({ limit }) => ns < limit) ?? UNITS[3];
  return `${(ns / unit.divisor).toFixed(unit.digits)} ${unit.name}`;
}

/** The same with four significant digits: for tables, which must fit a terminal of 80 columns. */
export function formatFigure(ns: number | null): string {
  if (ns === null || Number.isNaN(ns) || ns < 1_000) return formatTime(ns);
  const unit = UNITS.find(({ limit }) => ns < limit) ?? UNITS[3];
  const value = ns / unit.divisor;
  const digits = value < 10 ? 3 : value < 100 ? 2 : 1;
  return `${value.toFixed(digits)} ${unit.name}`;
}

/** The same with three significant digits and no blank, as scenarios write it: for tables with many columns. */
export function formatShortTime(ns: number): string {
  if (ns === 0) return '0';
  const unit = UNITS.find(({ limit }) => ns < limit) ?? UNITS[3];
  const value = ns / unit.divisor;
  const digits = unit.divisor === 1 || value >= 100 ? 0 : value < 10 ? 2 : 1;
  return `${value.toFixed(digits)}${unit.name}`;
}
