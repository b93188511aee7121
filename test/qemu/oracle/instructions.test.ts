import fc from 'fast-check';
import { describe, it } from 'vitest';
import { BLIND } from '../../../src/observe/observer.ts';
import { type Accelerator, RECORDED_QEMU } from '../../../src/qemu/options.ts';
import { VirtualChannelSubsystem } from '../../../src/qemu/virtual-css.ts';
import { stories, VirtualStory } from './virtual-story.ts';

const DEVICES = 3;

function guest(accelerator: Accelerator): VirtualChannelSubsystem {
  const css = new VirtualChannelSubsystem({ ...RECORDED_QEMU, accelerator }, BLIND, 0);
  for (let device = 0; device < DEVICES; device++) css.plug({ kind: 'virtio', model: 'rng' });
  return css;
}

describe("instructions of QEMU's channel subsystem against the tables of the reference", () => {
  for (const accelerator of ['tcg', 'kvm'] as const) {
    it(`agrees in every condition code, block and interruption (${accelerator})`, () => {
      fc.assert(
        fc.property(stories(DEVICES), (steps) => {
          const story = new VirtualStory(guest(accelerator), DEVICES, accelerator);
          for (const step of steps) story.perform(step);
          story.end();
        }),
        { numRuns: 300 },
      );
    });
  }
});
