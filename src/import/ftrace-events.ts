import { PrintFormat } from '../output/printf.ts';
import { TRACEPOINT_NAMES, TRACEPOINTS, type Tracepoint } from '../output/tracepoints.ts';
import { ImportError, type InputText, printedLines, readLines } from './printed-lines.ts';
import { impossibleField } from './traced-fields.ts';

/** An event of the common I/O layer, or of a block device. */
export interface TracedEvent {
  readonly timeUs: number;
  /** Processor, where the line tells it. */
  readonly cpu: number | null;
  /** Whether it happened in a hardware interruption; null: the line has no flags. */
  readonly inInterruption: boolean | null;
  /** Tracepoint without `s390_`, or of the block layer. */
  readonly event: string;
  /** Behind the name, where numbers do not say everything: of SCHIBs and block events. */
  readonly text: string;
  /** Values by name; numbers are read in the base that the kernel prints them in. */
  readonly fields: Readonly<Record<string, number>>;
  /** The subchannel that it is about; null: none. */
  readonly subchannel: { readonly ssid: number; readonly number: number } | null;
}

/** A trace that was read. */
export interface TracedEvents {
  readonly events: readonly TracedEvent[];
  /** Events that say nothing here, by name, and how many there are. */
  readonly others: ReadonlyMap<string, number>;
  /** How many events the kernel says it has lost. */
  readonly lost: number;
}

/**
 * Reads text of ftrace or of trace-cmd report: task and number, processor and flags where they are told, time, event. The
 * second form has the time first (trace-cmd of old, and consoles).
 */
const LINE =
  /^.*-\d+ +(?:\([ \d-]+\) +)?(?:\[(?<cpu>\d+)\] +)?(?:(?<flags>[A-Za-z.#][\w.#]{2,6}) +)?(?<seconds>\d+)\.(?<micros>\d{6})\d{0,3}: +(?<name>\w+): *(?<text>.*)$/;
const SHORT_LINE =
  /^(?<seconds>\d+)\.(?<micros>\d{6})\d{0,3} +\S.*-\d+ +(?<flags>[A-Za-z.#][\w.#]{2,6}) +(?<name>\w+) ?(?<text>.*)$/;
/** What trace-cmd says about the trace itself. */
const ABOUT = /^(cpus=\d+|version = \S+|CPU \d+ is empty|trace\.dat.*)$/;
const LOST = /\[LOST (\d+) EVENTS\]|CPU:\d+ \[?LOST (\d+)/;
/** A request goes to the driver: device, direction, bytes, command, first sector, sectors (block.h:block_rq_issue). */
const BLOCK_EVENT = 'block_rq_issue';
const BLOCK_TEXT = /^\d+,\d+ [A-Z]+ \d+ \([^)]*\) \d+ \+ \d+( \S+)? \[[^\]]*\]$/;

const BY_NAME = new Map<string, Tracepoint>(
  TRACEPOINT_NAMES.flatMap((name) => [
    [name, name],
    [name.replace(/^s390_/, ''), name],
  ]),
);

const HINT = 'feed text of ftrace or of trace-cmd report alone, lines whole';

/** Throws an ImportError with every line that is not understood. */
export function readFtrace({ file, text }: InputText): TracedEvents {
  const events: TracedEvent[] = [];
  const others = new Map<string, number>();
  let lost = 0;
  readLines(printedLines({ file, text }), (line) => {
    const gap = LOST.exec(line.text);
    if (gap !== null) {
      lost += Number(gap[1] ?? gap[2]);
      return null;
    }
    if (ABOUT.test(line.text)) return null;
    const groups = (LINE.exec(line.text) ?? SHORT_LINE.exec(line.text))?.groups;
    if (groups === undefined) return line.error(line.words[0], 'is no line of a trace', HINT);
    const { name, text: told } = groups;
    const tracepoint = BY_NAME.get(name);
    if (tracepoint === undefined && name !== BLOCK_EVENT) {
      others.set(name, (others.get(name) ?? 0) + 1);
      return null;
    }
    const isWhole = tracepoint === undefined ? BLOCK_TEXT.test(told) : TRACEPOINTS[tracepoint].matches(told);
    if (!isWhole) return line.error(undefined, `is no whole ${name}`, HINT);
    if (events.length === MOST_EVENTS) throw tooLong(file);
    const event = eventOf(groups, tracepoint?.replace(/^s390_/, '') ?? name);
    const problem = impossibleField(event.event, event.fields, CHPIDS.exec(told)?.[1] ?? '');
    if (problem !== null) return line.error(undefined, `${event.event}: ${problem}`, HINT);
    events.push(event);
    return null;
  });
  return { events, others, lost };
}

function eventOf(groups: Readonly<Record<string, string | undefined>>, event: string): TracedEvent {
  const { seconds, micros, cpu, flags, text = '' } = groups;
  return {
    timeUs: Number(seconds) * 1_000_000 + Number(micros),
    cpu: cpu === undefined ? null : Number(cpu),
    // irqs-off, need-resched, then h or H in a hardware interruption, s in a software one.
    inInterruption: flags === undefined ? null : /^..[hH]/.test(flags),
    event,
    text: WORDY.test(event) ? text : '',
    fields: fieldsOf(text),
    subchannel: subchannelOf(text),
  };
}

const WORDY = /^(cio_stsch|cio_msch|block_rq_issue)$/;

/** A trace is kept in memory while it is looked through. */
const MOST_EVENTS = 2_000_000;

const tooLong = (file: string): ImportError =>
  ImportError.of(
    file,
    `has more than ${MOST_EVENTS} events`,
    'cut it by time, or record a part: only s390 and block_rq_issue',
  );

/** Fields that the kernel prints in hexadecimal digits without `0x`. */
const BARE_HEX: readonly string[] = ['dev'];

function fieldsOf(text: string): Record<string, number> {
  const fields: Record<string, number> = {};
  for (const [, name, value] of text.matchAll(/(\w+)=(\S+)/g)) {
    if (DECIMAL.matches(value) && !BARE_HEX.includes(name)) fields[name] = Number(value);
    else if (/^(0x)?[0-9a-f]+$/.test(value)) fields[name] = Number.parseInt(value.replace('0x', ''), 16);
  }
  return fields;
}

const DECIMAL = new PrintFormat('%d');

function subchannelOf(text: string): TracedEvent['subchannel'] {
  const match = /schid=[0-9a-f]+\.([0-3])\.([0-9a-f]{4})/.exec(text);
  return match === null ? null : { ssid: Number(match[1]), number: Number.parseInt(match[2], 16) };
}

/** The list of CHPIDs of a SCHIB: sixteen digits, more than a number can hold. */
export const chpidsOf = ({ text }: TracedEvent): string => CHPIDS.exec(text)![1];

const CHPIDS = /chpids=([0-9a-f]{16})/;
