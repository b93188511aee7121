import fc from 'fast-check';
import { describe, it } from 'vitest';
import { BLIND } from '../../../src/observe/observer.ts';
import { RECORDED_QEMU } from '../../../src/qemu/options.ts';
import type { VirtualSubchannel } from '../../../src/qemu/subchannel.ts';
import { VirtualChannelSubsystem } from '../../../src/qemu/virtual-css.ts';
import { FACILITY_MULTIPLE_SUBCHANNEL_SETS } from '../../../src/zarch/chsc.ts';
import { NONE } from '../../../src/zarch/ids.ts';
import { subchannelWords } from '../../instructions/report-model.ts';
import { type ReportBench, ReportStory, reportStories } from '../../instructions/report-story.ts';

const SHAPE = { chpids: [0], cpus: 1, resetNs: 0 };
const FREE = { charge() {} };
const NOBODY = { kind: 0, target: 0, priority: 0 };

function virtualBench(multipleSets: boolean): ReportBench {
  const css = new VirtualChannelSubsystem(RECORDED_QEMU, BLIND, 0);
  css.plug({ kind: 'virtio', model: 'rng' });
  if (multipleSets) css.enableFacility(FACILITY_MULTIPLE_SUBCHANNEL_SETS);
  let chained = multipleSets;
  const plugged: VirtualSubchannel[] = [];
  const words = (number: number) => subchannelWords(number, chained ? { ssid: 0, cssid: 0 } : null);
  return {
    ...SHAPE,
    // The queue has no limit.
    depth: Number.POSITIVE_INFINITY,
    now: () => 0,
    run() {},
    inject: (word) => css.injectReport(word),
    stcrw: (crw) => css.issue(FREE, 'stcrw', NONE, crw, NOBODY),
    rchp: (chpid) => css.issue(FREE, 'rchp', chpid, null, NOBODY),
    plug() {
      const sch = css.plug({ kind: 'virtio', model: 'rng', hotplugged: true });
      if (typeof sch === 'string') throw new Error(sch);
      plugged.push(sch);
      return words(plugged.length);
    },
    unplug() {
      const sch = plugged.pop();
      if (sch === undefined) return [];
      css.unplug(sch);
      return words(plugged.length + 1);
    },
    reset() {
      css.reset();
      chained = false;
    },
    enable: (channelReports) => css.interrupts.enable(0, channelReports),
    takeMachineCheck: () => css.interrupts.takeMachineCheck(),
    listen: (program) => {
      css.interrupts.program = program;
    },
  };
}

describe("channel reports of QEMU's channel subsystem against the oracle", () => {
  for (const multipleSets of [false, true]) {
    it(`loses none, keeps their order, interrupts once per arming (subchannel sets: ${multipleSets ? 4 : 1})`, () => {
      fc.assert(
        fc.property(reportStories(SHAPE), (steps) => {
          const story = new ReportStory(virtualBench(multipleSets));
          for (const step of steps) story.perform(step);
          story.end();
        }),
        { numRuns: 200 },
      );
    });
  }
});
