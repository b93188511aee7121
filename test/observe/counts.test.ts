import { describe, expect, it } from 'vitest';
import { EVENT } from '../../src/observe/event-table.ts';
import { RunObserver } from '../../src/observe/recorder.ts';
import { COMMAND } from '../../src/zarch/commands.ts';

const observe = () =>
  new RunObserver({
    systems: [
      { name: 'lpar1', layer: 'host' },
      { name: 'guest1', layer: 'guest' },
    ],
    trace: 'none',
    filter: [],
    sink: null,
    patterns: [
      {
        event: EVENT['device.boxed'],
        fromNs: 100,
        toNs: 200,
        system: 1,
        subchannel: null,
        chpid: null,
        lpm: null,
        cc: null,
      },
    ],
  });

const ccw = (command: number) => ({ command, flags: 0, count: 0, data: null, versions: null });

describe('counts', () => {
  it('carry layer, system and condition code, and split at a snapshot', () => {
    const observer = observe();
    observer.emit(EVENT.stsch, 0, 1, -1, -1, 0, 0, 0, 0);
    const before = observer.counts.snapshot();
    observer.emit(EVENT.stsch, 0, 1, -1, -1, 0, 0, 0, 0);
    observer.emit(EVENT.stsch, 0, 9, -1, -1, 3, 0, 0, 0);
    observer.emit(EVENT.stsch, 1, 1, -1, -1, 0, 0, 0, 0);
    observer.emit(EVENT['crw.lost'], 0, -1, 0x40, -1, -1, 0, 0, 0);
    observer.command(0, 1, 0x80, ccw(COMMAND.snid), 0);
    expect(observer.counts.between(before, observer.counts.snapshot())).toEqual([
      { name: 'machine.crw_lost', system: 0, cc: -1, value: 1 },
      { name: 'host.stsch', system: 0, cc: 0, value: 1 },
      { name: 'host.stsch', system: 0, cc: 3, value: 1 },
      { name: 'guest.stsch', system: 1, cc: 0, value: 1 },
      { name: 'host.snid', system: 0, cc: -1, value: 1 },
    ]);
    expect(observer.counts.total(EVENT.stsch)).toBe(4);
    expect(observer.counts.of(EVENT.stsch, 0, 0)).toBe(2);
    expect(observer.counts.of(EVENT.stsch, 0, -1)).toBe(3);
  });

  it('stop the run when a path is operational and not operational at once', () => {
    const observer = observe();
    observer.emit(EVENT['path.tried'], 0, 1, 0x40, 0x80, -1, 2, 0x7f, 0x80);
    expect(() => observer.emit(EVENT['path.tried'], 0, 1, 0x40, 0x80, -1, 2, 0xff, 0x80)).toThrow(
      'POM & PNOM',
    );
  });
});

describe('a watch', () => {
  it('sees only the event of its system and its span, whatever is recorded', () => {
    const observer = observe();
    const clock = { now: 99 };
    observer.attach(clock, []);
    const boxed = (system: number) => observer.emit(EVENT['device.boxed'], system, 1, -1, -1, -1, 0, 0, 0);
    boxed(1);
    clock.now = 150;
    boxed(0);
    boxed(1);
    clock.now = 200;
    boxed(1);
    expect(observer.watches[0]).toMatchObject({ matches: 1, firstAt: 150 });
  });
});
