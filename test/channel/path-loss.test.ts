import { describe, expect, it } from 'vitest';
import { Crw } from '../../src/zarch/crw.ts';
import { TestMachine } from './test-machine.ts';

const MS = 1_000_000;
const INTERFACE_CONTROL_CHECK = 0x02;

function link(test: TestMachine, path: number, up: boolean): void {
  test.machine.configuration.setLink(test.machine.channelPaths[path], test.unit, up);
}

function started(options: ConstructorParameters<typeof TestMachine>[0] = {}, multipath = 1): TestMachine {
  const test = new TestMachine(options);
  test.enable(0, multipath);
  return test;
}

describe('a frame is lost on a broken link', () => {
  it('before the control unit has seen it: the channel gives up when it notices the link', () => {
    const test = started();
    link(test, 0, false);
    expect(test.ssch(0, 0x80)).toBe(0);
    test.runFor(200 * MS);
    const { cc, irb } = test.tsch(0);
    expect(cc).toBe(0);
    expect(irb.scsw).toMatchObject({ cstat: INTERFACE_CONTROL_CHECK, dstat: 0, stctl: 0x17 });
    expect(irb).toMatchObject({ eswFormat: 0, lpum: 0x80, logout: 0x4000, pathTimeout: 0 });
    expect(test.stsch(0).pmcw.lpum).toBe(0x80);
    expect(test.unit.cancelled).toEqual([]);
  });

  it('and the link is whole again before anybody notices: a channel-path time-out after 1.5 s', () => {
    const test = started();
    link(test, 0, false);
    test.ssch(0, 0x80);
    test.runFor(50 * MS);
    link(test, 0, true);
    test.runFor(1_449 * MS);
    expect(test.tsch(0).cc).toBe(1);
    test.runFor(2 * MS);
    expect(test.tsch(0).irb).toMatchObject({ lpum: 0x80, pathTimeout: 1, pathVerification: 1 });
    // Nobody has noticed the link, so nothing was reported either.
    expect(test.issue('stcrw', 0, new Crw())).toBe(1);
  });

  it('on a machine that loses operations silently nothing comes until a halt', () => {
    const test = started({ options: { lostOperation: 'silent' } });
    link(test, 0, false);
    test.ssch(0, 0x80);
    test.runFor(5_000 * MS);
    expect(test.tsch(0).cc).toBe(1);
    expect(test.issue('hsch', 0, null)).toBe(0);
    test.runFor(MS);
    const { cc, irb } = test.tsch(0);
    // The device knows nothing of an operation that it could end.
    expect({ cc, fctl: irb.scsw.fctl, dstat: irb.scsw.dstat }).toEqual({ cc: 0, fctl: 6, dstat: 0 });
  });

  it('only the last of many changes is noticed, in its own time', () => {
    const test = started();
    link(test, 0, false);
    test.runFor(60 * MS);
    link(test, 0, true);
    test.runFor(10 * MS);
    link(test, 0, false);
    test.runFor(90 * MS);
    expect(test.issue('stcrw', 0, new Crw())).toBe(1);
    test.runFor(20 * MS);
    expect(test.issue('stcrw', 0, new Crw())).toBe(0);
  });
});

describe('a disconnected device', () => {
  const disconnected = (multipath: number): TestMachine => {
    const test = started({ paths: 3, options: { configureDelayNs: 0 } }, multipath);
    test.unit.disconnectNs = 20 * MS;
    test.ssch(0);
    test.runFor(MS);
    return test;
  };
  const off = (test: TestMachine, path: number): void => {
    test.machine.configuration.configureChpid(test.machine.channelPaths[path], false);
    test.runFor(MS);
  };

  it('comes back on another path of its group', () => {
    const test = disconnected(1);
    off(test, 0);
    test.runFor(30 * MS);
    expect(test.tsch(0).irb.scsw).toMatchObject({ dstat: 0x0c, cstat: 0 });
    expect(test.unit.executed).toEqual([{ unitAddress: 0, port: 1 }]);
  });

  it('has lost its operation with the last path, whichever path that was', () => {
    const test = disconnected(1);
    off(test, 0);
    off(test, 1);
    expect(test.tsch(0).cc).toBe(1);
    off(test, 2);
    expect(test.tsch(0).irb).toMatchObject({ lpum: 0x80, eswFormat: 0 });
    expect(test.unit.cancelled).toEqual([0]);
  });

  it('in single-path mode loses it with the path last used', () => {
    const test = disconnected(0);
    off(test, 1);
    expect(test.tsch(0).cc).toBe(1);
    off(test, 0);
    expect(test.tsch(0).irb.scsw.cstat).toBe(INTERFACE_CONTROL_CHECK);
  });

  it('does not come back over a link that is known to be broken', () => {
    const test = started({ paths: 2 });
    test.unit.disconnectNs = 200 * MS;
    test.ssch(0, 0x80);
    test.runFor(MS);
    link(test, 0, false);
    test.runFor(150 * MS);
    // No other path was allowed for this start, so it ended when the channel noticed.
    expect(test.tsch(0).irb.scsw.cstat).toBe(INTERFACE_CONTROL_CHECK);
    test.ssch(0, 0xc0);
    test.runFor(300 * MS);
    expect(test.tsch(0).irb.lpum).toBe(0x40);
  });

  it('forgets its operation when the control unit is reset', () => {
    const test = disconnected(1);
    test.machine.configuration.resetControlUnit(test.unit);
    expect(test.tsch(0).irb.scsw.cstat).toBe(INTERFACE_CONTROL_CHECK);
    expect(test.unit.cancelled).toEqual([0]);
  });

  it('keeps its operation over RESET CHANNEL PATH in a multipath group, and loses it in single-path mode', () => {
    for (const [multipath, cc] of [
      [1, 1],
      [0, 0],
    ]) {
      const test = disconnected(multipath);
      expect(test.issue('rchp', 0x40, null)).toBe(0);
      test.runFor(2 * MS);
      expect(test.tsch(0).cc).toBe(cc);
    }
  });
});

describe('condition codes and busy', () => {
  it('START SUBCHANNEL without a path gives cc 3 even with status pending, where the machine answers so', () => {
    const test = started({ options: { noPath: 'cc3' } });
    test.ssch(0);
    test.runFor(10 * MS);
    expect(test.ssch(0, 0xff)).toBe(1);
    expect(test.ssch(0, 0x0f)).toBe(3);
  });

  it('a control-unit end is taken although the device was busy on the path tried last', () => {
    const test = started({ paths: 2 }, 0);
    test.unit.initialStatus.set(0, 0x50).set(1, 0x10);
    test.ssch(0);
    test.runFor(MS);
    test.unit.initialStatus.clear();
    test.unit.busyOver.controlUnitEnd(0);
    test.runFor(MS);
    expect(test.tsch(0).cc).toBe(0);
  });

  it('missed reconnections are disconnect time, not channel busy', () => {
    const test = started({ paths: 1, devices: 80 });
    test.unit.disconnectNs = MS;
    test.unit.connectNs = 5 * MS;
    for (let device = 0; device < 80; device++) {
      test.enable(device);
      test.ssch(device);
    }
    test.runFor(100 * MS);
    for (let device = 0; device < 80; device++) {
      const { irb } = test.tsch(device);
      expect(irb.channelBusyNs).toBeLessThanOrEqual(irb.pendNs);
    }
  });
});

describe('event information', () => {
  it('is announced again when its channel report was lost', () => {
    const test = started({ options: { crwQueueDepth: 1 } });
    test.machine.configuration.configureChpid(test.machine.channelPaths[3], false);
    test.runFor(6 * MS);
    link(test, 0, false);
    test.runFor(110 * MS);
    // The first event found the queue full; the report that was in it says so.
    const crw = new Crw();
    expect(test.issue('stcrw', 0, crw)).toBe(0);
    expect(crw.overflow).toBe(1);
    link(test, 1, false);
    test.runFor(110 * MS);
    expect(test.issue('stcrw', 0, crw)).toBe(0);
    expect(crw.rsc).toBe(0xb);
  });
});

describe('a halt or clear signal', () => {
  /** A start that a machine has lost without a word, on a path whose link is broken. */
  function lost(): TestMachine {
    const test = started({ options: { lostOperation: 'silent' } });
    link(test, 0, false);
    test.ssch(0, 0x80);
    test.runFor(200 * MS);
    return test;
  }

  it.each([
    ['csch', { fctl: 1, stctl: 1 }],
    ['hsch', { fctl: 6, stctl: 1 }],
  ] as const)(
    '%s that nobody gets ends all the same, and finds the path not operational',
    (instruction, control) => {
      const test = lost();
      expect(test.issue(instruction, 0, null)).toBe(0);
      test.runFor(MS);
      expect(test.stsch(0).pmcw).toMatchObject({ pom: 0x7f, pnom: 0x80 });
      const { irb } = test.tsch(0);
      expect(irb.scsw).toMatchObject({ ...control, dstat: 0, cc: 0, pathNotOperational: 1 });
      expect(irb.lpum).toBe(0);
    },
  );

  it('takes another path when the one last used is not available', () => {
    const test = started();
    test.ssch(0, 0x80);
    test.runFor(50 * MS);
    test.tsch(0);
    expect(test.stsch(0).pmcw.lpum).toBe(0x80);
    test.machine.configuration.configureChpid(test.machine.channelPaths[0], false);
    test.runFor(50 * MS);
    test.issue('csch', 0, null);
    test.runFor(MS);
    expect(test.stsch(0).pmcw).toMatchObject({ pom: 0xff, pnom: 0 });
    expect(test.tsch(0).irb).toMatchObject({
      lpum: 0x40,
      scsw: { fctl: 1, stctl: 1, pathNotOperational: 0 },
    });
  });

  it('is not sent without an available path', () => {
    const test = started({ paths: 1 });
    test.machine.configuration.configureChpid(test.machine.channelPaths[0], false);
    test.runFor(50 * MS);
    test.issue('csch', 0, null);
    test.runFor(MS);
    expect(test.tsch(0).irb).toMatchObject({ lpum: 0, scsw: { fctl: 1, stctl: 1, pathNotOperational: 0 } });
  });
});
