import { describe, expect, test } from 'vitest';
import type { VirtualSubchannel } from '../../src/qemu/subchannel.ts';
import type { Terminal3270 } from '../../src/qemu/terminal-3270.ts';
import { B, QemuRig, TERMINAL } from './rig.ts';

function terminal(): { rig: QemuRig; sch: VirtualSubchannel; device: Terminal3270 } {
  const rig = new QemuRig();
  const sch = rig.plug(TERMINAL);
  rig.enable();
  return { rig, sch, device: sch.device as Terminal3270 };
}

describe('the 3270 terminal', () => {
  test('identifies itself', () => {
    const { rig } = terminal();
    rig.program([0xe4200008, B]);
    expect(rig.words(B, 2)).toBe('ff327000.00000000');
  });

  test('tells with device end that a user has come or gone', () => {
    const { rig, sch, device } = terminal();
    device.connect(sch, rig.css);
    expect([rig.tpi(), rig.tsch(), rig.scsw]).toEqual([
      '0 00000000 isc 3',
      'cc 0',
      '00000011.00000000.04000000',
    ]);
    device.disconnect(sch, rig.css);
    expect(rig.tsch()).toBe('cc 0');
  });

  test('takes writes of a user that is there, and none of another', () => {
    const { rig, sch, device } = terminal();
    expect(rig.program([0x01200010, B])).toBe('00804017.00000000.02000000');
    device.connect(sch, rig.css);
    rig.tsch();
    expect(rig.program([0x01200a00, B])).toBe('00804007.00044008.0c000000');
    expect(rig.program([0x01200000, B]), 'nothing to write').toMatch(/^00804017\..*\.02000000$/);
  });

  test('gives what the user has entered, as far as it is asked for', () => {
    const { rig, sch, device } = terminal();
    device.connect(sch, rig.css);
    rig.tsch();
    device.enter(sch, Uint8Array.of(0x7d, 1, 2, 3), rig.css);
    expect([rig.tsch(), rig.scsw.slice(18)]).toEqual(['cc 0', '80000000']);
    expect(rig.program([0x06200008, B])).toBe('00804007.00044008.0c000004');
    expect(rig.word(B)).toBe('7d010203');
  });

  test('rejects commands that a display does not have', () => {
    const { rig } = terminal();
    expect(rig.program([0x1f200008, B])).toBe('00804017.00044008.02000000');
    expect(rig.events.filter((event) => event.startsWith('virtio'))).toEqual([]);
  });
});
