import { formatFigure } from '../output/table.ts';
import { findMetric } from '../scenario/metrics.ts';
import type { Estimate } from '../statistics/intervals.ts';

/** Numbers with an error for people: as many digits as mean something. */

/** Unit of a metric; a metric with a label in its name has that of the one without. */
export const unitOf = (metric: string): string => findMetric(metric.replace(/\{.*$/, ''))?.unit ?? '';

/** `1.234 ms ± 0.5 %`; no error where a single value tells none, and none where nothing varied. */
export function formatEstimate(metric: string, { value, low, high }: Estimate): string {
  if (Number.isNaN(value)) return '-';
  const figure = formatValue(metric, value);
  const halfWidth = (high - low) / 2;
  if (Number.isNaN(halfWidth) || halfWidth === 0) return figure;
  const relative = value === 0 ? '' : ` ± ${formatPercent(halfWidth / Math.abs(value))}`;
  return relative === '' ? `${figure} ± ${formatValue(metric, halfWidth)}` : figure + relative;
}

/** In the unit of the metric. */
export function formatValue(metric: string, value: number): string {
  if (Number.isNaN(value)) return '-';
  if (unitOf(metric) === 'ns') return `${value < 0 ? '-' : ''}${formatFigure(Math.abs(Math.round(value)))}`;
  return Number.isInteger(value) ? String(value) : Number(value.toPrecision(4)).toString();
}

/** `0.53 %` */
export const formatPercent = (share: number): string => `${Number((share * 100).toPrecision(2))} %`;
