import { describe, expect, it } from 'vitest';
import { NOT_OPERATIONAL } from '../../src/channel/control-unit.ts';
import type { SelectionPolicy } from '../../src/channel/path-selection.ts';
import { fixed } from '../../src/pathing/fixed.ts';
import { SELECTIONS } from '../../src/pathing/index.ts';
import { leastBusy } from '../../src/pathing/least-busy.ts';
import { preferred } from '../../src/pathing/preferred.ts';
import { rotation } from '../../src/pathing/rotation.ts';
import { TestMachine } from '../channel/test-machine.ts';

const DONE = 10_000_000;
const CU_BUSY = 0x50;

/** Four channel paths, or so many, that take one start at a time each. */
function machine(
  policy: SelectionPolicy,
  shape: { paths?: number; nonPreferred?: number } = {},
): TestMachine {
  const test = new TestMachine({ policy, devices: 6, maxOpen: 1, ...shape });
  for (let device = 0; device < 6; device++) test.enable(device);
  return test;
}

const portsOf = (test: TestMachine): number[] => test.unit.executed.map(({ port }) => port);

describe('a start that waits', () => {
  it('waits for its one path under "fixed", though others are free', () => {
    const test = machine(fixed);
    for (const device of [0, 1, 2]) test.ssch(device);
    test.runFor(DONE);
    expect(portsOf(test)).toEqual([0, 0, 0]);
    expect(test.tsch(2).irb.channelBusyNs).toBeGreaterThan(test.tsch(1).irb.channelBusyNs);
  });

  it('takes the next path under "fixed" when the first is not operational, and waits when it is busy', () => {
    const test = machine(fixed);
    test.unit.initialStatus.set(0, NOT_OPERATIONAL);
    test.ssch(0);
    test.runFor(DONE);
    test.unit.initialStatus.set(0, CU_BUSY);
    test.ssch(1);
    test.runFor(DONE);
    expect(portsOf(test)).toEqual([1]);
    test.unit.initialStatus.clear();
    test.unit.busyOver.controlUnitEnd(0);
    test.runFor(DONE);
    expect(portsOf(test)).toEqual([1, 0]);
    expect(test.tsch(1).irb.cuBusyNs).toBeGreaterThan(DONE / 2);
  });

  it('goes on at once under "fixed" when its path leaves the configuration', () => {
    const test = machine(fixed);
    for (const device of [0, 1, 2]) test.ssch(device);
    test.machine.configuration.configureChpid(test.machine.channelPaths[0], false);
    test.unit.connectNs = 3_000_000;
    test.runFor(4 * DONE);
    expect(test.tsch(1).irb.scsw.cstat, 'was on the path that went').toBe(0x02);
    expect(test.unit.executed).toEqual([
      { unitAddress: 0, port: 0 },
      { unitAddress: 2, port: 1 },
    ]);
  });

  it('waits for preferred paths as long as one answers, and never uses another', () => {
    const test = machine(preferred, { nonPreferred: 0x30 });
    for (const device of [0, 1, 2, 3, 4]) test.ssch(device);
    test.runFor(DONE);
    expect(portsOf(test)).toEqual([0, 1, 0, 1, 0]);
    test.unit.initialStatus.set(0, CU_BUSY).set(1, CU_BUSY);
    test.ssch(5);
    test.runFor(DONE);
    expect(portsOf(test)).toHaveLength(5);
    test.unit.initialStatus.clear();
    test.unit.busyOver.controlUnitEnd(1);
    test.runFor(DONE);
    expect(portsOf(test)).toHaveLength(6);
    expect(portsOf(test)[5]).toBeLessThan(2);
  });

  it('uses paths that are not preferred when no other answers', () => {
    const test = machine(preferred, { nonPreferred: 0x30 });
    test.unit.initialStatus.set(0, NOT_OPERATIONAL).set(1, NOT_OPERATIONAL);
    test.ssch(0);
    test.runFor(DONE);
    expect(portsOf(test)[0]).toBeGreaterThan(1);
    test.ssch(1, 0x10);
    test.runFor(DONE);
    expect(portsOf(test)[1]).toBe(3);
  });

  it('leaves a free exchange to the next when it goes elsewhere after all', () => {
    const test = machine(preferred, { paths: 2, nonPreferred: 0x40 });
    test.unit.initialStatus.set(0, NOT_OPERATIONAL);
    test.ssch(0, 0x40);
    test.ssch(1);
    test.runFor(50_000);
    test.ssch(2, 0x40);
    test.unit.initialStatus.clear();
    test.runFor(DONE);
    expect(test.unit.executed.toSorted((a, b) => a.unitAddress - b.unitAddress)).toEqual([
      { unitAddress: 0, port: 1 },
      { unitAddress: 1, port: 0 },
      { unitAddress: 2, port: 1 },
    ]);
  });
});

describe('idle paths', () => {
  it.each([rotation, leastBusy, preferred])(
    'are used alike under $name, give or take one start',
    (policy) => {
      for (const paths of [2, 3, 4, 8]) {
        const test = machine(policy, { paths });
        const used = new Array<number>(paths).fill(0);
        for (let start = 0; start < 50; start++) {
          test.ssch(start % 6);
          test.runFor(DONE);
          test.tsch(start % 6);
        }
        for (const port of portsOf(test)) used[port]++;
        expect(Math.max(...used) - Math.min(...used)).toBeLessThanOrEqual(1);
      }
    },
  );
});

it.each(Object.values(SELECTIONS))(
  '$name serves starts in the order in which they came to a full channel',
  (policy) => {
    const test = machine(policy, { paths: 1 });
    for (const device of [3, 1, 4, 0, 5, 2]) test.ssch(device);
    test.runFor(DONE);
    expect(test.unit.executed.map(({ unitAddress }) => unitAddress)).toEqual([3, 1, 4, 0, 5, 2]);
  },
);
