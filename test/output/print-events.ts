import { readFileSync } from 'node:fs';
import { EVENT, type EventName } from '../../src/observe/event-table.ts';
import { RunObserver } from '../../src/observe/recorder.ts';
import { EVENT_WORDS } from '../../src/observe/trace-buffer.ts';

export const recording = (name: string): string => readFileSync(`test/fixtures/recordings/${name}`, 'utf8');

export interface Emitted {
  readonly event: EventName;
  readonly subchannel?: number;
  readonly chpid?: number;
  readonly cc?: number;
  readonly numbers?: readonly number[];
}

/** Has a text print events that one system emits at `startNs`. */
export function print(
  text: { add(words: Float64Array, at: number): void; flush(): void },
  events: readonly Emitted[],
  startNs = 0,
): void {
  const sink = {
    events(records: Float64Array, count: number) {
      for (let at = 0; at < count; at++) text.add(records, at * EVENT_WORDS);
    },
    requests() {},
  };
  const systems = [{ name: 'lpar1', layer: 'host' as const }];
  const observer = new RunObserver({ systems, trace: 'all', filter: [], patterns: [], sink });
  observer.attach({ now: startNs, running: 7 }, []);
  for (const { event, subchannel = -1, chpid = -1, cc = -1, numbers = [] } of events) {
    const [a = 0, b = 0, c = 0] = numbers;
    observer.emit(EVENT[event], 0, subchannel, chpid, -1, cc, a, b, c);
  }
  observer.finish();
  text.flush();
}

/** A value of a trace; of a subchannel its id, of CHPIDs the first four. */
export function numberOf(value = '0'): number {
  const subchannel = /^([0-9a-f]+)\.([0-9a-f])\.([0-9a-f]{4})$/.exec(value);
  if (subchannel !== null) {
    const [cssid, ssid, number] = subchannel.slice(1).map((part) => Number.parseInt(part, 16));
    return cssid * 0x40000 + ssid * 0x10000 + number;
  }
  if (value.length === 16) return Number.parseInt(value.slice(0, 8), 16);
  return Number(value);
}
