import type { SimTime } from '../kernel/time.ts';
import { EVENT_NAMES, type EventName } from '../observe/event-table.ts';
import type { Issues, Path } from './errors.ts';
import { normalLabel, parseMetric, parseThreshold } from './metric-expression.ts';
import { COUNT_NAMES } from './metrics.ts';
import { suggest } from './nearest.ts';
import type { Labels, ResolvedExpectation, ResolvedPhase, ResolvedThreshold } from './resolved.ts';
import type { ParsedExpectation, ParsedExpectations, ParsedThresholds } from './schema-story.ts';
import { formatTime } from './units.ts';

/** Labels of an event row that an expectation may ask for. */
const EVENT_LABELS = ['system', 'subchannel', 'chpid', 'cc'];
const VERDICT_LABELS = ['system', 'function'];
const KINDS = ['event', 'never', 'message', 'verdict', 'count', 'counts'] as const;

export interface CheckSurroundings {
  /** Null when they are not known because what names them was refused. */
  readonly phases: readonly ResolvedPhase[] | null;
  readonly durationNs: SimTime;
  readonly issues: Issues;
}

/** What is checked in some runs: those named at `place`, or all where none is. */
export interface RunChecks<Check> {
  readonly place: Path;
  readonly runs: readonly string[];
  readonly checks: readonly Check[];
}

/** What is checked in the run of this name. */
export const checksOfRun = <Check>(all: readonly RunChecks<Check>[], run: string): Check[] =>
  all.flatMap(({ runs, checks }) => (runs.length === 0 || runs.includes(run) ? checks : []));

/** Reports runs that cannot be told apart, and those that are named and do not exist. */
export function checkRunNames(
  all: readonly RunChecks<unknown>[],
  names: readonly string[],
  issues: Issues,
): void {
  const twice = names.find((name, at) => names.indexOf(name) < at);
  if (twice !== undefined) {
    issues.value(['strategies'], `several runs have the name "${twice}"`, 'write each policy of a list once');
  }
  for (const { place, runs } of all) {
    const unknown = runs.find((run) => !names.includes(run));
    if (unknown !== undefined) {
      issues.value([...place, 'run'], `unknown run "${unknown}"`, suggest(unknown, names));
    }
  }
}

export function resolveExpectations(
  expectations: ParsedExpectations,
  around: CheckSurroundings,
): RunChecks<ResolvedExpectation>[] {
  return expectations.map((expectation, index) => {
    const place = ['expect', index];
    const runs = [expectation.run ?? []].flat();
    return { place, runs, checks: resolveExpectation(expectation, place, around) };
  });
}

function resolveExpectation(
  expectation: ParsedExpectation,
  place: Path,
  around: CheckSurroundings,
): ResolvedExpectation[] {
  const kinds = KINDS.filter((kind) => expectation[kind] !== undefined);
  if (kinds.length !== 1) {
    around.issues.value(place, 'expects not exactly one thing', `write one of ${KINDS.join(', ')}`);
    return [];
  }
  checkPhase(expectation.phase, place, around);
  switch (kinds[0]) {
    case 'event':
    case 'never':
      return eventExpectation(kinds[0], expectation, place, around);
    case 'message':
      return [{ kind: 'message', text: `"${expectation.message}"`, message: expectation.message! }];
    case 'verdict':
      return verdictExpectation(expectation, place, around);
    case 'count':
      return countExpectation(expectation, place, around);
    default:
      return countExpectations(expectation, place, around);
  }
}

function eventExpectation(
  kind: 'event' | 'never',
  expectation: ParsedExpectation,
  place: Path,
  { durationNs, issues }: CheckSurroundings,
): ResolvedExpectation[] {
  const event = expectation[kind]!;
  if (!(EVENT_NAMES as readonly string[]).includes(event)) {
    issues.value([...place, kind], `unknown event "${event}"`, suggest(event, EVENT_NAMES));
  }
  const where = eventLabels(expectation.where, place, issues);
  const [fromNs, toNs] = expectation.within ?? [0, durationNs];
  if (toNs < fromNs) issues.value([...place, 'within'], 'ends before it begins', 'write [from, to]');
  const span = expectation.within === undefined ? '' : ` within ${formatTime(fromNs)} to ${formatTime(toNs)}`;
  const text = `${kind === 'never' ? 'never ' : ''}${event}${labelText(where)}${span}`;
  return [{ kind, text, event: event as EventName, fromNs, toNs, where }];
}

/** A verdict is on a whole run. */
function verdictExpectation(
  { verdict, where, phase }: ParsedExpectation,
  place: Path,
  { issues }: CheckSurroundings,
): ResolvedExpectation[] {
  if (phase !== undefined)
    issues.key([...place, 'phase'], 'has no meaning for a verdict', 'a verdict is on the whole run');
  for (const label of Object.keys(where).filter((name) => !VERDICT_LABELS.includes(name))) {
    const hint = suggest(label, VERDICT_LABELS);
    issues.key([...place, 'where', label], `verdicts have no label "${label}"`, hint);
  }
  return [{ kind: 'verdict', text: `verdict ${verdict}${labelText(where)}`, verdict: verdict!, where }];
}

function eventLabels(where: Labels, place: Path, issues: Issues): Labels {
  const result: Record<string, string> = {};
  for (const [label, value] of Object.entries(where)) {
    const here = [...place, 'where', label];
    const normal = normalLabel(label, value);
    if (!EVENT_LABELS.includes(label))
      issues.key(here, `events have no label "${label}"`, suggest(label, EVENT_LABELS));
    else if (!normal.ok) issues.value(here, normal.message, normal.hint);
    else result[label] = normal.value;
  }
  return result;
}

function countExpectation(
  expectation: ParsedExpectation,
  place: Path,
  around: CheckSurroundings,
): ResolvedExpectation[] {
  const { equals, least, most } = expectation;
  if (equals === undefined && least === undefined && most === undefined) {
    around.issues.value(place, 'a count without value', 'write equals, or least and most');
  }
  const range: [number, number | null] = equals === undefined ? [least ?? 0, most ?? null] : [equals, equals];
  return counted(expectation.count!, range, expectation, [...place, 'count'], around);
}

function countExpectations(
  expectation: ParsedExpectation,
  place: Path,
  around: CheckSurroundings,
): ResolvedExpectation[] {
  return Object.entries(expectation.counts!).flatMap(([name, value]) => {
    const range: [number, number] = typeof value === 'number' ? [value, value] : value;
    return counted(name, range, expectation, [...place, 'counts', name], around);
  });
}

function counted(
  name: string,
  [least, most]: readonly [number, number | null],
  expectation: ParsedExpectation,
  place: Path,
  { issues }: CheckSurroundings,
): ResolvedExpectation[] {
  const reference = parseMetric(name, expectation.where);
  if (!reference.ok) {
    issues.key(place, reference.message, reference.hint);
    return [];
  }
  const { metric, where } = reference.value;
  if (metric.kind !== 'count') {
    issues.key(place, `${metric.name} is not a count`, `counts are ${COUNT_NAMES.slice(0, 5).join(', ')}, …`);
  }
  if (most !== null && most < least) issues.value(place, 'the most is less than the least', 'swap them');
  const phase = expectation.phase ?? '';
  const value = least === most ? `== ${least}` : `in ${least} to ${most ?? '∞'}`;
  const text = `${metric.name}${labelText(where)} ${value}${phase === '' ? '' : ` in ${phase}`}`;
  return [{ kind: 'count', text, count: metric.name, phase, where, least, most }];
}

export function resolveThresholds(
  thresholds: ParsedThresholds,
  around: CheckSurroundings,
): RunChecks<ResolvedThreshold>[] {
  return thresholds.map((threshold, index) => {
    const place: Path = ['thresholds', index];
    const runs = typeof threshold === 'string' ? [] : [threshold.run ?? []].flat();
    return { place, runs, checks: resolveThreshold(threshold, place, around) };
  });
}

function resolveThreshold(
  threshold: ParsedThresholds[number],
  place: Path,
  around: CheckSurroundings,
): ResolvedThreshold[] {
  const spec = typeof threshold === 'string' ? null : threshold;
  const expr = typeof threshold === 'string' ? threshold : threshold.expr;
  const expression = parseThreshold(expr, spec?.where ?? {});
  if (!expression.ok) {
    around.issues.value(spec === null ? place : [...place, 'expr'], expression.message, expression.hint);
    return [];
  }
  checkPhase(spec?.phase, place, around);
  const { metric, where, operator, value } = expression.value;
  const phase = spec?.phase ?? '';
  return [
    {
      text: `${expr.trim()}${phase === '' ? '' : ` in ${phase}`}`,
      metric: metric.name,
      operator,
      value,
      where,
      phase,
      abort: spec?.abort ?? false,
      afterNs: spec?.after ?? 0,
      minSamples: spec?.minSamples ?? null,
    },
  ];
}

function checkPhase(phase: string | undefined, place: Path, { phases, issues }: CheckSurroundings): void {
  if (phase === undefined || phases === null) return;
  const names = phases.map(({ name }) => name);
  if (names.includes(phase)) return;
  issues.value([...place, 'phase'], `unknown phase "${phase}"`, suggest(phase, names));
}

function labelText(where: Labels): string {
  const parts = Object.entries(where).map(([label, value]) => `${label}=${value}`);
  return parts.length === 0 ? '' : `{${parts.join(',')}}`;
}
