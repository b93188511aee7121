import type { BatchSummary, BatchVerdict } from '../experiment/run-batches.ts';
import { type Column, formatFigure, formatTable } from '../output/table.ts';
import { formatEstimate } from './estimate-text.ts';

const COLUMNS: readonly Column[] = [
  { title: 'batch means', align: 'left' },
  { title: 'with 95 % interval', align: 'right' },
  { title: 'lag 1', align: 'right' },
  { title: 'batches are', align: 'left' },
];

/** Metrics of the whole run with intervals by batch means, and what to do where these cannot be trusted. */
export function batchTable({ count, lengthNs, metrics }: BatchSummary): string {
  const shown = metrics.filter(({ metric }) => !metric.includes('{'));
  if (shown.length === 0) return '';
  const rows = shown.map(({ metric, lag1, verdict, ...estimate }) => [
    metric,
    formatEstimate(metric, estimate),
    lag1.toFixed(2),
    verdict,
  ]);
  const verdicts = new Set(shown.map(({ verdict }) => verdict));
  const advice = Object.entries(ADVICE).filter(([verdict]) => verdicts.has(verdict as BatchVerdict));
  const heading = `${count} batches of ${formatFigure(lengthNs)}`;
  return `${heading}\n${formatTable(COLUMNS, rows)}${advice.map(([, text]) => text).join('')}`;
}

const ADVICE: Readonly<Partial<Record<BatchVerdict, string>>> = {
  few: 'few: less than ten batches tell little of their spread; --batches 30\n',
  empty: 'empty: a batch has nothing to measure; use fewer batches, or a longer run\n',
  correlated:
    'correlated: neighbours are alike beyond chance, so intervals are too narrow; use fewer batches or a longer run, unless\n  the run has no steady state: under faults it has none\n',
};
