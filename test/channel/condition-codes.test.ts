import { describe, expect, it } from 'vitest';
import { CCW_FLAG } from '../../src/zarch/ccw.ts';
import { COMMAND } from '../../src/zarch/commands.ts';
import { Crw } from '../../src/zarch/crw.ts';
import { CSTAT } from '../../src/zarch/scsw.ts';
import { TestMachine } from './test-machine.ts';

type State = 'nonexistent' | 'disabled' | 'idle' | 'start pending' | 'active' | 'status pending';

/** Device 0 in the given state; an operation needs about 150 µs, the start 43 µs of it. */
function machineIn(state: State): { test: TestMachine; id: number } {
  const test = new TestMachine();
  if (state === 'nonexistent') return { test, id: 99 };
  if (state === 'disabled') return { test, id: 0 };
  test.enable(0);
  if (state === 'idle') return { test, id: 0 };
  test.ssch(0);
  if (state === 'active') test.runFor(60_000);
  if (state === 'status pending') test.runFor(1_000_000);
  return { test, id: 0 };
}

// Where QEMU and Hercules agree when they are driven through the same states; the last two rows follow the
// Principles of Operation.
const EXPECTED: Record<State, Record<string, number>> = {
  nonexistent: { stsch: 3, tsch: 3, ssch: 3, hsch: 3, csch: 3, xsch: 3, rsch: 3, msch: 3 },
  disabled: { stsch: 0, tsch: 3, ssch: 3, hsch: 3, csch: 3, xsch: 3, rsch: 3, msch: 0 },
  idle: { stsch: 0, tsch: 1, ssch: 0, hsch: 0, csch: 0, xsch: 2, rsch: 2, msch: 0 },
  'status pending': { stsch: 0, tsch: 0, ssch: 1, hsch: 1, csch: 0, xsch: 1, rsch: 1, msch: 1 },
  'start pending': { stsch: 0, tsch: 1, ssch: 2, hsch: 0, csch: 0, xsch: 0, rsch: 2, msch: 2 },
  active: { stsch: 0, tsch: 1, ssch: 2, hsch: 0, csch: 0, xsch: 2, rsch: 2, msch: 2 },
};

describe('condition codes of the machine', () => {
  for (const [state, codes] of Object.entries(EXPECTED)) {
    for (const [instruction, cc] of Object.entries(codes)) {
      it(`${instruction} of a subchannel that is ${state}: cc ${cc}`, () => {
        const { test, id } = machineIn(state as State);
        const found =
          instruction === 'ssch'
            ? test.ssch(id)
            : instruction === 'tsch'
              ? test.tsch(id).cc
              : instruction === 'stsch' || instruction === 'msch'
                ? test.issue(instruction, id, test.stsch(id))
                : test.issue(instruction as 'hsch', id, null);
        expect(found).toBe(cc);
      });
    }
  }
});

describe('stop functions', () => {
  it('CSCH ends with clear function and status pending alone, masks reset', () => {
    const { test } = machineIn('active');
    test.issue('csch', 0, null);
    test.runFor(100_000);
    const { pmcw, scsw } = test.stsch(0);
    expect({ fctl: scsw.fctl, actl: scsw.actl, stctl: scsw.stctl }).toEqual({ fctl: 1, actl: 0, stctl: 1 });
    expect({ pom: pmcw.pom, pnom: pmcw.pnom, lpum: pmcw.lpum }).toEqual({ pom: 0xff, pnom: 0, lpum: 0 });
    expect(test.unit.cancelled).toEqual([0]);
    expect(test.tsch(0).cc).toBe(0);
    expect(test.tsch(0).cc).toBe(1);
  });

  it('CSCH takes a pending interruption back', () => {
    const { test } = machineIn('status pending');
    expect(test.announced).toEqual(['io']);
    test.issue('csch', 0, null);
    expect(test.image.interrupts.takeIo()).toBe(-1);
    test.runFor(100_000);
    expect(test.image.interrupts.takeIo()).toBe(0);
  });

  it('HSCH of a working device ends with start and halt function and device end', () => {
    const { test } = machineIn('active');
    expect(test.issue('hsch', 0, null)).toBe(0);
    expect(test.issue('hsch', 0, null)).toBe(2);
    test.runFor(100_000);
    const { irb } = test.tsch(0);
    expect({ fctl: irb.scsw.fctl, stctl: irb.scsw.stctl, dstat: irb.scsw.dstat }).toEqual({
      fctl: 6,
      stctl: 7,
      dstat: 0x0c,
    });
  });

  it.each([
    { flags: 0, cstat: CSTAT.INCORRECT_LENGTH },
    { flags: CCW_FLAG.SUPPRESS_LENGTH, cstat: 0 },
  ])('HSCH leaves the count of the command as it was, flags $flags', ({ flags, cstat }) => {
    const { test } = machineIn('idle');
    const ccw = { command: COMMAND.write_mt, flags, count: 4096, data: null, versions: null };
    test.ssch(0, 0xff, { ccws: [ccw], length: 1 });
    test.runFor(60_000);
    test.issue('hsch', 0, null);
    test.runFor(100_000);
    const { irb } = test.tsch(0);
    expect({ count: irb.scsw.count, cstat: irb.scsw.cstat }).toEqual({ count: 4096, cstat });
  });

  it('HSCH of an idle device ends without device status', () => {
    const { test } = machineIn('idle');
    test.issue('hsch', 0, null);
    test.runFor(100_000);
    const { irb } = test.tsch(0);
    expect({ fctl: irb.scsw.fctl, stctl: irb.scsw.stctl, dstat: irb.scsw.dstat }).toEqual({
      fctl: 2,
      stctl: 1,
      dstat: 0,
    });
  });

  it('XSCH of a start that no device accepted leaves no trace and no interruption', () => {
    const { test } = machineIn('start pending');
    expect(test.issue('xsch', 0, null)).toBe(0);
    test.runFor(10_000_000);
    expect(test.announced).toEqual([]);
    expect(test.unit.executed).toEqual([]);
    expect(test.stsch(0).scsw.fctl).toBe(0);
    expect(test.ssch(0)).toBe(0);
  });
});

describe('STCRW and RCHP', () => {
  it('STCRW of an empty queue stores zeros with cc 1', () => {
    const crw = new Crw();
    crw.rsid = 7;
    expect(new TestMachine().issue('stcrw', 0, crw)).toBe(1);
    expect(crw.rsid).toBe(0);
  });

  it('RCHP gives a solicited report, cc 2 while it is in progress and cc 3 where there is no path', () => {
    const test = new TestMachine();
    expect(test.issue('rchp', 0x99, null)).toBe(3);
    expect(test.issue('rchp', 0x40, null)).toBe(0);
    expect(test.issue('rchp', 0x40, null)).toBe(2);
    test.runFor(10_000_000);
    const crw = new Crw();
    expect(test.issue('stcrw', 0, crw)).toBe(0);
    expect(crw).toMatchObject({ solicited: 1, rsc: 4, erc: 2, rsid: 0x40 });
    expect(test.announced).toEqual(['machine-check']);
  });
});
