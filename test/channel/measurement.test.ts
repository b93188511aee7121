import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeIrb, encodeIrb, type Irb } from '../../src/zarch/irb.ts';
import {
  fetchMeasurementBlock,
  MEASUREMENT_BLOCK_FORMATS,
  type MeasurementBlock,
} from '../../src/zarch/measurement-block.ts';
import type { Schib } from '../../src/zarch/schib.ts';
import { STORAGE_KEY } from '../../src/zarch/storage.ts';
import { fetchWord } from '../../src/zarch/word-layout.ts';
import { TestMachine } from './test-machine.ts';

const TICK = 128_000;
const ORIGIN = 0x10000;
const BLOCK = 0x20040;
const ON = { update: true, deviceConnectTime: false, key: 0, origin: ORIGIN };
const SECOND = 1_000_000_000;

type Pmcw = Partial<Schib['pmcw']>;
const FORMAT_0: Pmcw = { measurementMode: 2, measurementIndex: 3 };
const FORMAT_1: Pmcw = { measurementMode: 2, measurementFormat1: 1 };

/** Device 0 is enabled, with these PMCW fields, under a channel monitor with these settings. */
function measured(pmcw: Pmcw, settings: Partial<typeof ON> = {}): TestMachine {
  const test = new TestMachine();
  test.enable(0);
  test.issue('schm', 0, { ...ON, ...settings });
  modify(test, pmcw);
  return test;
}

function modify(test: TestMachine, pmcw: Pmcw): void {
  const schib = test.stsch(0);
  Object.assign(schib.pmcw, pmcw);
  schib.measurementBlock = BLOCK;
  test.issue('msch', 0, schib);
}

function operate(test: TestMachine): Irb {
  expect(test.ssch(0)).toBe(0);
  test.runFor(20 * SECOND);
  const { cc, irb } = test.tsch(0);
  expect(cc).toBe(0);
  return irb;
}

const block0 = (test: TestMachine): MeasurementBlock =>
  fetchMeasurementBlock(test.image.storage, ORIGIN + 3 * 32, MEASUREMENT_BLOCK_FORMATS[0]);
const block1 = (test: TestMachine): MeasurementBlock =>
  fetchMeasurementBlock(test.image.storage, BLOCK, MEASUREMENT_BLOCK_FORMATS[1]);

describe('measurement blocks', () => {
  it('of format 0 stand in the array that SCHM gave, at the index of the subchannel', () => {
    const test = measured(FORMAT_0);
    test.unit.connectNs = 100 * TICK;
    test.unit.disconnectNs = 200 * TICK;
    operate(test);
    operate(test);
    const block = block0(test);
    expect(block).toMatchObject({ ssch: 2, samples: 2, deviceBusy: 0, initialCommandResponse: 0 });
    expect(block.deviceDisconnect).toBe(400);
    expect(block.deviceConnect).toBeGreaterThanOrEqual(200);
    expect(block.deviceConnect).toBeLessThanOrEqual(204);
  });

  it('of format 1 stand where the subchannel says, and know more times', () => {
    const test = measured(FORMAT_1);
    test.unit.connectNs = 100 * TICK;
    operate(test);
    expect(block1(test)).toMatchObject({ ssch: 1, samples: 1, deviceDisconnect: 0, deviceActiveOnly: 0 });
    expect(block0(test).ssch).toBe(0);
  });

  it('hold the waits for control unit and device apart', () => {
    const test = measured(FORMAT_1);
    for (let port = 0; port < 4; port++) test.unit.initialStatus.set(port, 0x50);
    test.ssch(0);
    test.runFor(50 * TICK);
    for (let port = 0; port < 4; port++) test.unit.initialStatus.set(port, 0x10);
    test.unit.busyOver.controlUnitEnd(0);
    test.runFor(30 * TICK);
    test.unit.initialStatus.clear();
    test.unit.busyOver.deviceEnd(0, 0);
    test.runFor(SECOND);
    const { irb } = test.tsch(0);
    const block = block1(test);
    for (const [ticks, exact] of [
      [block.controlUnitQueuing, irb.cuBusyNs],
      [block.deviceBusy, irb.deviceBusyNs],
      [block.functionPending, irb.pendNs],
      [block.initialCommandResponse, irb.cmrNs],
    ]) {
      expect(Math.abs(ticks * TICK - exact)).toBeLessThan(TICK);
    }
    expect(block.controlUnitQueuing).toBeGreaterThan(45);
    expect(block.deviceBusy).toBeGreaterThan(25);
  });

  it('count starts that are taken back, but no sample of them', () => {
    const test = measured(FORMAT_1);
    test.ssch(0);
    expect(test.issue('xsch', 0, null)).toBe(0);
    test.ssch(0);
    test.runFor(60_000);
    test.issue('csch', 0, null);
    test.runFor(SECOND);
    expect(block1(test)).toMatchObject({ ssch: 2, samples: 0 });
  });

  it('take the time of a halted operation', () => {
    const test = measured(FORMAT_1);
    test.ssch(0);
    test.runFor(60_000);
    test.issue('hsch', 0, null);
    test.runFor(SECOND);
    expect(block1(test)).toMatchObject({ ssch: 1, samples: 1 });
  });

  it('lose an interval that the timer cannot hold, and only that', () => {
    const test = measured(FORMAT_1);
    test.unit.disconnectNs = 65_535 * TICK;
    operate(test);
    expect(block1(test)).toMatchObject({ samples: 1, deviceDisconnect: 65_535 });
    test.unit.disconnectNs = 65_536 * TICK;
    operate(test);
    expect(block1(test)).toMatchObject({ samples: 2, deviceDisconnect: 65_535 });
  });

  it('wrap', () => {
    const test = measured(FORMAT_0);
    const at = ORIGIN + 3 * 32;
    test.image.storage.storeWord(at, 0xffffffff);
    test.image.storage.storeWord(at + 12, 0xffffffff);
    test.unit.disconnectNs = 10 * TICK;
    operate(test);
    expect(block0(test)).toMatchObject({ ssch: 0, samples: 0, deviceDisconnect: 9 });
    const wide = measured(FORMAT_1);
    wide.image.storage.storeWord(BLOCK, 0xffffffff);
    operate(wide);
    expect(block1(wide)).toMatchObject({ ssch: 0, samples: 1 });
  });

  const UNTOUCHED = { ssch: 0, samples: 0 };
  it('stay as they are unless both the monitor and the subchannel are switched on', () => {
    const off = measured(FORMAT_0, { update: false });
    operate(off);
    expect(block0(off)).toMatchObject(UNTOUCHED);
    const connectOnly = measured({ ...FORMAT_1, measurementMode: 1 });
    operate(connectOnly);
    expect(block1(connectOnly)).toMatchObject(UNTOUCHED);
  });

  it('move with the next SCHM', () => {
    const test = measured(FORMAT_0);
    operate(test);
    test.issue('schm', 0, { ...ON, origin: ORIGIN + 32 });
    operate(test);
    expect(block0(test).ssch).toBe(1);
    test.issue('schm', 0, { ...ON, update: false });
    operate(test);
    expect(block0(test).ssch).toBe(1);
  });
});

describe('a measurement block that cannot be stored into', () => {
  for (const [why, at, flag] of [
    ['outside storage', 0x7fffffe0, 0x20000000],
    ['under another key', ORIGIN, 0x08000000],
  ] as const) {
    it(`is told with the status, once, when it is ${why}`, () => {
      const test = measured({ measurementMode: 2, measurementIndex: 1 }, { origin: at, key: 5 });
      test.image.storage.setKey(ORIGIN, 6 << STORAGE_KEY.ACCESS_SHIFT);
      const irb = operate(test);
      expect(irb.scsw).toMatchObject({ eswFormat: 1, stctl: 7, dstat: 0x0c, cstat: 0 });
      expect(irb.logout & 0x7f000000).toBe(flag);
      expect(test.stsch(0).pmcw.measurementMode).toBe(0);
      expect(operate(test)).toMatchObject({ eswFormat: 1, logout: 0 });
    });
  }

  it('is stored into with the right key', () => {
    const test = measured({ measurementMode: 2, measurementIndex: 1 }, { key: 6 });
    test.image.storage.setKey(ORIGIN, 6 << STORAGE_KEY.ACCESS_SHIFT);
    operate(test);
    expect(test.image.storage.word(ORIGIN + 32)).toBe(0x00010001);
  });
});

describe('device-connect time', () => {
  it('comes with the status in an extended-status word of format 2', () => {
    const test = measured({ measurementMode: 1 }, { update: false, deviceConnectTime: true });
    test.unit.connectNs = 40 * TICK;
    const irb = operate(test);
    expect(irb).toMatchObject({ eswFormat: 2, scsw: { eswFormat: 0 } });
    expect(Math.abs(irb.connectTime * TICK - irb.connNs)).toBeLessThan(TICK);
    expect(decodeIrb(encodeIrb(irb)).connectTime).toBe(irb.connectTime);
    test.unit.connectNs = 70_000 * TICK;
    expect(operate(test).connectTime).toBe(0xffff);
  });

  it('is absent when nobody asked', () => {
    expect(operate(measured({ measurementMode: 2 }))).toMatchObject({ eswFormat: 1, connectTime: 0 });
  });
});

describe('the extended-measurement word', () => {
  it('makes the IRB 96 bytes long and has the times in half microseconds', () => {
    const test = measured({ extendedMeasurement: 1 });
    test.unit.disconnectNs = 1_234_567;
    const irb = operate(test);
    const bytes = encodeIrb(irb);
    expect(bytes).toHaveLength(96);
    const words = Array.from({ length: 8 }, (_, word) => fetchWord(bytes, 64 + 4 * word));
    expect(words[2]).toBe(2469);
    expect(words[0]).toBe(Math.floor(irb.connNs / 500));
    expect(words[1]).toBe(Math.floor(irb.pendNs / 500));
    expect(words[6]).toBe(Math.floor(irb.cmrNs / 500));
    expect([words[3], words[4], words[5], words[7]]).toEqual([0, 0, 0, 0]);
  });

  it('is not stored for other subchannels', () => {
    expect(encodeIrb(operate(measured({})))).toHaveLength(64);
  });
});

describe('sums of ticks', () => {
  it('differ from the exact times by less than a tick for each operation', () => {
    const times = fc.record({
      connect: fc.nat(5_000_000),
      disconnect: fc.nat(20_000_000),
      pause: fc.nat(1_000_000),
    });
    fc.assert(
      fc.property(fc.array(times, { minLength: 1, maxLength: 20 }), (operations) => {
        const test = measured(FORMAT_1);
        const exact = { connect: 0, disconnect: 0, pending: 0 };
        let whole = 0;
        for (const { connect, disconnect, pause } of operations) {
          test.unit.connectNs = connect;
          test.unit.disconnectNs = disconnect;
          test.runFor(pause);
          const startedAt = test.sim.now;
          const irb = operate(test);
          exact.connect += irb.connNs;
          exact.disconnect += irb.discNs;
          exact.pending += irb.pendNs;
          // The intervals follow each other: together they are one interval between two readings of the timer.
          whole += Math.floor(irb.statusAtNs / TICK) - Math.floor(startedAt / TICK);
        }
        const block = block1(test);
        const samples = operations.length;
        expect(block).toMatchObject({ ssch: samples, samples });
        for (const [ticks, sum] of [
          [block.deviceConnect, exact.connect],
          [block.deviceDisconnect, exact.disconnect],
          [block.functionPending, exact.pending],
        ]) {
          expect(Math.abs(ticks * TICK - sum)).toBeLessThan(samples * TICK);
        }
        expect(block.deviceConnect + block.deviceDisconnect + block.functionPending).toBe(whole);
      }),
      { numRuns: 50 },
    );
  });
});
