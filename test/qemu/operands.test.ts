import { describe, expect, test } from 'vitest';
import { enabledRig, ORB, P, QemuRig, RNG, TD } from './rig.ts';

const OUTSIDE = 0x08000000;
const BAD_SID = 0;
const ABSENT = 0x0001ffff;

describe('which check comes first', () => {
  test('an odd address before the subchannel, but for TSCH', () => {
    const rig = enabledRig();
    expect(rig.stsch(BAD_SID, 0x1001)).toBe('pgm 6');
    expect(rig.run({ do: 'ssch', sid: BAD_SID, at: 0x1202 })).toBe('pgm 6');
    expect(rig.tsch(BAD_SID, 0x1101)).toBe('pgm 15');
    expect(rig.tsch(TD, 0x1101)).toBe('pgm 6');
  });

  test('an operand that is not there before the subchannel', () => {
    const rig = enabledRig();
    expect(rig.stsch(BAD_SID, OUTSIDE)).toBe('pgm 5');
    expect(rig.run({ do: 'ssch', sid: BAD_SID, at: OUTSIDE })).toBe('pgm 5');
    expect(rig.stsch(ABSENT, OUTSIDE)).toBe('pgm 5');
    expect(rig.tsch(ABSENT, OUTSIDE)).toBe('pgm 5');
    expect(rig.run({ do: 'msch', sid: ABSENT, at: OUTSIDE })).toBe('pgm 5');
    expect(rig.stsch(BAD_SID)).toBe('pgm 15');
  });

  test('a status that cannot be stored stays pending', () => {
    const rig = enabledRig();
    rig.signal('csch');
    expect(rig.tsch(TD, OUTSIDE)).toBe('pgm 5');
    expect(rig.tsch()).toBe('cc 0');
  });

  test('a report that cannot be stored is the next one again', () => {
    const rig = enabledRig();
    rig.rchp(0);
    expect(rig.stcrw(OUTSIDE)).toBe('pgm 5');
    expect([rig.stcrw(), rig.report]).toEqual(['cc 0', '44020000']);
  });

  test('an interruption that cannot be stored is pending again', () => {
    const rig = enabledRig();
    rig.signal('csch');
    expect(rig.run({ do: 'tpi', at: OUTSIDE })).toBe('pgm 5');
    expect(rig.tpi()).toBe('0 00000000 isc 3');
  });

  test('problem state before everything', () => {
    const rig = enabledRig();
    rig.processor.problemState = true;
    expect([rig.tsch(BAD_SID, 0x1101), rig.rchp(0xffffffff)]).toEqual(['pgm 2', 'pgm 2']);
  });
});

describe('names of subchannels', () => {
  test.each([
    ['bits 8 to 11 do not count', 0x00f10000, 'cc 0'],
    ['the default image by its number', 0xfe090000, 'cc 0'],
    ['image 0 by its number, which is not there', 0x00090000, 'cc 3'],
    ['an image number without the m bit', 0x01010000, 'pgm 15'],
    ['an image that is not there', 0x01090000, 'cc 3'],
    ['a subchannel set that is not enabled', 0x00030000, 'cc 3'],
    ['bit 15 zero', 0x00000000, 'pgm 15'],
  ])('%s', (_name, sid, ended) => {
    expect(enabledRig().stsch(sid)).toBe(ended);
  });
});

describe('invalid operands', () => {
  test.each([
    ['reserved bit of word 1', 0x00c48000, P],
    ['MIDAWs', 0x00c08040, P],
    ['reserved bits behind it', 0x00c08002, P],
    ['bit 0 of the program address', ORB.PLAIN, 0x80000000 | P],
  ])('ORB: %s', (_name, word1, cpa) => {
    expect(enabledRig().ssch(word1 as number, cpa as number)).toBe('pgm 15');
  });

  test.each([0x00c08080, 0x00c08001])('ORB: %s is taken', (word1) => {
    expect(enabledRig().ssch(word1)).toBe('cc 0');
  });

  test.each([
    ['flags bit 0', 4, 0x80],
    ['flags bit 1', 4, 0x40],
    ['flags bit 6', 4, 0x02],
    ['flags bit 7', 4, 0x01],
    ['modes', 24, 0x01],
    ['extended measurement', 27, 0x02],
  ])('SCHIB: %s', (_name, at, bit) => {
    const rig = enabledRig();
    const change = (schib: Uint8Array) => {
      schib[at] |= bit;
    };
    expect(rig.msch(change)).toBe('pgm 15');
  });

  test('SCHIB: a measurement block between two blocks, unless the release does not look', () => {
    const change = (schib: Uint8Array) => {
      schib[27] |= 4;
      schib[47] = 0x20;
    };
    expect(enabledRig().msch(change)).toBe('pgm 15');
    expect(enabledRig({ release: '5.1' }).msch(change)).toBe('cc 0');
  });

  test('SCHM, SAL and RCHP', () => {
    const rig = new QemuRig({}, RNG);
    const schm = (register1: number, register2: number) => rig.run({ do: 'schm', register1, register2 });
    expect([schm(0xfffffffc, 0), schm(2, 1), schm(0, 1), schm(2, 0)]).toEqual([
      'pgm 15',
      'pgm 15',
      'cc 0',
      'cc 0',
    ]);
    const sal = [0x80000000, 1, 0x8000, 0x18000, 0x10000];
    expect(sal.map((register1) => rig.run({ do: 'sal', register1 }))).toEqual([
      'pgm 15',
      'pgm 15',
      'pgm 15',
      'pgm 15',
      'cc 0',
    ]);
    expect([1, 0x10000, 0x100, 0xfe0000, 0].map((register1) => rig.rchp(register1))).toEqual([
      'cc 3',
      'pgm 15',
      'pgm 15',
      'pgm 15',
      'cc 0',
    ]);
  });
});
