import type { SimTime } from '../kernel/time.ts';
import { OUTCOME } from '../observe/block-request.ts';
import { EVENT_NAMES, EVENT_TABLE, type EventName } from '../observe/event-table.ts';
import { fieldParts, partValue } from '../observe/field-format.ts';
import { layerOf, type ObservedSystem } from '../observe/layers.ts';
import { EVENT_WORD, REQUEST_WORD } from '../observe/trace-buffer.ts';
import { formatChpid, formatSubchannel } from '../zarch/ids.ts';

/** One event of a run: a row of `events.csv` as an object. Identifiers are written as s390-tools write them. */
export interface RunEvent {
  /** Simulated time, ns. */
  readonly tNs: SimTime;
  /** Position among all events of the run, recorded or not. */
  readonly seq: number;
  /** `machine`, `host`, `guest`, `io`, `kernel` or `vmm`. */
  readonly layer: string;
  /** Name of the system, empty for the machine itself. */
  readonly system: string;
  readonly event: EventName;
  /** `0.0.0012`; null when the event concerns none. */
  readonly subchannel: string | null;
  /** `0.40`; null when the event concerns none. */
  readonly chpid: string | null;
  /** Path mask, path 0 is 0x80; null when the event has none. */
  readonly lpm: number | null;
  /** Condition code 0 … 3; null when the event has none. */
  readonly cc: number | null;
  /** The event's own numbers by name (see `chpsim explain`). */
  readonly fields: Readonly<Record<string, number>>;
}

/** One ended application request: a row of `io.csv` as an object. Times and components in nanoseconds. */
export interface RunRequest {
  readonly request: number;
  readonly system: string;
  readonly subchannel: string;
  readonly write: boolean;
  /** First 4 KiB block and number of blocks. */
  readonly block: number;
  readonly blocks: number;
  readonly arrivalNs: SimTime;
  readonly startNs: SimTime;
  readonly endNs: SimTime;
  readonly iosqNs: SimTime;
  readonly pendNs: SimTime;
  readonly discNs: SimTime;
  readonly connNs: SimTime;
  readonly interruptDelayNs: SimTime;
  /** Channel path of the start that ended it; null when there was none. */
  readonly chpid: string | null;
  readonly retries: number;
  readonly completed: boolean;
}

/** The event in the record that begins at `at`. */
export function decodeEvent(words: Float64Array, at: number, systems: readonly ObservedSystem[]): RunEvent {
  const event = words[at + EVENT_WORD.event];
  const system = words[at + EVENT_WORD.system];
  const name = EVENT_NAMES[event];
  const { a, b, c } = EVENT_TABLE[name];
  const fields: Record<string, number> = {};
  [a, b, c].forEach((field, index) => {
    for (const part of fieldParts(field))
      fields[part.name] = partValue(words[at + EVENT_WORD.a + index], part);
  });
  const subchannel = words[at + EVENT_WORD.subchannel];
  const chpid = words[at + EVENT_WORD.chpid];
  return {
    tNs: words[at + EVENT_WORD.time],
    seq: words[at + EVENT_WORD.seq],
    layer: layerOf(event, system, systems),
    system: systems[system]?.name ?? '',
    event: name,
    subchannel: subchannel < 0 ? null : formatSubchannel(subchannel),
    chpid: chpid < 0 ? null : formatChpid(chpid),
    lpm: unlessNegative(words[at + EVENT_WORD.lpm]),
    cc: unlessNegative(words[at + EVENT_WORD.cc]),
    fields,
  };
}

/** The request in the record that begins at `at`. */
export function decodeRequest(
  words: Float64Array,
  at: number,
  systems: readonly ObservedSystem[],
): RunRequest {
  const chpid = words[at + REQUEST_WORD.chpid];
  return {
    request: words[at + REQUEST_WORD.id],
    system: systems[words[at + REQUEST_WORD.system]].name,
    subchannel: formatSubchannel(words[at + REQUEST_WORD.subchannel]),
    write: words[at + REQUEST_WORD.write] === 1,
    block: words[at + REQUEST_WORD.firstBlock],
    blocks: words[at + REQUEST_WORD.blockCount],
    arrivalNs: words[at + REQUEST_WORD.arrivalNs],
    startNs: words[at + REQUEST_WORD.startNs],
    endNs: words[at + REQUEST_WORD.endNs],
    iosqNs: words[at + REQUEST_WORD.iosqNs],
    pendNs: words[at + REQUEST_WORD.pendNs],
    discNs: words[at + REQUEST_WORD.discNs],
    connNs: words[at + REQUEST_WORD.connNs],
    interruptDelayNs: words[at + REQUEST_WORD.interruptDelayNs],
    chpid: chpid < 0 ? null : formatChpid(chpid),
    retries: words[at + REQUEST_WORD.retries],
    completed: words[at + REQUEST_WORD.outcome] === OUTCOME.COMPLETED,
  };
}

const unlessNegative = (value: number): number | null => (value < 0 ? null : value);
