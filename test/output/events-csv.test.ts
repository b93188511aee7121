import { describe, expect, it } from 'vitest';
import { BlockRequest, OUTCOME } from '../../src/observe/block-request.ts';
import type { EventName } from '../../src/observe/event-table.ts';
import { EVENT } from '../../src/observe/event-table.ts';
import type { TraceLevel } from '../../src/observe/recorder.ts';
import { RunObserver } from '../../src/observe/recorder.ts';
import { EventsCsv } from '../../src/output/events-csv.ts';
import { IoCsv } from '../../src/output/io-csv.ts';

const SYSTEMS = [{ name: 'lpar1', layer: 'host' }] as const;
const NAMES = {
  systems: ['lpar1'],
  controlUnits: [],
  device: (_: number, subchannel: number) => (subchannel === 18 ? '0.0.1000' : ''),
};

/** Emits a short story and gives the text of `events.csv` and `io.csv`. */
function story(trace: TraceLevel, filter: readonly EventName[] = []) {
  let events = '';
  let io = '';
  const decoder = new TextDecoder();
  const eventTable = new EventsCsv(SYSTEMS, (bytes) => {
    events += decoder.decode(bytes);
  });
  const ioTable = new IoCsv(NAMES, (bytes) => {
    io += decoder.decode(bytes);
  });
  const observer = new RunObserver({
    systems: SYSTEMS,
    trace,
    filter,
    patterns: [],
    sink: {
      events: (records, count) => eventTable.add(records, count),
      requests: (records, count) => ioTable.add(records, count),
    },
  });
  const clock = { now: 2_000_000_000 };
  observer.attach(clock, []);
  observer.emit(EVENT['crw.channel-path'], 0, -1, 0x40, -1, -1, 6, 0, 0x00440640);
  observer.emit(EVENT['machine-check'], 0, -1, -1, -1, -1, 0, 0, 0);
  clock.now = 2_000_030_000;
  observer.emit(EVENT.stsch, 0, 18, -1, -1, 0, (1 << 19) | (1 << 16) | 0x1000, 0xf00080f0, 0x70ff);
  observer.emit(EVENT['path.masks'], 0, 18, -1, -1, -1, 0x70, 0x70, 0xff);
  const request = new BlockRequest({ completed() {} }, 1);
  request.id = 7;
  request.firstBlock = 4711;
  request.blockCount = 1;
  request.arrivalNs = 2_000_000_000;
  request.startNs = 2_000_000_500;
  request.endNs = 2_000_300_000;
  request.iosqNs = 500;
  request.pendNs = 100_000;
  request.connNs = 190_000;
  request.interruptDelayNs = 9_500;
  request.chpid = 0x41;
  request.lpum = 0x40;
  request.outcome = OUTCOME.COMPLETED;
  observer.requestEnded(0, 18, request);
  observer.finish();
  eventTable.flush();
  ioTable.flush();
  return { events, io };
}

describe('events.csv', () => {
  it('tells the story at level events, with the numbers of all events', () => {
    expect(story('events').events).toBe(
      [
        't_ns,seq,layer,system,event,subchannel,chpid,lpm,cc,detail',
        '2000000000,0,machine,lpar1,crw.channel-path,,0.40,,,erc=06 solicited=0 word=00440640',
        '2000000000,1,host,lpar1,machine-check,,,,,',
        '2000030000,3,host,lpar1,path.masks,0.0.0012,,,,lpm=70 vpm=70 opm=ff',
        '',
      ].join('\n'),
    );
  });

  it('adds every instruction at level all, its packed fields taken apart', () => {
    const rows = story('all').events.split('\n');
    expect(rows[3]).toBe(
      '2000030000,2,host,lpar1,stsch,0.0.0012,,,0,ena=1 st=0 dnv=1 dev=1000 lpm=f0 pnom=00 lpum=80 pim=f0 pam=70 pom=ff',
    );
  });

  it('keeps only the events that a filter names', () => {
    const rows = story('all', ['stsch']).events.split('\n');
    expect(rows.map((row) => row.split(',')[4])).toEqual(['event', 'stsch', undefined]);
  });

  it('holds nothing but its header at level none', () => {
    const { events, io } = story('none');
    expect(events.split('\n')).toHaveLength(2);
    expect(io.split('\n')).toHaveLength(2);
  });
});

describe('io.csv', () => {
  it('has one row per request, with device, components and path', () => {
    const rows = story('events').io.split('\n');
    expect(rows[1]).toBe(
      '7,lpar1,0.0.1000,0.0.0012,0,read,4711,1,2000000000,2000000500,2000300000,300000,500,100000,0,0,0,0,0,190000,9500,0.41,40,0,completed',
    );
    expect(rows[1].split(',')).toHaveLength(rows[0].split(',').length);
  });
});
