import { pathBit } from '../zarch/path-mask.ts';
import { chpidsOf, type TracedEvent } from './ftrace-events.ts';

/** A subchannel with a device, as its first SCHIB in a trace shows it; and one without any SCHIB. */
export interface TracedSubchannel {
  readonly ssid: number;
  readonly number: number;
  /** Null where the trace has no SCHIB of it. */
  readonly schib: TracedSchib | null;
  /** Its events in their order. */
  readonly events: readonly TracedEvent[];
}

export interface TracedSchib {
  readonly deviceNumber: number;
  readonly pim: number;
  readonly pam: number;
  readonly pom: number;
  readonly chpids: string;
}

/** A SCHIB that was stored or given, of a subchannel that has a device. */
export const isSchib = ({ event, fields }: TracedEvent): boolean =>
  (event === 'cio_stsch' || event === 'cio_msch') && fields['cc'] === 0 && fields['dnv'] === 1;

/** Subchannels that a program was started on, or that have a device and paths to it. By set and number. */
export function tracedSubchannels(events: readonly TracedEvent[]): TracedSubchannel[] {
  const found = new Map<number, TracedEvent[]>();
  for (const event of events) {
    if (event.subchannel === null) continue;
    const key = event.subchannel.ssid * 0x10000 + event.subchannel.number;
    const known = found.get(key);
    if (known === undefined) found.set(key, [event]);
    else known.push(event);
  }
  return [...found]
    .sort(([a], [b]) => a - b)
    .map(([key, own]) => ({
      ssid: key >>> 16,
      number: key & 0xffff,
      schib: schibOf(own.find(isSchib)),
      events: own,
    }))
    .filter(({ schib, events: own }) => (schib === null ? own.some(isStart) : schib.pim !== 0));
}

export const isStart = ({ event, fields }: TracedEvent): boolean =>
  event === 'cio_ssch' && fields['cc'] === 0;

function schibOf(event: TracedEvent | undefined): TracedSchib | null {
  if (event === undefined) return null;
  const { dev, pim, pam, pom } = event.fields;
  return { deviceNumber: dev, pim, pam, pom, chpids: chpidsOf(event) };
}

/** Mask of the path to a CHPID; 0: the subchannel has none. */
export function pathTo(chpid: number, { pim, chpids }: Pick<TracedSchib, 'pim' | 'chpids'>): number {
  for (let path = 0; path < 8; path++) {
    const bit = pathBit(path);
    if ((pim & bit) !== 0 && Number.parseInt(chpids.slice(2 * path, 2 * path + 2), 16) === chpid) return bit;
  }
  return 0;
}
