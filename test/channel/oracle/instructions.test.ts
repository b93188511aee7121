import fc from 'fast-check';
import { describe, it } from 'vitest';
import { Orb } from '../../../src/zarch/orb.ts';
import { NOTHING_TO_DO, TestMachine } from '../test-machine.ts';
import { DASD_PROGRAMS, dasdBench } from './dasd-bench.ts';
import { type Bench, MachineStory, stories } from './machine-story.ts';

const DEVICES = 3;
const WAITS = [0, 1_000, 20_000, 43_000, 60_000, 150_000, 6_000_000];

/** The direct form: a control unit that does everything right, with a disconnection in the middle. */
function directBench(): Bench {
  const test = new TestMachine({ paths: 2, devices: DEVICES });
  test.unit.disconnectNs = 70_000;
  return {
    sim: test.sim,
    image: test.image,
    devices: DEVICES,
    restNs: 1_000_000_000,
    start(_device, choice) {
      const orb = new Orb();
      const noPath = choice === 0;
      orb.lpm = noPath ? 0x01 : 0xff;
      orb.program = NOTHING_TO_DO;
      return {
        orb,
        course: {
          suspends: 'no',
          suppressSuspended: false,
          resumable: false,
          intermediate: false,
          ending: noPath ? 'no-path' : 'normal',
        },
      };
    },
    rewrite() {},
  };
}

describe('instructions of the machine against the tables of the architecture', () => {
  it('holds for programs that the control unit takes whole', () => {
    fc.assert(
      fc.property(stories(DEVICES, 4, WAITS), (steps) => {
        const story = new MachineStory(directBench());
        for (const step of steps) story.perform(step);
        story.end();
      }),
      { numRuns: 300 },
    );
  });

  for (const paths of [1, 2]) {
    it(`holds for programs in storage, on ${paths === 1 ? 'one path' : 'two paths'}`, () => {
      fc.assert(
        fc.property(stories(DEVICES, DASD_PROGRAMS, WAITS), (steps) => {
          const story = new MachineStory(dasdBench({ devices: DEVICES, paths }));
          for (const step of steps) story.perform(step);
          story.end();
        }),
        { numRuns: 300 },
      );
    });
  }
});
