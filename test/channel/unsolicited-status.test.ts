import { describe, expect, it } from 'vitest';
import { DSTAT } from '../../src/zarch/scsw.ts';
import { TestMachine } from './test-machine.ts';

/** A machine whose first device asks for attention on its second path. */
function asked(enabled = true): TestMachine {
  const machine = new TestMachine();
  machine.machine.takeUnsolicitedStatus();
  if (enabled) machine.enable(0);
  return machine;
}
const attention = ({ machine, unit }: TestMachine): void =>
  machine.presentStatus(unit, 0, 1, 0, DSTAT.ATTENTION);

describe('status that a device presents by itself', () => {
  it('becomes pending on an idle subchannel with alert alone, on the path it came on', () => {
    const machine = asked();
    attention(machine);
    machine.runFor(1_000);
    expect(machine.announced).toEqual(['io']);
    const { cc, irb } = machine.tsch(0);
    expect(cc).toBe(0);
    expect(irb.scsw).toMatchObject({ stctl: 0x11, fctl: 0, actl: 0, dstat: 0x80, cstat: 0, cc: 0 });
    expect(irb.lpum).toBe(0x40);
    expect(machine.stsch(0).pmcw.lpum).toBe(0x40);
    expect(machine.tsch(0).cc).toBe(1);
  });

  it('makes the next start wait for its TSCH', () => {
    const machine = asked();
    attention(machine);
    machine.runFor(1_000);
    expect(machine.ssch(0)).toBe(1);
    machine.tsch(0);
    expect(machine.ssch(0)).toBe(0);
  });

  it('is stacked while the subchannel is busy, also behind status that has not been taken', () => {
    const machine = asked();
    machine.ssch(0);
    attention(machine);
    machine.runFor(1e9);
    const ended = machine.tsch(0).irb.scsw;
    expect([ended.fctl, ended.dstat & DSTAT.ATTENTION]).toEqual([4, 0]);
    expect(machine.announced).toEqual(['io']);
    machine.runFor(1_000);
    expect(machine.tsch(0).irb.scsw).toMatchObject({ stctl: 0x11, dstat: 0x80 });
  });

  it('lets a start of the same instant go first, and comes when that has ended', () => {
    const machine = asked();
    machine.ssch(0);
    attention(machine);
    machine.runFor(1e9);
    machine.tsch(0);
    machine.ssch(0);
    machine.runFor(1e9);
    expect(machine.tsch(0).irb.scsw.fctl).toBe(4);
    machine.runFor(1_000);
    expect(machine.tsch(0).irb.scsw.stctl).toBe(0x11);
  });

  it('is not taken by a subchannel that is not enabled, or on a path that is not there', () => {
    const machine = asked(false);
    attention(machine);
    machine.runFor(1_000);
    machine.enable(0);
    machine.runFor(1e9);
    machine.machine.configuration.configureChpid(machine.machine.channelPaths[1], false);
    machine.runFor(1e9);
    attention(machine);
    machine.runFor(1e9);
    expect(machine.announced.filter((kind) => kind === 'io')).toEqual([]);
  });
});
