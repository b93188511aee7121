import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CHP_EVENT } from '../../../src/linux/subchannel-driver.ts';
import {
  eventToTell,
  HOST_VARY_POLICIES,
  pathsToShow,
  pathsToTry,
} from '../../../src/linux/vfio/host-vary.ts';

const mask = fc.integer({ min: 0, max: 0xff });

describe('a channel path that the host has varied off', () => {
  it('is used by a guest that names it, unless the host forbids it', () => {
    const varied = 0x7f;
    expect(HOST_VARY_POLICIES.map((policy) => pathsToTry(policy, 0xf0, varied))).toEqual([0xf0, 0x70, 0x70]);
    expect(HOST_VARY_POLICIES.map((policy) => pathsToTry(policy, 0x80, varied))).toEqual([0x80, 0, 0]);
  });

  it('is seen as available, unless the host hides it', () => {
    expect(HOST_VARY_POLICIES.map((policy) => pathsToShow(policy, 0xf0, 0x7f))).toEqual([0xf0, 0xf0, 0x70]);
  });

  it('is told as one that was configured off, where it is hidden', () => {
    const told = (event: 0 | 1 | 2 | 3 | 4) => HOST_VARY_POLICIES.map((policy) => eventToTell(policy, event));
    const { VARY_ON, VARY_OFF, ONLINE, OFFLINE } = CHP_EVENT;
    expect(told(VARY_OFF)).toEqual([VARY_OFF, VARY_OFF, OFFLINE]);
    expect(told(VARY_ON)).toEqual([VARY_ON, VARY_ON, ONLINE]);
    expect(told(OFFLINE)).toEqual([OFFLINE, OFFLINE, OFFLINE]);
  });

  it('never adds a path to those that a guest asks for or the machine has', () => {
    fc.assert(
      fc.property(fc.constantFrom(...HOST_VARY_POLICIES), mask, mask, (policy, paths, opm) => {
        for (const allowed of [pathsToTry(policy, paths, opm), pathsToShow(policy, paths, opm)]) {
          expect(allowed & ~paths).toBe(0);
          expect(paths & opm & ~allowed).toBe(0);
        }
      }),
    );
  });
});
