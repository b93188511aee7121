import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NEVER } from '../../src/kernel/time.ts';
import { pooled } from '../../src/pathing/pooled.ts';
import { rotation } from '../../src/pathing/rotation.ts';
import { TestMachine } from './test-machine.ts';

/**
 * A seeded swarm at the instruction level: programs, operators and faults do anything in any order, and after every
 * single event the architecture's invariants must hold. fast-check prints the seed and the shortest failing story.
 */
type Step =
  | { what: 'ssch' | 'hsch' | 'csch' | 'xsch' | 'tsch'; device: number; lpm: number }
  | { what: 'configure' | 'link'; path: number; on: boolean }
  | { what: 'status'; port: number; status: number }
  | { what: 'busy-over'; device: number; port: number }
  | { what: 'wait'; ns: number };

const DEVICES = 3;
const PATHS = 3;

const device = fc.integer({ min: 0, max: DEVICES - 1 });
const path = fc.integer({ min: 0, max: PATHS - 1 });
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      what: fc.constantFrom('ssch', 'ssch', 'ssch', 'hsch', 'csch', 'xsch', 'tsch', 'tsch'),
      device,
      lpm: fc.constantFrom(0xff, 0xe0, 0x80, 0x40, 0x0f),
    }),
  },
  { weight: 1, arbitrary: fc.record({ what: fc.constantFrom('configure', 'link'), path, on: fc.boolean() }) },
  {
    weight: 1,
    arbitrary: fc.record({
      what: fc.constant('status'),
      port: path,
      status: fc.constantFrom(0, 0, 0x10, 0x50, 0x100, 0x02),
    }),
  },
  { weight: 1, arbitrary: fc.record({ what: fc.constant('busy-over'), device, port: path }) },
  {
    weight: 4,
    arbitrary: fc.record({
      what: fc.constant('wait'),
      ns: fc.constantFrom(0, 1_000, 20_000, 60_000, 150_000, 6_000_000, 200_000_000),
    }),
  },
) as fc.Arbitrary<Step>;

function apply(test: TestMachine, action: Step): void {
  const { configuration, channelPaths } = test.machine;
  switch (action.what) {
    case 'ssch':
      test.ssch(action.device, action.lpm);
      break;
    case 'tsch':
      test.tsch(action.device);
      break;
    case 'hsch':
    case 'csch':
    case 'xsch':
      test.issue(action.what, action.device, null);
      break;
    case 'configure':
      configuration.configureChpid(channelPaths[action.path], action.on);
      break;
    case 'link':
      configuration.setLink(channelPaths[action.path], test.unit, action.on);
      break;
    case 'status':
      if (action.status === 0) test.unit.initialStatus.delete(action.port);
      else test.unit.initialStatus.set(action.port, action.status);
      break;
    case 'busy-over':
      test.unit.busyOver.deviceEnd(0, action.device);
      test.unit.busyOver.controlUnitEnd(action.port);
      break;
    case 'wait':
      break;
  }
}

function checkInvariants(test: TestMachine): void {
  let open = 0;
  for (const { schib, pathIndex } of test.machine.subchannels) {
    const { pmcw, scsw } = schib;
    if (pathIndex >= 0) open++;
    expect(pmcw.pom & pmcw.pnom, 'POM & PNOM').toBe(0);
    expect(pmcw.pam & ~pmcw.pim, 'PAM outside PIM').toBe(0);
    if (scsw.fctl === 0) expect(scsw.actl, 'activity without function').toBe(0);
    if ((scsw.stctl & 1) !== 0) expect(scsw.actl & 0x7e, 'pending status of an active subchannel').toBe(0);
    expect((scsw.fctl & 1) !== 0 && scsw.fctl !== 1, 'clear function beside another').toBe(false);
  }
  const exchanges = test.machine.channelPaths.map((channel) => channel.open);
  expect(Math.min(...exchanges)).toBeGreaterThanOrEqual(0);
  expect(
    exchanges.reduce((sum, each) => sum + each, 0),
    'open exchanges',
  ).toBe(open);
  const { queued, read, pending } = test.image.reports;
  expect(queued, 'reports').toBe(read + pending);
}

function tell(test: TestMachine, story: readonly Step[]): void {
  for (const action of story) {
    apply(test, action);
    checkInvariants(test);
    const until = test.sim.now + (action.what === 'wait' ? action.ns : 0);
    while (!test.sim.run(until, 1)) checkInvariants(test);
    checkInvariants(test);
  }
}

describe('the machine under anything', () => {
  for (const policy of [rotation, pooled]) {
    for (const lostOperation of ['ifcc', 'deferred-cc3', 'silent'] as const) {
      it(`keeps its invariants (${policy.name}, lost operations end ${lostOperation})`, () => {
        fc.assert(
          fc.property(fc.array(step, { maxLength: 60 }), fc.boolean(), (story, multipath) => {
            const test = new TestMachine({
              paths: PATHS,
              devices: DEVICES,
              policy,
              options: { lostOperation },
            });
            for (let id = 0; id < DEVICES; id++) test.enable(id, multipath ? 1 : 0);
            tell(test, story);
          }),
          { numRuns: 150 },
        );
      });
    }
  }

  it('is usable again after anything: a clear, and an I/O goes through', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (story) => {
        const test = new TestMachine({ paths: PATHS, devices: DEVICES });
        for (let id = 0; id < DEVICES; id++) test.enable(id);
        tell(test, story);
        test.unit.initialStatus.clear();
        for (let at = 0; at < PATHS; at++) {
          test.machine.configuration.configureChpid(test.machine.channelPaths[at], true);
          test.machine.configuration.setLink(test.machine.channelPaths[at], test.unit, true);
        }
        test.runFor(1_000_000_000);
        for (let id = 0; id < DEVICES; id++) {
          test.issue('csch', id, null);
          test.runFor(1_000_000_000);
          expect(test.tsch(id).irb.scsw.fctl & 1).toBe(1);
          expect(test.ssch(id)).toBe(0);
          test.runFor(1_000_000_000);
          expect(test.tsch(id).irb.scsw).toMatchObject({ cc: 0, dstat: 0x0c });
        }
        test.sim.run(NEVER - 1);
        expect(test.machine.channelPaths.map((channel) => channel.open)).toEqual(Array(PATHS).fill(0));
      }),
      { numRuns: 150 },
    );
  });
});
