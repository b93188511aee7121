import { describe, expect, test } from 'vitest';
import { transfer } from '../../src/qemu/migration/stream.ts';
import { B, ORB, P, QemuRig, RNG } from './rig.ts';

/**
 * What sections must bring along, each thing by a program that would end otherwise without it. Where a program is suspended
 * when its guest moves, it is the destination's QEMU that goes on with it.
 */

/** On a host of the same byte order, where QEMU takes a list of words for what it is. */
const OPTIONS = { littleEndianHost: false };

function rig(): QemuRig {
  const created = new QemuRig(OPTIONS, RNG);
  created.enable();
  return created;
}

/** Another QEMU with the same storage, and with the state that it gets. */
function moved(from: QemuRig): QemuRig {
  const to = new QemuRig(OPTIONS, RNG);
  to.css.interrupts.enable(0, false);
  to.css.storage.store(0, from.bytes(0, 0x50000));
  expect(transfer(from.css, to.css)).toBeNull();
  to.css.interrupts.enable(0, true);
  return to;
}

const FORMAT_1 = 0x00800000;
/** CCWs of format 1: flags are command chaining 40, length suppression 20, indirect data 04 and suspension 02. */
const noop = (flags: number, address: number): number[] => [0x03000001 | (flags << 16), address];
const SENSE_ID = 0xe4;
/** Control unit 3832-04, behind the byte that is always FF. */
const IDENTITY = 'ff383204';
const SUSPENDS = 0x62;
const GOES_ON = 0x60;
const LAST = 0x20;

/** Suspended at its CCW of format 1 number `at`, moved, and resumed past that; its status has been fetched. */
function resumed(from: QemuRig, ccws: readonly number[], at = 0, word1 = ORB.SUSPEND | FORMAT_1): QemuRig {
  from.store(P, ...ccws);
  expect(from.ssch(word1)).toBe('cc 0');
  expect(from.tsch()).toBe('cc 1');
  const to = moved(from);
  to.store(P + 8 * at, ...noop(ccws[2 * at] & 0x400000 ? GOES_ON : LAST, ccws[2 * at + 1]));
  expect(to.signal('rsch')).toBe('cc 0');
  expect(to.tsch()).toBe('cc 0');
  return to;
}
/** Device and subchannel status. */
const status = (of: QemuRig): string => of.scsw.slice(18, 22);
const ENDED = '0c00';
const PROGRAM_CHECK = '0020';

describe('a suspended program goes on', () => {
  test('in its format', () => {
    const to = resumed(rig(), [...noop(SUSPENDS, B), SENSE_ID * 0x1000000 + 0x200004, B]);
    expect([status(to), to.word(B)]).toEqual([ENDED, IDENTITY]);
  });

  test.each([
    ['words', ORB.SUSPEND | FORMAT_1, [B]],
    ['doublewords', ORB.SUSPEND | ORB.IDAW_64, [0, B]],
  ])('with the ORB that started it: its list of addresses has %s', (_width, word1, addresses) => {
    const from = rig();
    const list = B + 0x800;
    from.store(list, ...addresses);
    const ccws = [...noop(SUSPENDS, B), SENSE_ID * 0x1000000 + 0x240004, list];
    const to = resumed(from, ccws, 0, word1);
    expect([status(to), to.word(B)]).toEqual([ENDED, IDENTITY]);
  });

  test.each([
    [254, ENDED],
    [255, PROGRAM_CHECK],
  ])('with the CCWs counted that had no address: %i of them, and one more', (before, ended) => {
    const ccws = Array.from({ length: before }, () => noop(GOES_ON, 0)).flat();
    expect(status(resumed(rig(), [...ccws, ...noop(SUSPENDS & ~0x40, 0)], before))).toBe(ended);
  });

  test('with its sense bytes', () => {
    const from = rig();
    from.program([0xdd200001, B]);
    const to = moved(from);
    to.program([0x04200020, B]);
    expect(to.word(B)).toBe('80000000');
  });
});

test('whoever has adapter interruptions gets no other indicators', () => {
  const SET_REVISION = [0x83200004, B];
  const SET_INDICATORS = [0x43200008, B];
  const SET_ADAPTER_INDICATORS = [0x73200019, B + 0x100];
  const from = rig();
  from.store(B, 0x00010000, 0);
  from.store(B + 0x100, 0, B + 0x200, 0, B + 0x208, 0, 0, 3 << 24);
  from.program(SET_REVISION);
  const COMMAND_REJECT = '0200';
  expect(from.program(SET_ADAPTER_INDICATORS).slice(18, 22)).toBe(ENDED);
  const to = moved(from);
  expect(to.program(SET_INDICATORS).slice(18, 22)).toBe(COMMAND_REJECT);
});

test('channel paths of devices that have gone stay known', () => {
  const from = rig();
  from.css.devices.images[0xfe]!.addPath(0x40, 0x1b, false);
  const paths = (of: QemuRig): string => of.chsc(0x10, 0x0002, [0, 0xff, 0], 24);
  const here = paths(from);
  const there = moved(from);
  expect(paths(there)).toBe(here);
  expect(here).not.toBe(paths(rig()));
  // Neither is virtual nor real to RCHP what it was not before.
  expect([0x00, 0x40, 0x41].map((chpid) => there.rchp(chpid))).toEqual(
    [0x00, 0x40, 0x41].map((chpid) => from.rchp(chpid)),
  );
});
