import { QEMU_LOG_EVENTS, type QemuLogEvent } from './qemu-log-events.ts';
import { TRACEPOINT_FIELDS, TRACEPOINT_NAMES, TRACEPOINTS, type Tracepoint } from './tracepoints.ts';

export type TraceKind = 'ftrace' | 'qemu';

export interface TraceField {
  readonly name: string;
  readonly value: string;
}

/** One event of a trace: what of its line does not depend on time, thread or place in memory. */
export interface TraceLine {
  /** Line of the file, from 1. */
  readonly line: number;
  /** Null where the line has none. */
  readonly timeUs: number | null;
  /** Tracepoint without `s390_`, or QEMU's event. */
  readonly event: string;
  /** In their order; QEMU's texts, which are prose, are one field. */
  readonly fields: readonly TraceField[];
  /** A part of the line is missing, so that it says nothing for certain. */
  readonly cut: boolean;
}

/** Name of the field that holds a text of QEMU's. */
export const PROSE_FIELD = 'text';

/** A trace that was read. */
export interface TraceText {
  /** Null when it holds no event. */
  readonly kind: TraceKind | null;
  readonly lines: readonly TraceLine[];
  /** Events of other parts of the kernel or of QEMU, and how often. */
  readonly others: ReadonlyMap<string, number>;
}

/** As ftrace and trace-cmd print it: task, CPU and flags where known, time, event, text. */
const FTRACE_LINE =
  /^.*-\d+ +(?:\([ \d-]+\) +)?(?:\[\d+\] +)?(?:[A-Za-z.#][\w.#]{2,6} +)?(\d+)\.(\d{6}): +(\w+): *(.*)$/;
/** The same with the time first and without CPU and colons. */
const SHORT_LINE = /^(\d+)\.(\d{6}) +\S.*-\d+ +[A-Za-z.#][\w.#]{2,6} +(\w+) ?(.*)$/;
/** What a console leaves when it takes something out of the middle of a line. */
const BEHEADED_LINE = /(?:^| )(\w+): +(.*)$/;
/** As QEMU's log prints it, with and without process and time. */
const QEMU_LINE = /^(?:\d+@(\d+)\.(\d{6}):)?(\w+) (.*)$/;

/** Shortest rest of a tracepoint's name that is taken for one. */
const BEHEADED_NAME = 5;

/** Reads ftrace text in either form, or QEMU's log; what is no line of a trace is passed over. */
export function readTrace(text: string): TraceText {
  const ftrace: FoundLine[] = [];
  const qemu: FoundLine[] = [];
  const others = new Map<string, number>();
  text.split('\n').forEach((raw, at) => {
    const line = raw.trimEnd();
    const found = ftraceLine(line, at + 1) ?? qemuLine(line, at + 1);
    if (found === null) return;
    if (found.event === '') others.set(found.name, (others.get(found.name) ?? 0) + 1);
    else (found.kind === 'ftrace' ? ftrace : qemu).push(found);
  });
  const kind = ftrace.length > 0 ? 'ftrace' : qemu.length > 0 ? 'qemu' : null;
  return { kind, lines: markCut(ftrace.length > 0 ? ftrace : qemu), others };
}

interface FoundLine extends TraceLine {
  readonly kind: TraceKind;
  /** As the line has it. */
  readonly name: string;
  /** The text is what the event's format prints. */
  readonly whole: boolean;
}

function ftraceLine(raw: string, line: number): FoundLine | null {
  const full = FTRACE_LINE.exec(raw) ?? SHORT_LINE.exec(raw);
  if (full !== null) {
    const [, seconds, micros, name, text] = full;
    const tracepoint = tracepointOf(name);
    return found('ftrace', line, timeOf(seconds, micros), name, tracepoint, text, false);
  }
  const [, rest = '', text = ''] = BEHEADED_LINE.exec(raw) ?? [];
  const tracepoint = rest.length < BEHEADED_NAME ? null : beheaded(rest);
  return tracepoint === null ? null : found('ftrace', line, null, rest, tracepoint, text, true);
}

function found(
  kind: TraceKind,
  line: number,
  timeUs: number | null,
  name: string,
  tracepoint: Tracepoint | null,
  text: string,
  cut: boolean,
): FoundLine {
  const event = tracepoint === null ? '' : shortName(tracepoint);
  const whole = tracepoint !== null && TRACEPOINTS[tracepoint].matches(text);
  return { kind, line, timeUs, event, name, fields: namedFields(text), whole, cut };
}

function qemuLine(raw: string, line: number): FoundLine | null {
  const [, seconds, micros, name = '', text = ''] = QEMU_LINE.exec(raw) ?? [];
  const timeUs = seconds === undefined ? null : timeOf(seconds, micros);
  if (!Object.hasOwn(QEMU_LOG_EVENTS, name)) {
    const isEvent = timeUs !== null;
    return isEvent
      ? { kind: 'qemu', line, timeUs, event: '', name, fields: [], whole: true, cut: false }
      : null;
  }
  const whole = QEMU_LOG_EVENTS[name as QemuLogEvent].matches(text);
  const fields = [{ name: PROSE_FIELD, value: withoutPointers(text) }];
  return { kind: 'qemu', line, timeUs, event: name, name, fields, whole, cut: !whole };
}

/** Interruption parameters and indicators are addresses in the guest's storage. */
const withoutPointers = (text: string): string =>
  text.replace(/\bintparm 0x[0-9a-f]+/, 'intparm *').replace(/\bindicator at [0-9]+/, 'indicator at *');

const timeOf = (seconds: string, micros: string): number => Number(seconds) * 1_000_000 + Number(micros);

export const shortName = (tracepoint: Tracepoint): string => tracepoint.replace(/^s390_/, '');

const TRACEPOINT_BY_NAME = new Map(
  TRACEPOINT_NAMES.flatMap((name): [string, Tracepoint][] => [
    [name, name],
    [shortName(name), name],
  ]),
);

/** The tracepoint of a name with or without `s390_`; null when it is none of these systems. */
const tracepointOf = (name: string): Tracepoint | null => TRACEPOINT_BY_NAME.get(name) ?? null;

/** The only tracepoint whose name ends so. */
function beheaded(rest: string): Tracepoint | null {
  const candidates = TRACEPOINT_NAMES.filter((name) => name.endsWith(rest));
  return candidates.length === 1 ? candidates[0] : null;
}

function namedFields(text: string): TraceField[] {
  if (text === '') return [];
  return text.split(/ +(?=\w+=)/).map((field) => {
    const at = field.indexOf('=');
    return at < 0 ? { name: field, value: '' } : { name: field.slice(0, at), value: field.slice(at + 1) };
  });
}

/**
 * A text that is not as the format prints it is either cut or another kernel's. It is cut when its last value is, or when
 * others of its kind go on after the same fields.
 */
function markCut(lines: readonly FoundLine[]): TraceLine[] {
  const longest = new Map<string, number>();
  for (const { event, fields } of lines) {
    longest.set(event, Math.max(longest.get(event) ?? 0, fields.length));
  }
  return lines.map(({ line, timeUs, event, fields, whole, cut }) => {
    const broken = !whole && (fields.length < longest.get(event)! || !isWhole(fields.at(-1)));
    return { line, timeUs, event, fields, cut: cut || broken };
  });
}

const isWhole = (field: TraceField | undefined): boolean =>
  field !== undefined && (TRACEPOINT_FIELDS.get(field.name)?.matches(field.value) ?? field.value !== '');
