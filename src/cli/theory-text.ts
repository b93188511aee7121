import type { TheoryReport, TheoryRow } from '../experiment/theory/theory-report.ts';
import { type Column, formatTable } from '../output/table.ts';
import { formatEstimate, formatPercent, formatValue, unitOf } from './estimate-text.ts';
import { finite, type Row } from './row-formats.ts';
import type { Paint } from './terminal.ts';

const COLUMNS: readonly Column[] = [
  { title: 'metric', align: 'left' },
  { title: 'theory', align: 'right' },
  { title: 'simulation, 95 %', align: 'right' },
  { title: 'theory is', align: 'left' },
];

/** Theory beside simulation for people, or everything that is in the way of an exact solution. */
export function theoryText(report: TheoryReport, paint: Paint): string {
  const { model, text, rows, obstacles } = report;
  if (rows.length === 0) {
    const lines = obstacles.map(({ key, reason }) => `  ${key}: ${reason}\n`);
    return `${paint('bold', 'theory')} knows no exact solution:\n${lines.join('')}`;
  }
  const table = formatTable(COLUMNS, rows.map(cellsOf));
  const painted = table.replace(/(within|outside)(?=,|$)/gm, (word) =>
    paint(word === 'within' ? 'green' : 'red', word),
  );
  return `${paint('bold', `theory ${model}`)}: ${text}\n${painted}${limitNote(rows)}`;
}

function cellsOf({ metric, value, simulation, verdict, reason }: TheoryRow): string[] {
  const doubt = reason === '' ? '' : `, ${reason}`;
  return [metric, formatValue(metric, value), formatEstimate(metric, simulation), `${verdict}${doubt}`];
}

/** Where the scenario is the system of theory only in the limit. */
function limitNote(rows: readonly TheoryRow[]): string {
  const most = Math.max(...rows.map(({ tolerance }) => tolerance));
  if (most === 0) return '';
  return `requests that meet at a volume make the response longer by ${formatPercent(most)} at most, which is allowed for\n`;
}

export const THEORY_COLUMNS = [
  ...['scenario', 'run', 'seed', 'repetitions', 'model', 'metric', 'unit', 'theory', 'tolerance'],
  ...['simulation', 'low', 'high', 'verdict', 'reason'],
];

/** What the rows belong to. */
export interface TheoryPlace {
  readonly scenario: string;
  readonly seed: string;
  readonly repetitions: number;
}

/** A row per metric; where there is no exact solution, one per obstacle without a model. */
export function theoryRows({ run, model, rows, obstacles }: TheoryReport, place: TheoryPlace): Row[] {
  const { scenario, seed, repetitions } = place;
  const head = { scenario, run, seed, repetitions, model };
  const missing = { unit: '', theory: null, tolerance: null, simulation: null, low: null, high: null };
  return [
    ...rows.map(({ metric, value, tolerance, simulation, verdict, reason }) => ({
      ...{ ...head, metric, unit: unitOf(metric), theory: finite(value), tolerance },
      ...{ simulation: finite(simulation.value), low: finite(simulation.low), high: finite(simulation.high) },
      ...{ verdict, reason },
    })),
    ...obstacles.map(({ key, reason }) => ({
      ...{ ...head, metric: '', ...missing, verdict: 'none', reason: `${key}: ${reason}` },
    })),
  ];
}

/** The same as one object, for JSON. */
export const theoryObject = ({ model, text, rows, obstacles }: TheoryReport): object => ({
  model,
  text,
  rows: rows.map(({ metric, value, tolerance, simulation, verdict, reason }) => ({
    ...{ metric, unit: unitOf(metric), theory: finite(value), tolerance },
    ...{ simulation: finite(simulation.value), low: finite(simulation.low), high: finite(simulation.high) },
    ...{ verdict, reason },
  })),
  obstacles,
});
