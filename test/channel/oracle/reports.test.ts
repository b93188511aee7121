import fc from 'fast-check';
import { describe, it } from 'vitest';
import { NONE } from '../../../src/zarch/ids.ts';
import { subchannelWords } from '../../instructions/report-model.ts';
import { type ReportBench, ReportStory, reportStories } from '../../instructions/report-story.ts';
import { OPTIONS, TestMachine } from '../test-machine.ts';

const DEPTH = 8;
const SHAPE = { chpids: [0x40, 0x41], cpus: 3, resetNs: OPTIONS.pathResetNs };

/** `sets`: with several subchannel sets enabled, reports of subchannels have a second word. */
function machineBench(sets: number): ReportBench {
  const test = new TestMachine({ paths: SHAPE.chpids.length, options: { crwQueueDepth: DEPTH } });
  const { image } = test;
  const [sch] = image.subchannels;
  image.enabledSets = sets;
  image.interrupts.enable(0, false);
  const words = () => subchannelWords(0, sets > 1 ? { ssid: 0, cssid: 0 } : null);
  return {
    ...SHAPE,
    depth: DEPTH,
    now: () => test.sim.now,
    run: (ns) => test.runFor(ns),
    inject: (word) => image.injectReport(word),
    stcrw: (crw) => test.issue('stcrw', NONE, crw),
    rchp: (chpid) => test.issue('rchp', chpid, null),
    plug() {
      if (sch.schib.pmcw.deviceNumberValid === 1) return [];
      test.machine.devices.attach(image, sch);
      return words();
    },
    unplug() {
      if (sch.schib.pmcw.deviceNumberValid === 0) return [];
      test.machine.devices.detach(image, sch);
      return words();
    },
    enable: (channelReports, cpu) => image.interrupts.enable(0, channelReports, cpu),
    takeMachineCheck: (cpu) => image.interrupts.takeMachineCheck(cpu),
    listen: (program) => {
      image.interrupts.program = program;
    },
  };
}

describe('channel reports of the machine against the oracle', () => {
  for (const sets of [1, 4]) {
    it(`loses none silently, keeps their order, interrupts once per arming (subchannel sets: ${sets})`, () => {
      fc.assert(
        fc.property(reportStories(SHAPE), (steps) => {
          const story = new ReportStory(machineBench(sets));
          for (const step of steps) story.perform(step);
          story.end();
        }),
        { numRuns: 300 },
      );
    });
  }
});
