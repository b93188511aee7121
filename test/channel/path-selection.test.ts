import { describe, expect, it } from 'vitest';
import { NOT_OPERATIONAL } from '../../src/channel/control-unit.ts';
import { TestMachine } from './test-machine.ts';

const DONE = 10_000_000;
const CU_BUSY = 0x50;
const DEVICE_BUSY = 0x10;

describe('path selection', () => {
  it('rotates over the paths of the control unit, whichever device starts', () => {
    const test = new TestMachine();
    test.enable(0);
    test.enable(1);
    for (const device of [0, 1, 0, 1, 0, 1]) {
      test.ssch(device);
      test.runFor(DONE);
      test.tsch(device);
    }
    expect(test.unit.executed.map(({ port }) => port)).toEqual([0, 1, 2, 3, 0, 1]);
  });

  it('stays inside the logical-path mask of the start', () => {
    const test = new TestMachine();
    test.enable(0);
    for (let start = 0; start < 4; start++) {
      test.ssch(0, 0x50);
      test.runFor(DONE);
      expect(test.stsch(0).pmcw.lpm).toBe(0x50);
      test.tsch(0);
    }
    expect(test.unit.executed.map(({ port }) => port)).toEqual([1, 3, 1, 3]);
  });

  it('a path that does not answer: another is used, POM falls once, PNOM and N are shown with that fall only', () => {
    const test = new TestMachine();
    test.enable(0);
    test.unit.initialStatus.set(0, NOT_OPERATIONAL);
    test.ssch(0);
    test.runFor(DONE);
    expect(test.stsch(0).pmcw).toMatchObject({ pom: 0x7f, pnom: 0x80, lpum: 0x40 });
    const first = test.tsch(0).irb;
    expect(first.scsw).toMatchObject({ pathNotOperational: 1, cc: 0, dstat: 0x0c, stctl: 7 });
    test.ssch(0, 0xc0);
    test.runFor(DONE);
    test.tsch(0);
    test.ssch(0, 0xc0);
    test.runFor(DONE);
    expect(test.stsch(0).pmcw).toMatchObject({ pom: 0x7f, pnom: 0 });
    expect(test.tsch(0).irb.scsw.pathNotOperational).toBe(0);
  });

  it('a path with POM zero is tried all the same, and POM comes back with the first success', () => {
    const test = new TestMachine();
    test.enable(0);
    test.unit.initialStatus.set(0, NOT_OPERATIONAL);
    test.ssch(0, 0x80);
    test.runFor(DONE);
    test.tsch(0);
    test.unit.initialStatus.clear();
    test.ssch(0, 0x80);
    test.runFor(DONE);
    expect(test.stsch(0).pmcw).toMatchObject({ pom: 0xff, pnom: 0, lpum: 0x80 });
  });

  it('no path operational: deferred condition code 3', () => {
    const test = new TestMachine();
    test.enable(0);
    for (const port of [0, 1, 2, 3]) test.unit.initialStatus.set(port, NOT_OPERATIONAL);
    expect(test.ssch(0)).toBe(0);
    test.runFor(DONE);
    expect(test.tsch(0).irb.scsw).toMatchObject({ cc: 3, stctl: 0x17, fctl: 4, pathNotOperational: 1 });
    expect(test.stsch(0).pmcw).toMatchObject({ pom: 0x0f, pnom: 0xf0 });
  });

  it('no path available: cc 3 at once, or deferred, as the machine does it', () => {
    const atOnce = new TestMachine({ options: { noPath: 'cc3' } });
    atOnce.enable(0);
    expect(atOnce.ssch(0, 0x0f)).toBe(3);
    const deferred = new TestMachine();
    deferred.enable(0);
    expect(deferred.ssch(0, 0x0f)).toBe(0);
    expect(deferred.tsch(0).cc).toBe(1);
    deferred.runFor(100_000);
    expect(deferred.tsch(0).irb.scsw).toMatchObject({ cc: 3, pathNotOperational: 0 });
  });

  it('control unit busy on one path: the next is tried; busy on all: the start waits for control-unit end', () => {
    const test = new TestMachine({ paths: 2 });
    test.enable(0);
    test.unit.initialStatus.set(0, CU_BUSY);
    test.ssch(0);
    test.runFor(DONE);
    expect(test.tsch(0).irb.scsw).toMatchObject({ cc: 0, dstat: 0x0c });
    expect(test.unit.executed).toEqual([{ unitAddress: 0, port: 1 }]);
    test.unit.initialStatus.set(1, CU_BUSY);
    test.ssch(0);
    test.runFor(DONE);
    expect(test.stsch(0).scsw.actl).toBe(0x20);
    test.unit.initialStatus.clear();
    test.unit.busyOver.controlUnitEnd(1);
    test.runFor(DONE);
    const { irb } = test.tsch(0);
    expect(irb.scsw.dstat).toBe(0x0c);
    expect(irb.cuBusyNs).toBeGreaterThan(DONE - 200_000);
    expect(irb.pendNs).toBeGreaterThanOrEqual(irb.cuBusyNs);
  });

  it('device busy: multipath mode waits for device end, single-path mode tries the other paths', () => {
    for (const [multipath, tried] of [
      [1, 1],
      [0, 4],
    ] as const) {
      const test = new TestMachine();
      test.enable(0, multipath);
      let attempts = 0;
      const select = test.unit.initialSelection.bind(test.unit);
      test.unit.initialSelection = (exchange) => {
        attempts++;
        return select(exchange);
      };
      for (const port of [0, 1, 2, 3]) test.unit.initialStatus.set(port, DEVICE_BUSY);
      test.ssch(0);
      test.runFor(DONE);
      expect(attempts).toBe(tried);
      test.unit.initialStatus.clear();
      test.unit.busyOver.deviceEnd(0, 0);
      test.runFor(DONE);
      expect(test.tsch(0).irb.deviceBusyNs).toBeGreaterThan(DONE - 400_000);
    }
  });

  it('starts wait in order when every channel is full, and each freed exchange serves one', () => {
    const test = new TestMachine({ paths: 2, devices: 150 });
    for (let device = 0; device < 150; device++) test.enable(device);
    for (let device = 0; device < 150; device++) test.ssch(device);
    test.runFor(2_000_000_000);
    expect(test.unit.executed.map(({ unitAddress }) => unitAddress)).toEqual([...Array(150).keys()]);
    expect(test.tsch(149).irb.channelBusyNs).toBeGreaterThan(0);
    expect(test.tsch(0).irb.channelBusyNs).toBe(0);
  });
});
