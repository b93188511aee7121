import { formatChpid } from '../zarch/ids.ts';
import { parseChpid } from './identifiers.ts';
import { findMetric, METRIC_NAMES, type Metric } from './metrics.ts';
import { suggest } from './nearest.ts';
import { type Parsed, parsed, refused } from './parsed.ts';
import type { Labels, ThresholdOperator } from './resolved.ts';
import { parseBandwidth, parseNumber, parseRate, parseRatio, parseTime, parseWhole } from './units.ts';

/** `host.stsch{cc=0}`: a metric with labels. */
export interface MetricReference {
  readonly metric: Metric;
  readonly where: Labels;
}

export interface ThresholdExpression extends MetricReference {
  readonly operator: ThresholdOperator;
  readonly value: number;
}

/** Reads a metric's name with labels in braces, to which those of a `where` are added. */
export function parseMetric(text: string, where: Labels): Parsed<MetricReference> {
  const match = /^([^{}\s]+)\s*(?:\{([^{}]*)\})?$/.exec(text.trim());
  if (match === null)
    return refused(`"${text}" is no metric`, 'write a name, or a name with labels: host.stsch{cc=0}');
  const metric = findMetric(match[1]);
  if (metric === undefined) return refused(`unknown metric "${match[1]}"`, suggest(match[1], METRIC_NAMES));
  const labels: Record<string, string> = { ...where };
  for (const part of (match[2] ?? '').split(',')) {
    if (part.trim() === '') continue;
    const [label, value, ...rest] = part.split('=').map((side) => side.trim());
    if (value === undefined || rest.length > 0)
      return refused(`"${part.trim()}" is no label`, 'write label=value');
    labels[label] = value;
  }
  return checkedLabels(metric, labels);
}

/** `io.response.p99 < 12ms` */
export function parseThreshold(text: string, where: Labels): Parsed<ThresholdExpression> {
  const match = /^(.+?)\s*(<=|>=|==|!=|<|>)\s*(.+)$/.exec(text.trim());
  if (match === null) {
    return refused(`"${text}" is no threshold`, 'write metric, operator and value: io.response.p99 < 12ms');
  }
  const reference = parseMetric(match[1], where);
  if (!reference.ok) return reference;
  const value = parseValue(reference.value.metric, match[3]);
  if (!value.ok) return value;
  return parsed({ ...reference.value, operator: match[2] as ThresholdOperator, value: value.value });
}

function parseValue({ kind }: Metric, text: string): Parsed<number> {
  switch (kind) {
    case 'time':
      return parseTime(text);
    case 'count':
      return parseWhole(text, 0, Number.MAX_SAFE_INTEGER);
    case 'ratio':
      return parseRatio(text);
    case 'rate':
      return parseRate(text);
    case 'bandwidth':
      return parseBandwidth(text);
    case 'number':
      return parseNumber(text);
  }
}

function checkedLabels(metric: Metric, labels: Readonly<Record<string, string>>): Parsed<MetricReference> {
  const where: Record<string, string> = {};
  for (const [label, value] of Object.entries(labels)) {
    if (!metric.labels.includes(label)) {
      const hint = metric.labels.length === 0 ? 'it has none' : suggest(label, metric.labels);
      return refused(`metric ${metric.name} has no label "${label}"`, hint);
    }
    const normal = normalLabel(label, value);
    if (!normal.ok) return normal;
    where[label] = normal.value;
  }
  return parsed({ metric, where });
}

/** A label's value as results print it. */
export function normalLabel(label: string, value: string): Parsed<string> {
  if (label === 'cc' && !/^[0-3]$/.test(value))
    return refused(`condition code "${value}"`, 'it is 0, 1, 2 or 3');
  if (label !== 'chpid') return parsed(value);
  const chpid = parseChpid(value);
  return chpid.ok ? parsed(formatChpid(chpid.value)) : chpid;
}
