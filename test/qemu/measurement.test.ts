import { describe, expect, test } from 'vitest';
import { B, enabledRig, ORB, P, type QemuRig } from './rig.ts';

const BLOCKS = 0x10000;
const UPDATE = 2;
const schm = (rig: QemuRig, register1: number, register2: number): void => {
  rig.run({ do: 'schm', register1, register2 });
};
const starts = (rig: QemuRig, count: number): void => {
  for (let start = 0; start < count; start++) rig.program([0x03200001, B]);
};
/** Measurement mode on (0x10: blocks, 0x08: connect times), with the index of the block. */
const measure = (rig: QemuRig, mode: number, index: number, format1At = 0): void => {
  rig.msch((schib) => {
    schib[5] |= mode;
    schib[13] = index;
    schib[27] |= format1At === 0 ? 0 : 4;
    schib.set(
      [(format1At >>> 24) & 0xff, (format1At >>> 16) & 0xff, (format1At >>> 8) & 0xff, format1At & 0xff],
      44,
    );
  });
};

describe('measurement', () => {
  test('format 0 counts starts in 16 bits of the block that the subchannel names', () => {
    const rig = enabledRig();
    measure(rig, 0x10, 1);
    schm(rig, UPDATE, BLOCKS);
    starts(rig, 10);
    expect(rig.words(BLOCKS, 9)).toBe(`${'00000000.'.repeat(8)}000a0000`);
  });

  test('format 1 counts in 32 bits at the address in the SCHIB', () => {
    const rig = enabledRig();
    measure(rig, 0x10, 0, BLOCKS + 0x40);
    schm(rig, UPDATE, 0);
    rig.store(BLOCKS + 0x40, 0x0001ffff);
    starts(rig, 2);
    expect(rig.words(BLOCKS + 0x40, 2)).toBe('00020001.00000000');
  });

  test('either mode bit is enough; without one nothing is counted', () => {
    const rig = enabledRig();
    schm(rig, UPDATE, BLOCKS);
    starts(rig, 1);
    measure(rig, 0x08, 0);
    starts(rig, 1);
    expect(rig.word(BLOCKS)).toBe('00010000');
  });

  test('a counter wraps around', () => {
    const rig = enabledRig();
    measure(rig, 0x10, 0);
    schm(rig, UPDATE, BLOCKS);
    rig.store(BLOCKS, 0xffff0007);
    starts(rig, 1);
    expect(rig.word(BLOCKS)).toBe('00000007');
  });

  test('the area moves only after measurement was stopped', () => {
    const rig = enabledRig();
    measure(rig, 0x10, 0);
    schm(rig, UPDATE, BLOCKS);
    schm(rig, UPDATE, BLOCKS + 0x1000);
    starts(rig, 3);
    expect([rig.word(BLOCKS), rig.word(BLOCKS + 0x1000)]).toEqual(['00030000', '00000000']);
    schm(rig, 0, 0);
    starts(rig, 1);
    schm(rig, UPDATE, BLOCKS + 0x1000);
    starts(rig, 1);
    expect([rig.word(BLOCKS), rig.word(BLOCKS + 0x1000)]).toEqual(['00030000', '00010000']);
  });

  test('starts with a deferred condition code and resumptions count, refused starts do not', () => {
    const rig = enabledRig();
    measure(rig, 0x10, 0);
    schm(rig, UPDATE, BLOCKS);
    rig.ssch(0x00c00000);
    rig.ssch();
    rig.tsch();
    rig.store(P, 0x03220001, B);
    rig.ssch(ORB.SUSPEND);
    rig.ssch();
    rig.signal('rsch');
    expect(rig.word(BLOCKS)).toBe('00030000');
  });

  test('an area outside storage is not noticed', () => {
    const rig = enabledRig();
    measure(rig, 0x10, 0);
    schm(rig, UPDATE, 0x7ffffe00);
    expect(rig.program([0x03200001, B])).toBe('00804007.00044008.0c000000');
  });
});
