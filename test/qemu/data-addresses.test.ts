import { describe, expect, test } from 'vitest';
import { B, enabledRig, ORB, type QemuRig } from './rig.ts';

const status = (rig: QemuRig, ccw: readonly number[], word1: number = ORB.PLAIN): string =>
  rig.program(ccw, word1).endsWith('.00200000') ? 'program check' : 'ended';
const END = 0x08000000;
const IDA_2K = 0x00c38000;

describe('direct addresses', () => {
  test('an area must end before 2 GiB in format 1 and before 16 MiB in format 0', () => {
    const rig = enabledRig({ storageBytes: 0x80000000 });
    expect(status(rig, [0xe4200010, 0x7fffffef])).toBe('ended');
    expect(status(rig, [0xe4200010, 0x7ffffff0]), 'exactly at the limit').toBe('program check');
    expect(status(rig, [0xe4ffffef, 0x20000010], ORB.FORMAT_0)).toBe('ended');
    expect(status(rig, [0xe4fffff0, 0x20000010], ORB.FORMAT_0)).toBe('program check');
  });

  test('what lies in front of the end of storage is stored', () => {
    const rig = enabledRig();
    expect(status(rig, [0xe4200008, END - 4])).toBe('program check');
    expect(rig.word(END - 4)).toBe('ff383204');
  });

  test('the skip flag suppresses the store', () => {
    const rig = enabledRig();
    rig.fill(B, 0xaa, 16);
    expect(status(rig, [0xe4300010, B])).toBe('ended');
    expect(rig.word(B)).toBe('aaaaaaaa');
  });

  test('bit 0 of the address is a part of it', () => {
    expect(status(enabledRig(), [0xe4200010, 0x80000000 | B])).toBe('program check');
  });

  test('storage keys do not count', () => {
    const rig = enabledRig();
    rig.css.storage.setKey(B, 0x28);
    expect(status(rig, [0xe4200010, B], 0x30c08000)).toBe('ended');
  });
});

describe('indirect addresses', () => {
  test('64-bit IDAWs: the second begins a block, wherever it points', () => {
    const rig = enabledRig();
    rig.store(B, 0, B + 0x1ffc, 0, B + 0x3008);
    expect(status(rig, [0xe4240010, B], ORB.IDAW_64)).toBe('ended');
    expect([rig.word(B + 0x1ffc), rig.word(B + 0x3008)]).toEqual(['ff383204', '00000000']);
  });

  test('2 KiB blocks on request', () => {
    const rig = enabledRig();
    rig.store(B, 0, B + 0x17fc, 0, B + 0x2800);
    rig.fill(B + 0x1800, 0xaa, 8);
    rig.fill(B + 0x2800, 0xaa, 8);
    expect(status(rig, [0xe4240008, B], IDA_2K)).toBe('ended');
    expect([rig.word(B + 0x17fc), rig.word(B + 0x1800), rig.word(B + 0x2800)]).toEqual([
      'ff383204',
      'aaaaaaaa',
      '00000000',
    ]);
  });

  test.each([
    ['a list that is not aligned', B + 4, 0, B],
    ['an address outside storage', B, 1, 0],
    ['an area outside storage', B, 0, END],
  ])('%s', (_name, list, high, low) => {
    const rig = enabledRig();
    rig.store(list & ~7, high, low);
    rig.store(list, high, low);
    expect(status(rig, [0xe4240010, list], ORB.IDAW_64)).toBe('program check');
  });

  test('31-bit IDAWs work on hosts of the same kind only', () => {
    for (const [littleEndianHost, expected] of [
      [true, 'program check'],
      [false, 'ended'],
    ] as const) {
      const rig = enabledRig({ littleEndianHost });
      rig.store(B, B + 0x100);
      expect(status(rig, [0xe4240010, B]), String(littleEndianHost)).toBe(expected);
    }
  });

  test('31-bit IDAWs have no bit 0', () => {
    const rig = enabledRig({ littleEndianHost: false });
    rig.store(B, 0x80000000);
    expect(status(rig, [0xe4240010, B])).toBe('program check');
  });

  test('releases before 2.11 do not know them', () => {
    const rig = enabledRig({ release: '2.10' });
    rig.store(B, 0, B + 0x100);
    expect(status(rig, [0xe4240010, B], ORB.IDAW_64)).toBe('ended');
    expect(rig.word(B)).toBe('ff383204');
  });
});
