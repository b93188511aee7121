import { describe, expect, test } from 'vitest';
import { busId, type DeviceSpecification } from '../../src/qemu/hot-plug.ts';
import type { VirtualSubchannel } from '../../src/qemu/subchannel.ts';
import { QemuRig, RNG, TERMINAL } from './rig.ts';

const at = (cssid: number, ssid: number, deviceNumber: number): DeviceSpecification => ({
  ...RNG,
  busId: busId(ssid, deviceNumber, cssid),
});
const hot = (device: DeviceSpecification): DeviceSpecification => ({ ...device, hotplugged: true });
const place = ({ cssid, ssid, number, deviceNumber }: VirtualSubchannel): string =>
  `${cssid.toString(16)}.${ssid}.${number} ${deviceNumber.toString(16).padStart(4, '0')}`;

/** What a guest is told of a device, by what it has enabled: several subchannel sets (2), several images (0). */
describe('reports of devices that come', () => {
  test.each([
    ['nothing', [], at(0xfe, 0, 1), ['03040001']],
    ['nothing', [], at(0xfe, 1, 1), []],
    ['nothing', [], at(3, 0, 1), []],
    ['sets', [2], at(0xfe, 0, 1), ['13040001', '03040000']],
    ['sets', [2], at(0xfe, 1, 1), ['13040000', '03040010']],
    ['sets', [2], at(3, 0, 1), []],
    ['images', [0], at(0xfe, 0, 1), ['13040001', '0304fe00']],
    ['images', [0], at(3, 0, 1), ['13040000', '03040300']],
    ['images', [0], at(3, 1, 1), []],
    ['both', [0, 2], at(3, 1, 1), ['13040000', '03040310']],
  ] as const)('%s enabled', (_name, enabled, device, words) => {
    const rig = new QemuRig({}, RNG);
    for (const operation of enabled) rig.enableFacility(operation);
    const sch = rig.plug(hot(device));
    expect(rig.reports()).toEqual(words);
    rig.css.unplug(sch);
    expect(rig.reports(), 'and of the same device when it goes').toEqual(words);
  });

  test('nothing is said of devices that are there when the guest starts', () => {
    const rig = new QemuRig({}, RNG);
    expect(rig.reports()).toEqual([]);
  });
});

describe('numbers', () => {
  test('automatic ones start from the subchannel number, past those that are taken', () => {
    const rig = new QemuRig();
    const devices = [at(0xfe, 0, 1), at(0xfe, 0, 9), RNG, RNG, RNG];
    expect(devices.map((device) => place(rig.plug(device)))).toEqual([
      'fe.0.0 0001',
      'fe.0.1 0009',
      'fe.0.2 0002',
      'fe.0.3 0003',
      'fe.0.4 0004',
    ]);
  });

  test('given and automatic ones mixed, as measured', () => {
    const rig = new QemuRig();
    expect([RNG, at(0xfe, 0, 1), RNG, at(0xfe, 0, 9), RNG].map((device) => place(rig.plug(device)))).toEqual([
      'fe.0.0 0000',
      'fe.0.1 0001',
      'fe.0.2 0002',
      'fe.0.3 0009',
      'fe.0.4 0004',
    ]);
  });

  test('whoever comes back gets the lowest free subchannel', () => {
    const rig = new QemuRig();
    const [first] = [rig.plug(at(0xfe, 0, 0x200)), rig.plug(at(0xfe, 0, 0x201))];
    rig.css.unplug(first);
    expect(place(rig.plug(at(0xfe, 0, 0x300)))).toBe('fe.0.0 0300');
  });

  test('refusals', () => {
    const rig = new QemuRig({}, at(0xfe, 0, 0x200));
    expect(rig.css.plug(at(0xfe, 0, 0x200))).toBe('Device already exists');
    expect(rig.css.plug(at(0xff, 0, 0x200))).toBe('Aborted');
    expect(rig.css.plug(at(0xfe, 4, 0x200))).toBe('Invalid cssid or ssid');
    expect(new QemuRig({ release: '2.10' }).css.plug(at(3, 0, 1))).toBe(
      'cssid not valid for virtual devices',
    );
    rig.plug(TERMINAL);
    expect(rig.css.plug(TERMINAL)).toBe('Multiple 3270 terminals are not supported.');
    expect(
      rig.css.plug({ ...TERMINAL, busId: at(0xfe, 0, 0x200).busId! }),
      'its number is asked for first',
    ).toBe('Device already exists');
    const paths = [0, 1, 2, 3].map((chpid) => rig.css.devices.images[0xfe]!.path(chpid)?.type);
    expect(paths, 'it had got a channel path, and that stays').toEqual([0x32, 0x1a, 0x1a, undefined]);
    expect(place(rig.plug(RNG)), 'but its subchannel is free again').toBe('fe.0.2 0002');
  });

  test('a full image goes on in the next, and so do subchannel sets', () => {
    const rig = new QemuRig();
    const image = rig.css.devices.images[0xfe]!;
    const last = rig.plug(RNG);
    for (let number = 1; number < 0xffff; number++) {
      const { cssid, ssid, device, schib, ...rest } = last;
      image.put({ ...rest, cssid, ssid, device, schib, number, deviceNumber: number } as VirtualSubchannel);
    }
    expect(place(rig.plug(RNG)), 'FFFF is never given away').toBe('fe.1.0 0000');
  });
});

describe('SCHIBs', () => {
  test('a new device is disabled and has one path', () => {
    const rig = new QemuRig({}, hot(at(0xfe, 0, 0x123)));
    rig.stsch();
    expect(rig.pmcw).toBe('00000000.00010123.80000080.0000ff80.00000000.00000000.00000000');
  });

  test('the terminal has a CHPID of its own', () => {
    const rig = new QemuRig({}, TERMINAL);
    rig.stsch();
    expect(rig.pmcw.slice(36, 44)).toBe('01000000');
  });

  test('a subchannel set ends behind its last device', () => {
    const rig = new QemuRig({}, RNG, RNG, RNG);
    const [first, , third] = rig.css.devices.subchannels();
    const found = (): string[] => [0, 1, 2, 3].map((number) => rig.stsch(0x00010000 + number));
    expect(found()).toEqual(['cc 0', 'cc 0', 'cc 0', 'cc 3']);
    rig.css.unplug(first);
    expect(found()).toEqual(['cc 0', 'cc 0', 'cc 0', 'cc 3']);
    rig.css.unplug(third);
    expect(found()).toEqual(['cc 0', 'cc 0', 'cc 3', 'cc 3']);
  });

  test('a set that has lost its last device has 8193 empty subchannels', () => {
    const rig = new QemuRig({}, RNG);
    rig.css.unplug(rig.css.devices.subchannels()[0]);
    expect([0, 8192, 8193].map((number) => rig.stsch(0x00010000 + number))).toEqual(['cc 0', 'cc 0', 'cc 3']);
    expect(rig.stsch(0x00030000), 'a set that never had one').toBe('cc 3');
  });

  test('subchannel sets are seen once they are enabled', () => {
    const rig = new QemuRig({}, RNG, at(0xfe, 1, 7));
    expect(rig.stsch(0x00030000)).toBe('cc 3');
    rig.enableFacility(2);
    expect([rig.stsch(0x00030000), rig.pmcw.slice(9, 17)]).toEqual(['cc 0', '00010007']);
    rig.css.reset();
    expect(rig.stsch(0x00030000)).toBe('cc 3');
  });
});

test('events of plugging and unplugging come in the order of the recordings', () => {
  const rig = new QemuRig();
  rig.enableFacility(2);
  rig.events.length = 0;
  const sch = rig.plug(hot(at(0xfe, 0, 0x200)));
  rig.css.unplug(sch);
  const id = (0xfe * 0x40000).toString(16);
  expect(rig.events).toEqual([
    `css_assign_subch ${id} 200 1 0`,
    'css_chpid_add fe00 32 0 0',
    `virtio_ccw_new_device ${id} 200 1 0`,
    'css_crw - 13040000 0 0',
    'css_crw - 3040000 0 0',
    'css_crw - 13040000 0 0',
    'css_crw - 3040000 0 0',
    `css_assign_subch ${id} 200 0 0`,
  ]);
});
