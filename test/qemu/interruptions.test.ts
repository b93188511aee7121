import { describe, expect, test } from 'vitest';
import { ADAPTER, INTERRUPTION_MODE } from '../../src/qemu/adapter-interruptions.ts';
import type { Accelerator } from '../../src/qemu/options.ts';
import { NONE } from '../../src/zarch/ids.ts';
import { IoInterruptionCode } from '../../src/zarch/interruption-code.ts';
import { enabledRig, ORB, P, QemuRig, RNG, TD } from './rig.ts';

function threeDevices(accelerator: Accelerator): QemuRig {
  const rig = new QemuRig({ accelerator }, RNG, RNG, RNG);
  rig.enable(TD, 3);
  rig.enable(TD + 1, 3);
  rig.enable(TD + 2, 1);
  rig.store(P, 0x03200001, 0);
  for (const sid of [TD, TD + 1, TD + 2]) rig.ssch(ORB.PLAIN, P, sid);
  return rig;
}

describe('order of interruptions', () => {
  test('the lower subclass first; then last in, first out with the translator', () => {
    const rig = threeDevices('tcg');
    expect([rig.tpi(), rig.tpi(), rig.tpi(), rig.tpi()]).toEqual([
      '2 deadbeef isc 1',
      '1 deadbeef isc 3',
      '0 deadbeef isc 3',
      'none',
    ]);
  });

  test('first in, first out with KVM', () => {
    const rig = threeDevices('kvm');
    expect([rig.tpi(), rig.tpi(), rig.tpi()]).toEqual([
      '2 deadbeef isc 1',
      '0 deadbeef isc 3',
      '1 deadbeef isc 3',
    ]);
  });

  test('a mask of subclasses leaves the others alone', () => {
    const rig = threeDevices('tcg');
    expect(rig.tpi(0x10)).toBe('1 deadbeef isc 3');
    expect(rig.tpi(0x80)).toBe('none');
  });
});

describe('interruptions that have lost their status', () => {
  test('TSCH leaves them with the translator', () => {
    const rig = enabledRig();
    rig.program([0x03200001, 0]);
    expect(rig.tpi()).toBe('0 deadbeef isc 3');
  });

  test('TSCH takes one of the subchannel away with KVM, whatever its condition code', () => {
    const rig = enabledRig({ accelerator: 'kvm' });
    rig.program([0x03200001, 0]);
    expect(rig.tpi()).toBe('none');
    rig.signal('csch');
    rig.signal('csch');
    expect([rig.tsch(), rig.tsch()]).toEqual(['cc 0', 'cc 1']);
    expect(rig.tpi()).toBe('none');
  });

  test.each(['tcg', 'kvm'] as const)(
    'they stay in their subclass and with their parameter (%s)',
    (accelerator) => {
      const rig = enabledRig({ accelerator });
      rig.program([0x03200001, 0]);
      rig.tpi();
      rig.signal('csch');
      rig.css.devices.subchannels()[0].schib.scsw.stctl = 0;
      rig.css.devices.subchannels()[0].schib.scsw.fctl = 0;
      rig.msch((schib) => {
        schib.set([0, 0, 0, 1, 1 << 3, 0], 0);
      });
      expect(rig.tpi()).toBe('0 deadbeef isc 3');
      expect(rig.tsch()).toBe('cc 3');
    },
  );

  test('a report about the subchannel takes them away: all with the translator, one with KVM', () => {
    for (const [accelerator, left] of [
      ['tcg', 'none'],
      ['kvm', '0 00000000 isc 3'],
    ] as const) {
      const rig = enabledRig({ accelerator });
      rig.signal('csch');
      rig.signal('csch');
      rig.css.unplug(rig.css.devices.subchannels()[0]);
      expect(rig.tpi(), accelerator).toBe(left);
    }
  });
});

test('with several images the code names the image', () => {
  const rig = enabledRig();
  rig.enableFacility(0);
  rig.store(P, 0x03200001, 0);
  rig.ssch();
  expect(rig.run({ do: 'tpi', at: 0x3000 })).toBe('cc 1');
  expect(rig.words(0x3000, 2)).toBe('fe090000.deadbeef');
});

describe('adapter interruptions', () => {
  test('have no subchannel in their code', () => {
    const rig = enabledRig();
    rig.css.adapters.inject(ADAPTER.VIRTIO, 2);
    expect(rig.run({ do: 'tpi', at: 0 })).toBe('cc 1');
    expect(rig.words(0xb8, 3)).toBe('00000000.00000000.90000000');
  });

  test('are told from those of subchannels when a CPU takes them', () => {
    const rig = enabledRig();
    rig.css.interrupts.enable(0xff, false);
    rig.css.adapters.inject(ADAPTER.VIRTIO, 2);
    expect(rig.css.interrupts.takeIo()).toBe(-4);
    expect(rig.css.interrupts.takeIo()).toBe(NONE);
  });

  test('of PCI adapters come once in single mode, those of virtio devices always', () => {
    const rig = enabledRig();
    const taken = (): number => {
      let count = 0;
      while (rig.css.interrupts.take(0xff, new IoInterruptionCode())) count++;
      return count;
    };
    expect(rig.css.setInterruptionControls(INTERRUPTION_MODE.SINGLE, 2)).toBe(true);
    for (const adapter of [ADAPTER.PCI, ADAPTER.PCI, ADAPTER.VIRTIO]) rig.css.adapters.inject(adapter, 2);
    expect(taken()).toBe(2);
    rig.css.adapters.inject(ADAPTER.PCI, 3);
    rig.css.adapters.inject(ADAPTER.PCI, 3);
    expect(taken(), 'another subclass').toBe(2);
    rig.css.setInterruptionControls(INTERRUPTION_MODE.SINGLE, 2);
    rig.css.adapters.inject(ADAPTER.PCI, 2);
    expect(taken(), 'after the mode was set again').toBe(1);
    expect(rig.css.setInterruptionControls(2, 2)).toBe(false);
  });
});
