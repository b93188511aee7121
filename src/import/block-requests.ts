import type { TracedEvent } from './ftrace-events.ts';
import { isStart } from './traced-subchannels.ts';

/** A request that the block layer has handed to a driver. */
export interface BlockEvent {
  readonly timeUs: number;
  readonly minor: number;
  readonly write: boolean;
  readonly sector: number;
  readonly sectors: number;
}

/** Major number of DASD (dasd.c:DASD_MAJOR). */
const DASD_MAJOR = 94;
const TEXT = /^(\d+),(\d+) ([A-Z]+) \d+ \([^)]*\) (\d+) \+ (\d+)/;
/** A DASD and its partitions. */
const MINORS = 4;

/** Reads and writes of DASD; what moves no blocks is left out. */
export function blockEvents(events: readonly TracedEvent[]): BlockEvent[] {
  return events.flatMap(({ event, text, timeUs }) => {
    if (event !== 'block_rq_issue') return [];
    const [, major, minor, kind, sector, sectors] = TEXT.exec(text)!;
    const moves = /[RW]/.test(kind) && !kind.includes('D') && Number(sectors) > 0;
    if (Number(major) !== DASD_MAJOR || !moves) return [];
    const write = kind.includes('W');
    return [
      { timeUs, minor: wholeDisk(Number(minor)), write, sector: Number(sector), sectors: Number(sectors) },
    ];
  });
}

export const wholeDisk = (minor: number): number => minor - (minor % MINORS);

/**
 * Subchannel of each disk, by the starts that follow its requests on the same processor: the subchannel on which most of
 * them are. Only for disks of which nothing else tells.
 */
export function disksBySubchannel(events: readonly TracedEvent[]): Map<number, string> {
  const votes = new Map<number, Map<string, number>>();
  const waiting = new Map<number | null, number>();
  for (const event of events) {
    if (event.event === 'block_rq_issue') {
      const [, major, minor] = TEXT.exec(event.text)!;
      if (Number(major) === DASD_MAJOR) waiting.set(event.cpu, wholeDisk(Number(minor)));
      continue;
    }
    const disk = isStart(event) ? waiting.get(event.cpu) : undefined;
    if (disk === undefined) continue;
    waiting.delete(event.cpu);
    const name = subchannelKey(event.subchannel!);
    const own = votes.get(disk) ?? new Map<string, number>();
    votes.set(disk, own.set(name, (own.get(name) ?? 0) + 1));
  }
  return new Map([...votes].map(([disk, own]) => [disk, [...own].sort(([, a], [, b]) => b - a)[0][0]]));
}

export const subchannelKey = ({ ssid, number }: { readonly ssid: number; readonly number: number }): string =>
  `${ssid}.${number}`;
