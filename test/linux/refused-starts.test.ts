import { describe, expect, it } from 'vitest';
import type { IoInstruction, Operands, Outcome } from '../../src/channel/channel-subsystem.ts';
import type { Cpu, Waiter } from '../../src/kernel/process.ts';
import { E } from '../../src/linux/errno.ts';
import { FakeChannelSubsystem } from './fake-css.ts';
import { Rig } from './rig.ts';

/*
 * A start of the common I/O layer's own that finds status pending is followed by CLEAR SUBCHANNEL, and by another try as
 * soon as that has interrupted: 256 tries for each of the two turns of each path (ccwreq.c, PGID_RETRIES), without a delay.
 */

const TRIES = 256;
const TURNS = 2;
const MS = 1_000_000;

/** Refuses so many starts with condition code 1, whatever the subchannel shows. */
class RefusingChannelSubsystem extends FakeChannelSubsystem {
  refusals = 0;

  override issue<I extends IoInstruction>(
    cpu: Cpu,
    instruction: I,
    schid: number,
    operand: Operands[I],
    waiter: Waiter,
  ): Outcome {
    if (instruction !== 'ssch' || this.refusals === 0) {
      return super.issue(cpu, instruction, schid, operand, waiter);
    }
    this.refusals--;
    return 1;
  }
}

function rigWith(paths: number, refusals: number) {
  const chpids = Array.from({ length: paths }, (_, at) => 0x40 + at);
  const rig = new Rig((sim) => new RefusingChannelSubsystem(sim, [{ deviceNumber: 0x1000, chpids }])).boot();
  rig.recorder.clear();
  rig.css.refusals = refusals;
  return rig;
}

describe('path verification whose starts are refused', () => {
  it.each([1, 7, TURNS * TRIES - 1])('%i times clears as often, and goes on', (refusals) => {
    const rig = rigWith(1, refusals);
    expect(rig.act((self) => rig.linux.setOnline(self, 0x1000))).toBe(E.OK);
    expect(rig.recorder.count('ssch', 1)).toBe(refusals);
    expect(rig.recorder.count('csch')).toBe(refusals);
  });

  it.each([1, 2, 4])('for ever gives up when the tries of its %i paths are used up', (paths) => {
    const rig = rigWith(paths, Number.POSITIVE_INFINITY);
    expect(rig.act((self) => rig.linux.setOnline(self, 0x1000))).not.toBe(E.OK);
    expect(rig.recorder.count('csch')).toBe(paths * TURNS * TRIES);
  });

  it('does not wait between its tries', () => {
    const rig = rigWith(1, TRIES);
    rig.act((self) => rig.linux.setOnline(self, 0x1000));
    const clears = rig.recorder.seen.filter(({ event }) => event === 'csch');
    expect(clears.at(-1)!.at - clears[0].at).toBeLessThan(TRIES * 0.1 * MS);
  });
});
