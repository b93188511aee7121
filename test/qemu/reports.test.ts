import { describe, expect, test } from 'vitest';
import { busId } from '../../src/qemu/hot-plug.ts';
import { enabledRig, type QemuRig, RNG } from './rig.ts';

/** The guest has 128 MiB. */
const OUTSIDE = 0x08000000;

const plugged = (rig: QemuRig): void => {
  rig.plug({ ...RNG, hotplugged: true });
};

describe('the machine check', () => {
  test('announces all reports until STCRW has found none', () => {
    const rig = enabledRig();
    plugged(rig);
    plugged(rig);
    expect(rig.machineChecks).toBe(1);
    expect([rig.stcrw(), rig.stcrw()]).toEqual(['cc 0', 'cc 0']);
    plugged(rig);
    expect(rig.machineChecks, 'the last report was fetched, but not found missing').toBe(1);
    expect([rig.stcrw(), rig.stcrw(), rig.report]).toEqual(['cc 0', 'cc 1', '00000000']);
    plugged(rig);
    expect(rig.machineChecks).toBe(2);
  });

  test('comes again after a STCRW that found none and could not store that', () => {
    const rig = enabledRig();
    plugged(rig);
    rig.stcrw();
    expect([rig.stcrw(OUTSIDE + 1), rig.stcrw(OUTSIDE)]).toEqual(['pgm 6', 'pgm 5']);
    plugged(rig);
    expect(rig.machineChecks).toBe(2);
    expect(rig.stcrw(OUTSIDE)).toBe('pgm 5');
    plugged(rig);
    expect(rig.machineChecks, 'there was a report to fetch').toBe(2);
  });

  test('stays pending while the CPU is not enabled for it', () => {
    const rig = enabledRig();
    rig.css.interrupts.enable(0, false);
    plugged(rig);
    expect([rig.machineChecks, rig.css.interrupts.takeMachineCheck()]).toEqual([0, false]);
    rig.css.interrupts.enable(0, true);
    expect([rig.machineChecks, rig.css.interrupts.takeMachineCheck()]).toEqual([1, true]);
    expect(rig.css.interrupts.takeMachineCheck(), 'it is taken once').toBe(false);
  });

  test('a reset forgets reports', () => {
    const rig = enabledRig();
    plugged(rig);
    rig.css.reset();
    expect([rig.reports(), rig.css.interrupts.takeMachineCheck()]).toEqual([[], false]);
  });
});

test('more reports than anybody fetches are kept in order', () => {
  const rig = enabledRig();
  for (let word = 0; word < 100; word++) rig.css.injectReport(0x03040000 + word);
  const first = [rig.stcrw(), rig.report];
  for (let word = 100; word < 200; word++) rig.css.injectReport(0x03040000 + word);
  expect(first).toEqual(['cc 0', '03040000']);
  expect(rig.reports()).toEqual(
    Array.from({ length: 199 }, (_, index) => (0x03040001 + index).toString(16).padStart(8, '0')),
  );
});

test('any word can be injected', () => {
  const rig = enabledRig();
  rig.css.injectReport(0xffffffff);
  rig.stcrw();
  // Bit 0 and bit 9 are reserved.
  expect(rig.report).toBe('7fbfffff');
});

describe('RESET CHANNEL PATH', () => {
  test('is reported each time, without a path having been reset', () => {
    const rig = enabledRig();
    expect([rig.rchp(0), rig.rchp(0)]).toEqual(['cc 0', 'cc 0']);
    expect(rig.reports()).toEqual(['44020000', '44020000']);
  });

  test('is not chained for several sets, but for several images', () => {
    const rig = enabledRig();
    rig.enableFacility(2);
    rig.rchp(0);
    expect(rig.reports()).toEqual(['44020000']);
    rig.enableFacility(0);
    expect(rig.rchp(0), 'image 0 is not there').toBe('pgm 15');
    expect(rig.rchp(0xfe0000)).toBe('cc 0');
    expect(rig.reports()).toEqual(['54020000', '4402fe00']);
  });

  test('was not solicited before 2.11', () => {
    const rig = enabledRig({ release: '2.10' });
    rig.rchp(0);
    expect(rig.reports()).toEqual(['04020000']);
  });
});

describe('PCI events', () => {
  const EVENT = { functionHandle: 0x00020001, functionId: 1, code: 0x301 };
  const TYPE_2 = 0x20000000;
  const store = (rig: QemuRig, mask: number): string => rig.chsc(0x10, 0x0e, [0, mask, 0], 2);

  test('two give one report, and one response each', () => {
    const rig = enabledRig();
    rig.css.pciEvents.add(EVENT);
    rig.css.pciEvents.add({ ...EVENT, code: 0x303 });
    expect(rig.reports()).toEqual(['0b000000']);
    expect(store(rig, TYPE_2)).toBe('0ff00001.00000002');
    expect(rig.word(0x2010 + 8), 'more are waiting').toBe('80000002');
    expect(rig.words(0x2010 + 64, 8)).toBe(
      '00000000.00020001.00000001.00000000.00000000.00000000.00000000.00000301',
    );
    expect(store(rig, TYPE_2)).toBe('0ff00001.00000002');
    expect(rig.word(0x2010 + 8)).toBe('00000002');
    expect(store(rig, TYPE_2)).toBe('00080005.00000000');
  });

  test('a program that does not ask for them hears no more of them', () => {
    const rig = enabledRig();
    rig.css.pciEvents.add(EVENT);
    rig.reports();
    expect(store(rig, 0)).toBe('00080005.00000000');
    rig.css.pciEvents.add(EVENT);
    expect(rig.reports()).toEqual([]);
    store(rig, TYPE_2);
    store(rig, TYPE_2);
    rig.css.pciEvents.add(EVENT);
    expect(rig.reports()).toEqual(['0b000000']);
  });

  test('errors carry an address', () => {
    const rig = enabledRig();
    rig.css.pciEvents.add({ ...EVENT, code: 1, error: { word: 0xabcd, failingAddress: 0x123456789a } });
    store(rig, TYPE_2);
    expect(rig.word(0x2010 + 8)).toBe('00000001');
    expect(rig.words(0x2010 + 64, 8)).toBe(
      '00000000.00020001.00000001.0000abcd.00000012.3456789a.00000000.00000001',
    );
  });
});

test('a device in a set that is not enabled is not reported, and no interruption is taken back', () => {
  const rig = enabledRig();
  const hidden = rig.plug({ ...RNG, busId: busId(1, 7), hotplugged: true });
  rig.css.interrupts.inject(0x10000, 3, 1);
  rig.css.unplug(hidden);
  expect([rig.reports(), rig.tpi()]).toEqual([[], '10000 00000001 isc 3']);
});
