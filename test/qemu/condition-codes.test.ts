import { describe, expect, test } from 'vitest';
import { enabledRig, ORB, P, QemuRig, RNG, TD } from './rig.ts';

/** States of a subchannel that a program can bring about, each with the way there. */
const STATES = {
  disabled: (rig: QemuRig) => rig.disable(),
  idle: () => {},
  ended: (rig: QemuRig) => {
    rig.store(P, 0x03200001, 0);
    rig.ssch();
  },
  rejected: (rig: QemuRig) => {
    rig.store(P, 0xff200001, 0);
    rig.ssch();
  },
  suspended: (rig: QemuRig) => {
    rig.store(P, 0x03220001, 0);
    rig.ssch(ORB.SUSPEND);
  },
  cleared: (rig: QemuRig) => rig.signal('csch'),
  halted: (rig: QemuRig) => rig.signal('hsch'),
  'deferred cc 3': (rig: QemuRig) => rig.ssch(0x00c00000),
} satisfies Record<string, (rig: QemuRig) => unknown>;
type State = keyof typeof STATES;

const INSTRUCTIONS = {
  stsch: (rig: QemuRig) => rig.stsch(),
  msch: (rig: QemuRig) => rig.msch(),
  ssch: (rig: QemuRig) => rig.ssch(),
  rsch: (rig: QemuRig) => rig.signal('rsch'),
  hsch: (rig: QemuRig) => rig.signal('hsch'),
  csch: (rig: QemuRig) => rig.signal('csch'),
  xsch: (rig: QemuRig) => rig.signal('xsch'),
  tsch: (rig: QemuRig) => rig.tsch(),
};

/** Condition codes in the order of the instructions above. */
const CONDITION_CODES: Record<State, string> = {
  //               stsch msch ssch rsch hsch csch xsch tsch
  disabled: '      0     0    3    3    3    3    3    3',
  idle: '          0     0    0    2    0    0    2    1',
  ended: '         0     1    1    1    1    0    1    0',
  rejected: '      0     1    1    1    1    0    1    0',
  suspended: '     0     2    2    0    0    0    0    1',
  cleared: '       0     1    1    1    1    0    1    0',
  halted: '        0     1    1    1    1    0    1    0',
  'deferred cc 3': '0    1    1    1    1    0    1    0',
};

describe('condition codes of an operational device', () => {
  for (const state of Object.keys(STATES) as State[]) {
    test(state, () => {
      const found = Object.values(INSTRUCTIONS).map((execute) => {
        const rig = enabledRig();
        STATES[state](rig);
        return execute(rig).replace('cc ', '');
      });
      expect(found).toEqual(CONDITION_CODES[state].trim().split(/\s+/));
    });
  }

  test('a subchannel that is not there gives 3 to every instruction', () => {
    const rig = enabledRig();
    const sid = 0x0001ffff;
    const found = [
      rig.stsch(sid),
      rig.run({ do: 'msch', sid, at: 0x1000 }),
      rig.ssch(ORB.PLAIN, P, sid),
      rig.signal('rsch', sid),
      rig.signal('hsch', sid),
      rig.signal('csch', sid),
      rig.signal('xsch', sid),
      rig.tsch(sid),
    ];
    expect(new Set(found)).toEqual(new Set(['cc 3']));
  });

  test('a device that was unplugged is not there', () => {
    const rig = new QemuRig({}, RNG, RNG);
    rig.css.unplug(rig.css.devices.subchannels()[0]);
    // Its number is a hole below the second device: an empty SCHIB is stored, and nothing can be changed in it.
    expect([rig.stsch(), rig.pmcw.slice(0, 17)]).toEqual(['cc 0', '00000000.00000000']);
    expect(rig.run({ do: 'msch', sid: TD, at: 0x1000 })).toBe('cc 3');
  });
});

describe('MODIFY SUBCHANNEL', () => {
  const EVERYTHING = (schib: Uint8Array) => {
    schib.set([0xca, 0xfe, 0xba, 0xbe], 0);
    schib.set([0x1c, 0xfe, 0x77, 0x77, 0x11, 0xff, 0x55, 0xff, 0x12, 0x34, 0xf0, 0xff], 4);
    schib.fill(0x77, 16, 24);
    schib.set([0x00, 0xe0, 0x00, 0x05], 24);
    schib.fill(0xff, 28, 40);
    schib[46] = 0x20;
  };

  test('changes what belongs to the program and nothing else', () => {
    const rig = enabledRig();
    expect(rig.msch(EVERYTHING)).toBe('cc 0');
    rig.stsch();
    // Bit 5 of the flags and the timing bit are not kept, nor are device number, PNOM, LPUM, PIM, PAM, CHPIDs and type.
    expect(rig.pmcw).toBe('cafebabe.18fd0000.11000080.1234f080.00000000.00000000.00000005');
    expect(rig.schibScsw).toBe('00000000.00000000.00000000');
    expect(rig.words(0x1000 + 40, 2)).toBe('00000000.00002000');
  });

  test('a disabled virtio device forgets its revision', () => {
    const rig = enabledRig();
    const setRevision = [0x83200004, 0x45000];
    rig.store(0x45000, 0x00010000);
    expect(rig.program(setRevision)).toBe('00804007.00044008.0c000000');
    expect(rig.program(setRevision), 'a second time').toBe('00804017.00044008.02000000');
    rig.disable();
    rig.enable();
    expect(rig.program(setRevision)).toBe('00804007.00044008.0c000000');
  });
});
