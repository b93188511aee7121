import {
  PROSE_FIELD,
  readTrace,
  type TraceKind,
  type TraceLine,
  type TraceText,
} from '../output/trace-lines.ts';
import { ALONE } from './alignment.ts';
import { type ChangedField, ChangedFields } from './changed-fields.ts';
import { alignLines } from './line-alignment.ts';
import { SharedFields } from './shared-fields.ts';

/** What of two traces is compared. */
export interface TraceComparisonOptions {
  /** Only these events, with or without `s390_`; empty: all. */
  readonly events?: readonly string[];
  /** Only what the run printed from here on, µs of simulated time. */
  readonly fromUs?: number;
  /** Only what it printed before this. */
  readonly toUs?: number;
}

/** Two lines opposite each other, or one alone; cut lines count neither way, alone or not. */
export interface TracePair {
  readonly recorded: TraceLine | null;
  readonly run: TraceLine | null;
}

export type Agreement = 'agrees' | 'differs' | 'cut';

export interface EventAgreement {
  readonly event: string;
  /** Lines that count, on either side. */
  readonly recorded: number;
  readonly run: number;
  readonly agreed: number;
}

export interface TraceComparison {
  readonly kind: TraceKind | null;
  /** Every line that counts has its like. */
  readonly equal: boolean;
  /** Lines that count, on either side, and those of either that have their like on the other. */
  readonly recorded: number;
  readonly run: number;
  readonly agreed: number;
  /** Agreed lines among those of the longer side; 1 when both are empty. */
  readonly share: number;
  readonly events: readonly EventAgreement[];
  /** Both traces beside each other, in order. */
  readonly pairs: readonly TracePair[];
  /** Position in `pairs` of the first that differs; −1: none does. */
  readonly firstDifference: number;
  /** Fields whose values make lines differ, the most frequent first; none of QEMU's log, whose texts have no fields. */
  readonly changedFields: readonly ChangedField[];
  /** Lines that are incomplete, or whose counterpart is. */
  readonly cut: number;
  /** Fields that the lines of an event have on one side only: `cio_stsch chpids`. They are not compared. */
  readonly onlyRecordedFields: readonly string[];
  readonly onlyRunFields: readonly string[];
  /** Events in the recording that are not the channel subsystem's, and how often. */
  readonly otherEvents: ReadonlyMap<string, number>;
}

/** Two texts cannot be compared. */
export class TraceError extends Error {
  override readonly name = 'TraceError';
}

/**
 * Lays a run's trace beside a recorded one: ftrace text in either form, or QEMU's log. Times, threads, processors and
 * addresses are left aside. Lines are aligned so that one that is missing does not make the following ones differ.
 */
export function compareTraces(
  recordedText: string,
  runText: string,
  options: TraceComparisonOptions = {},
): TraceComparison {
  return compareReadTraces(readTrace(recordedText), readTrace(runText), options);
}

/** The same with traces that have been read. */
export function compareReadTraces(
  recorded: TraceText,
  run: TraceText,
  options: TraceComparisonOptions = {},
): TraceComparison {
  if (recorded.kind !== null && run.kind !== null && recorded.kind !== run.kind) {
    throw new TraceError(`one trace is ${KIND_WORDS[recorded.kind]}, the other is ${KIND_WORDS[run.kind]}`);
  }
  const { fromUs = 0, toUs = Number.POSITIVE_INFINITY } = options;
  const isWanted = wantedEvents(options.events ?? []);
  const left = recorded.lines.filter(isWanted);
  const right = run.lines.filter(
    (line) => isWanted(line) && (line.timeUs === null || (line.timeUs >= fromUs && line.timeUs < toUs)),
  );
  const fields = new SharedFields(left, right);
  const partners = alignLines(left, right, fields.relation());
  const pairs = pairsOf(left, right, partners);
  const verdicts = pairs.map(agreementOf);
  const events = eventAgreements(pairs, verdicts);
  const total = sum(events);
  const longer = Math.max(total.recorded, total.run);
  return {
    kind: recorded.kind ?? run.kind,
    equal: total.agreed === total.recorded && total.agreed === total.run,
    ...total,
    share: longer === 0 ? 1 : total.agreed / longer,
    events,
    pairs,
    firstDifference: verdicts.indexOf('differs'),
    changedFields: changedFields(pairs, verdicts),
    cut: verdicts.filter((verdict) => verdict === 'cut').length,
    onlyRecordedFields: fields.onlyLeft,
    onlyRunFields: fields.onlyRight,
    otherEvents: recorded.others,
  };
}

export const KIND_WORDS: Readonly<Record<TraceKind, string>> = { ftrace: 'ftrace text', qemu: "QEMU's log" };

function wantedEvents(events: readonly string[]): (line: TraceLine) => boolean {
  const names = new Set(events.map((event) => event.replace(/^s390_/, '')));
  return ({ event }) => names.size === 0 || names.has(event);
}

export function agreementOf({ recorded, run }: TracePair): Agreement {
  if (recorded?.cut === true || run?.cut === true) return 'cut';
  return recorded !== null && run !== null ? 'agrees' : 'differs';
}

/** In the order of both; what is alone on the left comes before what is alone on the right. */
function pairsOf(left: readonly TraceLine[], right: readonly TraceLine[], partners: Int32Array): TracePair[] {
  const pairs: TracePair[] = [];
  let next = 0;
  left.forEach((recorded, at) => {
    const partner = partners[at];
    if (partner === ALONE) {
      pairs.push({ recorded, run: null });
      return;
    }
    while (next < partner) pairs.push({ recorded: null, run: right[next++] });
    pairs.push({ recorded, run: right[next++] });
  });
  while (next < right.length) pairs.push({ recorded: null, run: right[next++] });
  return pairs;
}

function changedFields(pairs: readonly TracePair[], verdicts: readonly Agreement[]): readonly ChangedField[] {
  const changed = new ChangedFields();
  for (let at = 0; at < pairs.length; at++) {
    if (verdicts[at] !== 'differs') continue;
    const stretch: TracePair[] = [];
    for (; at < pairs.length && verdicts[at] === 'differs'; at++) stretch.push(pairs[at]);
    changed.addStretch(
      stretch.flatMap(({ recorded }) => recorded ?? []),
      stretch.flatMap(({ run }) => run ?? []),
    );
  }
  return changed.list.filter(({ field }) => field !== PROSE_FIELD);
}

function eventAgreements(pairs: readonly TracePair[], verdicts: readonly Agreement[]): EventAgreement[] {
  const events = new Map<string, { recorded: number; run: number; agreed: number }>();
  pairs.forEach(({ recorded, run }, at) => {
    if (verdicts[at] === 'cut') return;
    const { event } = (recorded ?? run)!;
    const counts = events.get(event) ?? { recorded: 0, run: 0, agreed: 0 };
    events.set(event, counts);
    if (recorded !== null) counts.recorded++;
    if (run !== null) counts.run++;
    if (verdicts[at] === 'agrees') counts.agreed++;
  });
  return [...events].sort(([a], [b]) => (a < b ? -1 : 1)).map(([event, counts]) => ({ event, ...counts }));
}

function sum(events: readonly EventAgreement[]): Omit<EventAgreement, 'event'> {
  const total = { recorded: 0, run: 0, agreed: 0 };
  for (const { recorded, run, agreed } of events) {
    total.recorded += recorded;
    total.run += run;
    total.agreed += agreed;
  }
  return total;
}
