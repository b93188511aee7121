import { describe, expect, it } from 'vitest';
import {
  answer,
  type Rig as Bench,
  hex,
  message,
  nop,
  PGID_A,
  PGID_B,
  Rig,
  SLI,
  snid,
  spid,
  status,
} from './rig.ts';

const BUSY = 0x10;
const reserve = () => answer('reserve', 32, SLI);
const release = () => answer('release', 32, SLI);
const steal = () => answer('unconditional_reserve', 32, SLI);

/** Both hosts have grouped both of their paths to the device. */
function shared(): Bench {
  const rig = new Rig();
  for (const port of [0, 1]) {
    rig.start({ host: 0, port }, spid(0x80, PGID_A));
    rig.start({ host: 1, port }, spid(0x80, PGID_B));
  }
  return rig;
}

const reservationBits = (rig: Bench, host: number, port: number): number => {
  const read = snid();
  expect(rig.start({ host, port }, read).initial).toBe(0);
  return read.data![0] & 0x30;
};

describe('a reserved device', () => {
  it('is free for all paths of the group and busy for everybody else, until it is released', () => {
    const rig = shared();
    expect(status(rig.start({ host: 0, port: 0 }, reserve()))).toBe('0c00 0');
    expect(rig.start({ host: 0, port: 1 }, nop()).initial).toBe(0);
    expect(rig.start({ host: 1, port: 0 }, nop()).initial).toBe(BUSY);
    expect([reservationBits(rig, 0, 1), reservationBits(rig, 1, 0)]).toEqual([0x30, 0x20]);
    expect(rig.settle()).toEqual([]);
    rig.start({ host: 0, port: 1 }, release());
    expect(rig.settle()).toEqual(['device-end 1/00']);
    expect(rig.start({ host: 1, port: 0 }, nop()).initial).toBe(0);
  });

  it('is not released by a system that does not hold it, even where its command was accepted before', () => {
    const rig = shared();
    const late = rig.offer({ host: 1 }, release());
    rig.start({ host: 0 }, reserve());
    rig.unit.execute(late.exchange);
    expect(reservationBits(rig, 0, 0)).toBe(0x30);
  });

  it('owes one device end for any number of busy answers', () => {
    const rig = shared();
    rig.start({ host: 0 }, reserve());
    for (const port of [0, 1, 0]) expect(rig.start({ host: 1, port }, reserve()).initial).toBe(BUSY);
    rig.start({ host: 0 }, release());
    expect(rig.settle()).toEqual(['device-end 1/00']);
    expect(rig.start({ host: 1 }, reserve()).initial).toBe(0);
    expect(rig.start({ host: 0 }, nop()).initial).toBe(BUSY);
  });

  it('belongs to a single path where that path is in no group', () => {
    const rig = new Rig();
    rig.start({ host: 0, port: 0 }, reserve());
    expect(rig.start({ host: 0, port: 1 }, nop()).initial).toBe(BUSY);
    rig.start({ host: 0, port: 0 }, release());
    expect(rig.settle()).toEqual(['device-end 0/00']);
  });

  it('does not hold up other devices', () => {
    const rig = new Rig({ devices: [0, 1].map((unitAddress) => ({ ...device, unitAddress })) });
    rig.start({ host: 0 }, reserve());
    expect(rig.start({ host: 1, unitAddress: 1 }, nop()).initial).toBe(0);
  });
});

const device = {
  model: '3390-1',
  format: 'cdl',
  serial: '1',
  volumeSerial: 'A',
  missingInterruptNs: 0,
} as const;

describe('the reservation stays', () => {
  it('with the rest of the group when the path that reserved resigns', () => {
    const rig = shared();
    rig.start({ host: 0, port: 0 }, reserve());
    rig.start({ host: 0, port: 0 }, spid(0xc0, PGID_A));
    expect([reservationBits(rig, 0, 0), reservationBits(rig, 0, 1)]).toEqual([0x20, 0x30]);
  });

  it('with the path that disbands the group', () => {
    const rig = shared();
    rig.start({ host: 0, port: 0 }, reserve());
    rig.start({ host: 0, port: 1 }, spid(0xa0, PGID_A));
    expect([reservationBits(rig, 0, 0), reservationBits(rig, 0, 1)]).toEqual([0x20, 0x30]);
  });

  it('with the group when one of its paths is reset, and ends with the last of them', () => {
    const rig = shared();
    rig.start({ host: 0, port: 0 }, reserve());
    rig.unit.systemReset(0, 0);
    expect(rig.start({ host: 1 }, nop()).initial).toBe(BUSY);
    rig.unit.systemReset(0, 1);
    expect(rig.settle()).toEqual(['device-end 1/00']);
    expect(rig.start({ host: 1 }, nop()).initial).toBe(0);
  });

  it('with a path that was lost, and with the group when it returns ungrouped', () => {
    const rig = shared();
    rig.start({ host: 0, port: 0 }, reserve());
    rig.unit.setLogicalPath(0, 0, false, 'ungrouped');
    expect(rig.start({ host: 0, port: 1 }, nop()).initial).toBe(0);
    expect(rig.start({ host: 1 }, nop()).initial).toBe(BUSY);
    rig.unit.setLogicalPath(0, 0, true, 'ungrouped');
    expect([reservationBits(rig, 0, 0), reservationBits(rig, 0, 1)]).toEqual([0x20, 0x30]);
  });
});

describe('an unconditional reserve', () => {
  it('takes the device over, which the loser hears of once', () => {
    const rig = shared();
    rig.start({ host: 0, port: 0 }, reserve());
    expect(status(rig.start({ host: 1, port: 1 }, steal()))).toBe('0c00 0');
    expect(reservationBits(rig, 1, 0)).toBe(0x30);
    const heard = rig.start({ host: 0, port: 1 }, nop());
    expect(message(heard)).toBe(0x3f);
    expect(heard.exchange.sense[27] & 0x80).toBe(0x80);
    for (const port of [0, 1]) expect(rig.start({ host: 0, port }, nop()).initial).toBe(BUSY);
    rig.start({ host: 1, port: 1 }, release());
    expect(rig.settle()).toEqual(['device-end 0/00']);
    expect(status(rig.start({ host: 0 }, nop()))).toBe('0c00 0');
  });

  it('of a free device is a reserve', () => {
    const rig = shared();
    rig.start({ host: 0 }, steal());
    expect(rig.start({ host: 1 }, nop()).initial).toBe(BUSY);
    expect(status(rig.start({ host: 0 }, nop()))).toBe('0c00 0');
  });
});

describe('reserve and release', () => {
  it('must be first in their program', () => {
    const rig = new Rig();
    for (const command of [reserve(), release(), steal()]) {
      expect(message(rig.start({}, nop(), command))).toBe(2);
    }
    expect(rig.unit.device(0)!.reservation.held).toBe(false);
  });

  it('return the sense data of a unit check before, and then nothing to report', () => {
    const rig = new Rig();
    rig.start({}, answer('seek', 6, SLI));
    const [first, second] = [reserve(), release()];
    rig.start({}, first);
    rig.start({}, second);
    expect(hex(first.data!)).toBe(`80000000000000010000000000000000${'0'.repeat(22)}8000000000`);
    expect(hex(second.data!)).toBe(`${'0'.repeat(54)}8000000000`);
  });
});
