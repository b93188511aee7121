import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  answerPathGroup,
  type GroupAnswer,
  isPathGroupCommand,
  storeAnswer,
} from '../../../src/linux/vfio/group-answer.ts';
import type { ChannelProgram } from '../../../src/zarch/ccw.ts';
import { COMMAND, type CommandName } from '../../../src/zarch/commands.ts';
import { Irb } from '../../../src/zarch/irb.ts';

/* What a host that owns the path group answers its guest (strategies reference P9). */

const OWN = Uint8Array.from({ length: 11 }, (_, at) => at + 1);
const FOREIGN = OWN.map((byte) => byte + 0x40);
const group = (grouped: number, multipath = true) => ({ pgid: OWN, multipath, grouped });

function program(command: CommandName, order = 0, pgid: Uint8Array = new Uint8Array(11)): ChannelProgram {
  const data = Uint8Array.from([order, ...pgid]);
  return { ccws: [{ command: COMMAND[command], flags: 0, count: 12, data, versions: null }], length: 1 };
}
const ask = (program: ChannelProgram, lpm: number, state = group(0xf0)): GroupAnswer =>
  answerPathGroup(program, lpm, state);

describe('a guest of a host that owns the path group', () => {
  it('senses a grouped path in the mode of the host, never a reservation', () => {
    for (const [multipath, state] of [
      [true, 0xc8],
      [false, 0xc0],
    ] as const) {
      const snid = program('snid', 0xff, FOREIGN);
      expect(ask(snid, 0x40, group(0xf0, multipath))).toBe('done');
      expect([...snid.ccws[0].data!]).toEqual([state, ...OWN]);
    }
  });

  it('may set what is set already, and leave without being let go', () => {
    expect(ask(program('spid', 0x80, OWN), 0x80)).toBe('done');
    for (const order of [0xc0, 0xa0, 0x40, 0x20])
      expect(ask(program('spid', order, FOREIGN), 0xf0)).toBe('done');
  });

  it('makes no other group, and does not change the mode', () => {
    expect(ask(program('spid', 0x80, FOREIGN), 0x80)).toBe('refused');
    expect(ask(program('spid', 0x00, OWN), 0x80)).toBe('refused');
    expect(ask(program('spid', 0x80, OWN), 0x80, group(0xf0, false))).toBe('refused');
  });

  it('finds a path not operational that the host could not group', () => {
    for (const command of ['snid', 'spid'] as const)
      expect(ask(program(command, 0x80, OWN), 0x08)).toBe('no-path');
    const snid = program('snid', 0xff, FOREIGN);
    ask(snid, 0x08);
    expect(snid.ccws[0].data![0]).toBe(0xff);
  });

  it('has all other programs carried out by the device', () => {
    const snid = program('snid');
    const chained = { ccws: [snid.ccws[0], snid.ccws[0]], length: 2 };
    const short = { ccws: [{ ...snid.ccws[0], data: new Uint8Array(4) }], length: 1 };
    expect([snid, chained, short, program('nop'), program('reserve')].map(isPathGroupCommand)).toEqual([
      true,
      false,
      false,
      false,
      false,
    ]);
  });
});

describe('the status of an answer', () => {
  const status = (answer: GroupAnswer, lpm = 0x60) => {
    const irb = new Irb();
    storeAnswer(answer, lpm, group(0x70), irb);
    return irb;
  };

  it('is that of a command that has ended', () => {
    const { scsw, lpum, senseCount } = status('done');
    expect([scsw.fctl, scsw.stctl, scsw.dstat, scsw.cstat, scsw.cc, lpum, senseCount]).toEqual([
      4, 0x07, 0x0c, 0, 0, 0x40, 0,
    ]);
  });

  it('is command reject, format 0 message 4, for another group', () => {
    const { scsw, sense, concurrentSense, senseCount } = status('refused');
    expect([scsw.dstat, scsw.stctl, concurrentSense, senseCount, sense[0], sense[7]]).toEqual([
      0x0e, 0x17, 1, 32, 0x80, 0x04,
    ]);
  });

  it('is a deferred condition code 3 where there is no path', () => {
    const { scsw } = status('no-path', 0x08);
    expect([scsw.cc, scsw.stctl, scsw.dstat]).toEqual([3, 0x17, 0]);
  });

  it('names a path that the guest has asked for and that is in the group', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 255 }), fc.integer({ min: 1, max: 255 }), (lpm, grouped) => {
        const answer = ask(program('snid'), lpm, group(grouped));
        const irb = new Irb();
        storeAnswer(answer, lpm, group(grouped), irb);
        expect(answer === 'no-path').toBe((lpm & grouped) === 0);
        if (answer === 'no-path') return;
        expect(irb.lpum & lpm & grouped).toBe(irb.lpum);
        expect(Math.log2(irb.lpum) % 1).toBe(0);
      }),
    );
  });
});
