import type { CountRow } from '../observe/event-counts.ts';
import type { RecoveryTimeName } from '../observe/path-recovery-times.ts';
import { PATH_TIMES, type PathTimeName } from '../observe/path-times.ts';
import { COMPONENTS, type Component } from '../observe/request-times.ts';
import { parseChpid } from '../scenario/identifiers.ts';
import { findMetric, type Statistic } from '../scenario/metrics.ts';
import type { Labels } from '../scenario/resolved.ts';
import { NONE } from '../zarch/ids.ts';
import type { RunFigures } from './run-figures.ts';

/** A metric's value in its unit, and how many measurements it rests on; NaN when there was nothing to measure. */
export interface MetricValue {
  readonly value: number;
  readonly samples: number;
}

/**
 * The value of a metric (scenario/metrics.ts) with labels in a phase of a finished or running run; the empty phase is
 * the whole run, for times and rates without the warm-up.
 */
export function metricValue(run: RunFigures, name: string, where: Labels, phase: string): MetricValue {
  if (findMetric(name)?.kind === 'count') return exactly(countValue(run, name, where, phase));
  const [family, member, statistic] = name.split('.') as [string, string, Statistic | undefined];
  if (family === 'pci') return moveValue(run, statistic, where, phase);
  if (family === 'io') return requestValue(run, member, statistic, where, phase);
  return pathValue(run, member, statistic, where, phase);
}

function countValue(run: RunFigures, name: string, where: Labels, phase: string): number {
  if (name === 'io.lost') return run.lost;
  if (name === 'io.stale_reads') return run.observer.versions.staleReads;
  if (name === 'path.stranded') return run.observer.paths.stranded;
  return sumOf(run, run.measurement.countRows(phase), name, where);
}

/** Sum of the rows of one name, and of those that are parts of it, that carry the labels. */
function sumOf(run: RunFigures, rows: readonly CountRow[], name: string, where: Labels): number {
  const system = systemNumber(run, where);
  const { cc: code } = where;
  const cc = code === undefined ? null : Number(code);
  const parts = `${name}.`;
  let sum = 0;
  for (const row of rows) {
    if (row.name !== name && !row.name.startsWith(parts)) continue;
    if (system !== null && row.system !== system) continue;
    if (cc !== null && row.cc !== cc) continue;
    sum += row.value;
  }
  return sum;
}

function requestValue(
  run: RunFigures,
  member: string,
  statistic: Statistic | undefined,
  where: Labels,
  phase: string,
): MetricValue {
  const { measurement } = run;
  const included = run.ownersWith(where);
  if (member === 'rate') {
    const { count } = measurement.distribution('response', phase, included);
    return { value: (count * 1e9) / measurement.spanNs(phase), samples: count };
  }
  if (!isComponent(member) || statistic === undefined) return NOTHING;
  const figures = measurement.distribution(member, phase, included);
  return { value: figures.count === 0 ? Number.NaN : figures[statistic], samples: figures.count };
}

function moveValue(
  run: RunFigures,
  statistic: Statistic | undefined,
  where: Labels,
  phase: string,
): MetricValue {
  const figures = run.measurement.moveTimes(phase, systemNumber(run, where) ?? -1);
  return { value: figures[statistic ?? 'mean'], samples: figures.count };
}

function pathValue(
  run: RunFigures,
  member: string,
  statistic: Statistic | undefined,
  where: Labels,
  phase: string,
): MetricValue {
  const { measurement } = run;
  if (member === 'utilisation') return utilisation(run, where, phase);
  if (member === 'imbalance') return imbalance(run, phase);
  if (member === 'capacity_lost' || member === 'blocks_at_risk') {
    const of = [phase, systemNumber(run, where) ?? -1, chpidLabel(where)] as const;
    return exactly(
      member === 'capacity_lost' ? measurement.capacityLost(...of) : measurement.blocksAtRisk(...of),
    );
  }
  if (Object.hasOwn(RECOVERY_VALUES, member)) return recoveryValue(run, member, statistic, where, phase);
  if (!isPathTime(member)) return NOTHING;
  const chpid = chpidLabel(where);
  const figures = measurement.pathTimes(member, phase, systemNumber(run, where) ?? -1, chpid);
  if (member === 'stale') return exactly(figures.sum);
  return { value: figures[statistic ?? 'mean'], samples: figures.count };
}

/** Where the values of a metric come from, and which figure of them it is; none: the statistic that its name ends with. */
const RECOVERY_VALUES: Readonly<
  Record<string, { readonly from: RecoveryTimeName; readonly figure?: 'sum' | 'count' | 'mean' | 'max' }>
> = {
  disable: { from: 'disable' },
  disable_errors: { from: 'errors', figure: 'mean' },
  suppressed: { from: 'suppressed', figure: 'sum' },
  suppressed_good: { from: 'good', figure: 'sum' },
  false_suppressions: { from: 'false', figure: 'count' },
  verify: { from: 'verify' },
  verify_peak: { from: 'verifying', figure: 'max' },
};

function recoveryValue(
  run: RunFigures,
  member: string,
  statistic: Statistic | undefined,
  where: Labels,
  phase: string,
): MetricValue {
  const { from, figure } = RECOVERY_VALUES[member];
  const system = systemNumber(run, where) ?? -1;
  const figures = run.measurement.recoveryTimes(from, phase, system, chpidLabel(where));
  if (figure === 'sum' || figure === 'count') return exactly(figures[figure]);
  return { value: figures[figure ?? statistic ?? 'mean'], samples: figures.count };
}

function utilisation(run: RunFigures, where: Labels, phase: string): MetricValue {
  const chpid = chpidLabel(where);
  const loads = run.measurement.pathLoad(phase);
  const chosen = loads.filter((_, path) => chpid === null || run.measurement.chpids[path] === chpid);
  const sum = chosen.reduce((total, load) => total + load.utilisation, 0);
  return { value: sum / chosen.length, samples: chosen.length };
}

function imbalance(run: RunFigures, phase: string): MetricValue {
  const operations = run.measurement.pathLoad(phase).map((load) => load.operations);
  const sum = operations.reduce((total, count) => total + count, 0);
  return { value: (Math.max(...operations) * operations.length) / sum, samples: sum };
}

/** Position of the system that the labels name; null when they name none. */
function systemNumber(run: RunFigures, where: Labels): number | null {
  const { system: name } = where;
  return name === undefined ? null : run.observer.systems.findIndex((system) => system.name === name);
}

/** The channel path that the labels name; null when they name none. */
function chpidLabel({ chpid: text }: Labels): number | null {
  if (text === undefined) return null;
  const chpid = parseChpid(text);
  return chpid.ok ? chpid.value : NONE;
}

const exactly = (value: number): MetricValue => ({ value, samples: Number.MAX_SAFE_INTEGER });
const NOTHING: MetricValue = { value: Number.NaN, samples: 0 };

const isComponent = (name: string): name is Component => (COMPONENTS as readonly string[]).includes(name);
const isPathTime = (name: string): name is PathTimeName => (PATH_TIMES as readonly string[]).includes(name);
