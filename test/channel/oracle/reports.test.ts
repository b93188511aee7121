import fc from 'fast-check';
import { describe, it } from 'vitest';
import { NONE } from '../../../src/zarch/ids.ts';
import { type ReportBench, ReportStory, reportStories } from '../../instructions/report-story.ts';
import { OPTIONS, TestMachine } from '../test-machine.ts';

const DEPTH = 8;
const SHAPE = { chpids: [0x40, 0x41], cpus: 3, resetNs: OPTIONS.pathResetNs };

function machineBench(): ReportBench {
  const test = new TestMachine({ paths: SHAPE.chpids.length, options: { crwQueueDepth: DEPTH } });
  const { image } = test;
  image.interrupts.enable(0, false);
  return {
    ...SHAPE,
    depth: DEPTH,
    now: () => test.sim.now,
    run: (ns) => test.runFor(ns),
    inject: (word) => image.injectReport(word),
    stcrw: (crw) => test.issue('stcrw', NONE, crw),
    rchp: (chpid) => test.issue('rchp', chpid, null),
    enable: (channelReports, cpu) => image.interrupts.enable(0, channelReports, cpu),
    takeMachineCheck: (cpu) => image.interrupts.takeMachineCheck(cpu),
    listen: (program) => {
      image.interrupts.program = program;
    },
  };
}

describe('channel reports of the machine against the oracle', () => {
  it('loses none silently, keeps their order and interrupts once per arming', () => {
    fc.assert(
      fc.property(reportStories(SHAPE), (steps) => {
        const story = new ReportStory(machineBench());
        for (const step of steps) story.perform(step);
        story.end();
      }),
      { numRuns: 300 },
    );
  });
});
