import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { badness, type Impairment } from '../../src/channel/path-impairment.ts';
import { rotation } from '../../src/pathing/rotation.ts';
import { TestMachine } from './test-machine.ts';

const MS = 1_000_000;
const INTERFACE_CONTROL_CHECK = 0x02;

/** What one start on a path came to. */
interface Outcome {
  readonly responseNs: number;
  /** From SSCH to ending status. */
  readonly serviceNs: number;
  readonly cstat: number;
}

function start(test: TestMachine, path: number): Outcome {
  const [sch] = test.machine.subchannels;
  const before = test.sim.now;
  expect(test.ssch(0, 0x80 >> path)).toBe(0);
  test.runFor(50 * MS);
  const { cc, irb } = test.tsch(0);
  expect(cc).toBe(0);
  return { responseNs: sch.commandResponseNs, serviceNs: sch.statusAt - before, cstat: irb.scsw.cstat };
}

function machine(): TestMachine {
  const test = new TestMachine({ paths: 4, policy: rotation });
  test.enable(0);
  return test;
}

const harmless = (test: TestMachine): Impairment => ({
  unit: test.unit,
  errorRate: [0, 0],
  delay: null,
  bandwidth: 1,
  fromNs: 0,
  rampNs: 0,
  steps: 0,
});

function impair(test: TestMachine, path: number, how: Partial<Impairment>): Impairment {
  const impairment = { ...harmless(test), ...how };
  test.machine.configuration.impair(test.machine.channelPaths[path], impairment);
  return impairment;
}

describe('a slow path', () => {
  it('has a longer command response time, and no other path has', () => {
    const test = machine();
    const before = start(test, 2);
    impair(test, 1, { delay: () => 200_000 });
    expect(start(test, 0)).toEqual(before);
    expect(start(test, 2)).toEqual(before);
    const slow = start(test, 1);
    expect(slow.responseNs).toBe(before.responseNs + 200_000);
    // Command and status each take longer.
    expect(slow.serviceNs).toBe(before.serviceNs + 400_000);
  });

  it('is as fast as ever when it is relieved; of two delays each counts until then', () => {
    const test = machine();
    const before = start(test, 1);
    const first = impair(test, 1, { delay: () => 200_000 });
    const second = impair(test, 1, { delay: () => 30_000 });
    expect(start(test, 1).responseNs).toBe(before.responseNs + 230_000);
    test.machine.configuration.relieve(test.machine.channelPaths[1], first);
    expect(start(test, 1).responseNs).toBe(before.responseNs + 30_000);
    test.machine.configuration.relieve(test.machine.channelPaths[1], second);
    expect(start(test, 1)).toEqual(before);
    expect(test.machine.channelPaths[1].impairments).toBeNull();
  });

  it('with half the bandwidth takes twice as long for its data, and the wire is busy all the time', () => {
    const test = machine();
    const path = test.machine.channelPaths[1];
    const before = start(test, 1);
    const wireNs = path.wireBusyBy(test.sim.now);
    impair(test, 1, { bandwidth: 0.5 });
    const slow = start(test, 1);
    expect(slow.responseNs).toBe(before.responseNs);
    expect(slow.serviceNs).toBe(before.serviceNs + wireNs);
    expect(path.wireBusyBy(test.sim.now)).toBe(3 * wireNs);
  });

  it('to another control unit is none of this one’s business', () => {
    const test = machine();
    const before = start(test, 1);
    const other = { ...test.unit } as unknown as Impairment['unit'];
    impair(test, 1, { unit: other, delay: () => 200_000, errorRate: [1, 1] });
    expect(start(test, 1)).toEqual(before);
  });
});

describe('a path with errors', () => {
  it('checks starts with the probability that is given', () => {
    const test = machine();
    impair(test, 1, { errorRate: [0.3, 0.3] });
    let checks = 0;
    for (let time = 0; time < 500; time++) if (start(test, 1).cstat === INTERFACE_CONTROL_CHECK) checks++;
    // 150 and a standard deviation of 10.
    expect(Math.abs(checks - 150)).toBeLessThan(40);
    expect(start(test, 0).cstat).toBe(0);
  });

  it('of two impairments the worse one counts', () => {
    const test = machine();
    impair(test, 1, { errorRate: [0, 0.2] });
    impair(test, 1, { errorRate: [1, 1] });
    impair(test, 1, { delay: () => 1 });
    expect(start(test, 1).cstat).toBe(INTERFACE_CONTROL_CHECK);
  });
});

describe('a ramp', () => {
  const ramp = { ...harmless(machine()), fromNs: 1_000, rampNs: 400 };

  it('goes evenly from nothing to the worst', () => {
    expect([1_000, 1_100, 1_200, 1_399, 1_400, 9_999].map((now) => badness(ramp, now))).toEqual([
      0, 0.25, 0.5, 0.9975, 1, 1,
    ]);
  });

  it('or in steps', () => {
    const stepped = { ...ramp, steps: 4 };
    expect([1_000, 1_099, 1_100, 1_250, 1_399, 1_400].map((now) => badness(stepped, now))).toEqual([
      0, 0, 0.25, 0.5, 0.75, 1,
    ]);
  });

  it('never goes back, and stays between nothing and the worst', () => {
    const drawn = fc.record({
      rampNs: fc.nat(1_000),
      steps: fc.nat(9),
      now: fc.nat(2_000),
      later: fc.nat(500),
    });
    fc.assert(
      fc.property(drawn, ({ rampNs, steps, now, later }) => {
        const it = { ...ramp, rampNs, steps };
        const first = badness(it, it.fromNs + now);
        expect(first).toBeGreaterThanOrEqual(0);
        expect(first).toBeLessThanOrEqual(1);
        expect(badness(it, it.fromNs + now + later)).toBeGreaterThanOrEqual(first);
      }),
    );
  });
});
