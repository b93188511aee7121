import type { SimTime } from '../kernel/time.ts';
import { EVENT } from '../observe/event-table.ts';
import type { EventPattern, EventWatch } from '../observe/event-watch.ts';
import { formatTime } from '../output/table.ts';
import { parseChpid, parseDevice } from '../scenario/identifiers.ts';
import { findMetric } from '../scenario/metrics.ts';
import { observedSystems } from '../scenario/observed-systems.ts';
import type {
  Labels,
  ResolvedExpectation,
  ResolvedScenario,
  ResolvedThreshold,
  ThresholdOperator,
} from '../scenario/resolved.ts';
import { subchannelId } from '../zarch/ids.ts';
import { metricValue } from './metric-value.ts';
import { summarizePci } from './pci-summary.ts';
import type { RunFigures } from './run-figures.ts';

/** What became of one threshold or expectation, or of one check of an instruction script: a row of the result table, a test case, an object in the summary. */
export interface Verdict {
  readonly kind: 'threshold' | 'expectation' | 'step';
  /** As the scenario says it. */
  readonly text: string;
  readonly phase: string;
  readonly outcome: 'met' | 'failed' | 'undecided';
  /** Whether it makes the program fail: an undecided threshold does unless the scenario allows it. */
  readonly fails: boolean;
  /** What was measured, in `unit`; null when there was nothing to measure. */
  readonly value: number | null;
  readonly unit: string;
  /** Why it failed, in words; empty when it was met. */
  readonly reason: string;
}

/** Samples without which a statistic says nothing: at least one beyond the percentile. */
const SAMPLES_NEEDED: Readonly<Record<string, number>> = { p50: 2, p95: 20, p99: 100, p999: 1000 };

const HOLDS: Readonly<Record<ThresholdOperator, (value: number, limit: number) => boolean>> = {
  '<': (value, limit) => value < limit,
  '<=': (value, limit) => value <= limit,
  '>': (value, limit) => value > limit,
  '>=': (value, limit) => value >= limit,
  '==': (value, limit) => value === limit,
  '!=': (value, limit) => value !== limit,
};

export function judgeThreshold(run: RunFigures, threshold: ResolvedThreshold): Verdict {
  const { metric, operator, value: limit, where, phase, minSamples, text } = threshold;
  const { value, samples } = metricValue(run, metric, where, phase);
  const statistic = metric.slice(metric.lastIndexOf('.') + 1);
  const needed = minSamples ?? SAMPLES_NEEDED[statistic] ?? 1;
  const unit = findMetric(metric)?.unit ?? '';
  const base = { kind: 'threshold', text, phase, unit } as const;
  if (samples < needed || Number.isNaN(value)) {
    const reason = `undecided: ${samples} of ${needed} samples`;
    return { ...base, outcome: 'undecided', fails: minSamples === null, value: null, reason };
  }
  const holds = HOLDS[operator](value, limit);
  const [measured, asked] = quantities([value, limit], unit);
  const reason = holds ? '' : `${measured} is not ${operator} ${asked}`;
  return { ...base, outcome: holds ? 'met' : 'failed', fails: !holds, value, reason };
}

/** With their unit, as they read best, unless both would read the same. */
function quantities(values: readonly [number, number], unit: string): string[] {
  const short = values.map(unit === 'ns' ? formatTime : (value) => `${Number(value.toPrecision(6))} ${unit}`);
  const shown = short[0] === short[1] ? values.map((value) => `${value} ${unit}`) : short;
  return shown.map((text) => text.trimEnd());
}

/** The first threshold with `abort` that is violated now; an undecided one does not end a run. */
export function violatedAbort(run: RunFigures, now: SimTime): ResolvedThreshold | null {
  const due = run.scenario.thresholds.filter(({ abort, afterNs }) => abort && now >= afterNs);
  return due.find((threshold) => judgeThreshold(run, threshold).outcome === 'failed') ?? null;
}

/** The events that expectations look for, in the order of the event expectations. */
export function watchedEvents(scenario: ResolvedScenario): EventPattern[] {
  const systems = observedSystems(scenario);
  return scenario.expectations.filter(isOfEvents).map(({ event, fromNs, toNs, where }) => {
    const { system, subchannel, chpid, lpm, cc } = where;
    return {
      event: EVENT[event],
      fromNs,
      toNs,
      system: labelNumber(system, (name) => systems.findIndex((it) => it.name === name)),
      subchannel: labelNumber(subchannel, subchannelOf),
      chpid: labelNumber(chpid, chpidOf),
      lpm: labelNumber(lpm, (digits) => Number.parseInt(digits, 16)),
      cc: labelNumber(cc, Number),
    };
  });
}

type EventExpectation = Extract<ResolvedExpectation, { kind: 'event' | 'never' }>;

const isOfEvents = (expectation: ResolvedExpectation): expectation is EventExpectation =>
  expectation.kind === 'event' || expectation.kind === 'never';

export function judgeExpectations(run: RunFigures): Verdict[] {
  const watches = run.observer.watches.values();
  return run.scenario.expectations.map((expectation) => {
    switch (expectation.kind) {
      case 'count':
        return judgeCount(run, expectation);
      case 'message':
        return judgeMessage(run, expectation);
      case 'verdict':
        return judgeWays(run, expectation);
      default:
        return judgeEvent(expectation, watches.next().value as EventWatch);
    }
  });
}

function judgeMessage(run: RunFigures, expected: Extract<ResolvedExpectation, { kind: 'message' }>): Verdict {
  const { text, message } = expected;
  const printed = (run.final?.migrations ?? []).flatMap(({ messages }) => messages);
  const value = printed.filter((line) => line.includes(message)).length;
  const met = value > 0;
  const reason = met ? '' : printed.length === 0 ? 'nothing was printed' : `printed: ${printed.join(' / ')}`;
  const outcome = met ? 'met' : 'failed';
  return { kind: 'expectation', text, phase: '', outcome, fails: !met, value, unit: '', reason };
}

/** Met where there is a way that fits, and each that fits has the verdict. */
function judgeWays(run: RunFigures, expected: Extract<ResolvedExpectation, { kind: 'verdict' }>): Verdict {
  const { text, verdict, where } = expected;
  const ways = summarizePci(run).filter(
    ({ system, function: name }) =>
      (where['system'] ?? system) === system && (where['function'] ?? name) === name,
  );
  const value = ways.filter((way) => way.verdict === verdict).length;
  const met = value > 0 && value === ways.length;
  const found = ways.map((way) => `${way.system} ${way.function}: ${way.verdict}`).join(', ');
  const reason = met ? '' : ways.length === 0 ? 'there is no such ISM function' : found;
  const outcome = met ? 'met' : 'failed';
  return { kind: 'expectation', text, phase: '', outcome, fails: !met, value, unit: '', reason };
}

function judgeCount(run: RunFigures, expected: Extract<ResolvedExpectation, { kind: 'count' }>): Verdict {
  const { text, phase, count, where, least, most } = expected;
  const { value } = metricValue(run, count, where, phase);
  const met = value >= least && (most === null || value <= most);
  const wanted = most === null ? `at least ${least}` : least === most ? `${least}` : `${least} to ${most}`;
  const reason = met ? '' : `${value}, expected ${wanted}`;
  const outcome = met ? 'met' : 'failed';
  return { kind: 'expectation', text, phase, outcome, fails: !met, value, unit: '', reason };
}

function judgeEvent(expected: EventExpectation, watch: EventWatch): Verdict {
  const never = expected.kind === 'never';
  const met = never ? watch.matches === 0 : watch.matches > 0;
  const happened = `happened ${watch.matches} times, first at ${watch.firstAt} ns`;
  return {
    kind: 'expectation',
    text: expected.text,
    phase: '',
    outcome: met ? 'met' : 'failed',
    fails: !met,
    value: watch.matches,
    unit: '',
    reason: met ? '' : never ? happened : 'did not happen',
  };
}

function labelNumber(text: Labels[string] | undefined, read: (text: string) => number): number | null {
  return text === undefined ? null : read(text);
}

function chpidOf(text: string): number {
  const chpid = parseChpid(text);
  return chpid.ok ? chpid.value : NOBODY;
}

/** Fits no event. */
const NOBODY = -2;

/** Subchannels are written like devices. */
function subchannelOf(text: string): number {
  const parsed = parseDevice(text);
  return parsed.ok ? subchannelId(parsed.value.cssid, parsed.value.ssid, parsed.value.first) : NOBODY;
}
