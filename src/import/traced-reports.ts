import { Crw, crwWord, ERC, RSC } from '../zarch/crw.ts';
import { formatBusId, formatChpid } from '../zarch/ids.ts';
import type { TracedEvent } from './ftrace-events.ts';
import { isSchib } from './traced-subchannels.ts';

/** What a report of a trace becomes in a scenario, and what is to be said about it. */
export interface ReportedChange {
  readonly timeUs: number;
  /** `faults` or `actions`, and the keys behind `at`. */
  readonly list: 'faults' | 'actions';
  readonly keys: string;
  readonly note?: string;
}

export interface ReportedChanges {
  readonly changes: readonly ReportedChange[];
  /** Whether each CHPID of which there is a report was in the configuration before the first one. */
  readonly before: ReadonlyMap<number, boolean>;
}

/**
 * Turns channel reports into what causes them, by RSC and ERC as Linux reads them (chp.c:chp_process_crw,
 * css.c:css_process_crw): a channel path has come or gone, a device has. A report that tells nothing new, is solicited, or
 * has another source has no cause that a trace shows: it is found by STCRW all the same.
 */
export function reportedChanges(events: readonly TracedEvent[], deviceOf: DeviceOf): ReportedChanges {
  const before = new Map<number, boolean>();
  const present = new Map<number, boolean>();
  const gone = new Set<string>();
  const changes: ReportedChange[] = [];
  const reports = reportsOf(events);
  for (const { timeUs, at, words } of reports) {
    const [first, second] = words;
    const isPath = first.rsc === RSC.CHANNEL_PATH && first.solicited === 0;
    const comes = isPath ? ARRIVALS.get(first.erc) : undefined;
    const chpid = first.rsid & 0xff;
    if (comes !== undefined && present.get(chpid) !== comes) {
      if (!before.has(chpid)) before.set(chpid, !comes);
      present.set(chpid, comes);
      const keys = `do: configure-${comes ? 'on' : 'off'}, chpid: ${formatChpid(chpid)}`;
      changes.push({ timeUs, list: 'faults', keys, ...overflowNote(first) });
      continue;
    }
    const device =
      first.rsc === RSC.SUBCHANNEL ? deviceChange(first, second, stored(events, at), deviceOf, gone) : null;
    if (device !== null) {
      changes.push({ timeUs, list: 'faults', keys: device });
      continue;
    }
    const text = words.map((word) => (crwWord(word) >>> 0).toString(16).padStart(8, '0')).join(', ');
    const crw = words.length === 1 ? text : `"${text}"`;
    changes.push({
      timeUs,
      list: 'actions',
      keys: `do: inject-report, crw: ${crw}, into: css`,
      note:
        comes === undefined
          ? 'cause not in the trace'
          : `${formatChpid(chpid)} was ${comes ? 'there' : 'gone'} already`,
    });
  }
  return { changes, before };
}

/** Device number behind a subchannel; undefined: it is none of the machine. */
export type DeviceOf = (ssid: number, number: number) => number | undefined;

/** Reports of a channel path after which it is there, and after which it is not. */
const ARRIVALS = new Map<number, boolean>([
  [ERC.INITIALIZED, true],
  [ERC.PARAMETERS_INITIALIZED, true],
  [ERC.PERMANENT_NOT_INITIALIZED, false],
  [ERC.PERMANENT_INITIALIZED, false],
]);

interface Report {
  readonly timeUs: number;
  /** Position of its last word among the events. */
  readonly at: number;
  readonly words: readonly Crw[];
}

/** Words that were stored, chained ones together. */
function reportsOf(events: readonly TracedEvent[]): Report[] {
  const reports: { timeUs: number; at: number; words: Crw[] }[] = [];
  for (const [at, { event, fields, timeUs }] of events.entries()) {
    if (event !== 'cio_stcrw' || fields['cc'] !== 0) continue;
    const word = Object.assign(new Crw(), {
      solicited: fields['slct'],
      overflow: fields['oflw'],
      chained: fields['chn'],
      rsc: fields['rsc'],
      ancillary: fields['anc'],
      erc: fields['erc'],
      rsid: fields['rsid'],
    });
    const open = reports.at(-1);
    if (open !== undefined && open.words.length === 1 && open.words[0].chained === 1) {
      open.words.push(word);
      open.at = at;
    } else reports.push({ timeUs, at, words: [word] });
  }
  return reports;
}

/** A device has gone, or is back, as the next SCHIB of its subchannel shows; null: neither. */
function deviceChange(
  { rsid }: Crw,
  second: Crw | undefined,
  next: NextSchib,
  deviceOf: DeviceOf,
  gone: Set<string>,
): string | null {
  const ssid = second === undefined ? 0 : (second.rsid >>> 4) & 3;
  const number = deviceOf(ssid, rsid);
  const look = next(ssid, rsid);
  if (number === undefined || look === undefined) return null;
  const device = formatBusId(0, ssid, number);
  const isThere = isSchib(look);
  if (isThere === !gone.has(device)) return null;
  if (isThere) gone.delete(device);
  else gone.add(device);
  return `do: ${isThere ? 'attach' : 'detach'}, device: ${device}`;
}

type NextSchib = (ssid: number, number: number) => TracedEvent | undefined;

/** The next STSCH of a subchannel from a place in the trace on. */
const stored =
  (events: readonly TracedEvent[], from: number): NextSchib =>
  (ssid, number) => {
    for (let at = from; at < events.length; at++) {
      const { event, subchannel } = events[at];
      if (event === 'cio_stsch' && subchannel?.ssid === ssid && subchannel.number === number)
        return events[at];
    }
    return undefined;
  };

const overflowNote = ({ overflow }: Crw): { note?: string } =>
  overflow === 0 ? {} : { note: 'reports were lost behind it' };
