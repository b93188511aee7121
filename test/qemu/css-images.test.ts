import { describe, expect, test } from 'vitest';
import { BLIND } from '../../src/observe/observer.ts';
import { acceptOptions } from '../../src/qemu/command-line.ts';
import { type BusId, DeviceConfiguration, type PlugError } from '../../src/qemu/device-configuration.ts';
import { QEMU_RELEASES, type QemuRelease } from '../../src/qemu/qemu-features.ts';
import type { VirtualSubchannel } from '../../src/qemu/subchannel.ts';
import { QemuTrace } from '../../src/qemu/trace.ts';
import { HOST_DEVICE, VIRTUAL_DEVICE } from './devices.ts';
import { QemuRig, RNG, TERMINAL } from './rig.ts';

/** Which image a device is put into, by release and machine option (behaviour reference 4.2, 4.5). */

const FE: BusId = { cssid: 0xfe, ssid: 0, deviceNumber: 0x1234 };
const OTHER: BusId = { cssid: 3, ssid: 0, deviceNumber: 0x1234 };
const AUTO = null;
const NOT_VIRTUAL = 'cssid not valid for virtual devices';
const NOT_HOST = 'cssid not valid for non-virtual devices';

const configuration = (release: QemuRelease, squash: boolean): DeviceConfiguration =>
  new DeviceConfiguration(QEMU_RELEASES[release], squash, new QemuTrace(BLIND, 0));
const imageOf = (given: VirtualSubchannel | PlugError): number | string =>
  typeof given === 'string' ? given : given.cssid;

describe('the image of the first device', () => {
  // Virtual devices in fe, in another image, with an automatic number; the same of the host's.
  test.each([
    ['2.10', false, [0xfe, NOT_VIRTUAL, 0xfe], [NOT_HOST, 3, 0]],
    ['2.10', true, [0, NOT_VIRTUAL, 0], [NOT_HOST, 0, 0]],
    ['2.11', false, [0xfe, NOT_VIRTUAL, 0xfe], [NOT_HOST, 3, 0]],
    ['2.11', true, [0, NOT_VIRTUAL, 0], [NOT_HOST, 0, 0]],
    ['2.12', false, [0xfe, 3, 0xfe], [0xfe, 3, 0xfe]],
    ['2.12', true, [0, 0, 0], [0, 0, 0]],
    ['3.1', false, [0xfe, 3, 0xfe], [0xfe, 3, 0xfe]],
    ['10.2', false, [0xfe, 3, 0xfe], [0xfe, 3, 0xfe]],
  ] as const)('QEMU %s, squashing: %s', (release, squash, virtual, host) => {
    const first = (device: typeof VIRTUAL_DEVICE, wanted: BusId | null): number | string =>
      imageOf(configuration(release, squash).assign(device, wanted));
    expect([FE, OTHER, AUTO].map((wanted) => first(VIRTUAL_DEVICE, wanted))).toEqual(virtual);
    expect([FE, OTHER, AUTO].map((wanted) => first(HOST_DEVICE, wanted))).toEqual(host);
  });

  test('is fe for both kinds only since both may be there: the numbers of one kind shift those of the other', () => {
    const numbers = (release: QemuRelease): number[] => {
      const devices = configuration(release, false);
      return [VIRTUAL_DEVICE, HOST_DEVICE, VIRTUAL_DEVICE].map(
        (device) => (devices.assign(device, AUTO) as VirtualSubchannel).deviceNumber,
      );
    };
    expect(numbers('2.11')).toEqual([0, 0, 1]);
    expect(numbers('2.12')).toEqual([0, 1, 2]);
  });

  test('squashing makes numbers collide that were in two images', () => {
    const devices = configuration('2.12', true);
    devices.assign(VIRTUAL_DEVICE, FE);
    expect(devices.assign(HOST_DEVICE, OTHER)).toBe('Device already exists');
    expect(configuration('2.12', false).assign(HOST_DEVICE, OTHER)).not.toBeTypeOf('string');
  });

  test('ff passes as a property, and is the end of QEMU', () => {
    expect(configuration('10.2', false).assign(HOST_DEVICE, { ...FE, cssid: 0xff })).toBe('Aborted');
    expect(configuration('10.2', false).assign(HOST_DEVICE, { ...FE, ssid: 4 })).toBe(
      'Invalid cssid or ssid',
    );
  });
});

test.each([
  ['2.10', null, true, false],
  ['2.10', true, true, false],
  ['2.12', false, true, false],
  ['2.12', true, true, true],
  ['3.1', null, true, false],
  ['3.1', false, false, false],
  ['10.2', true, false, false],
] as const)('QEMU %s, s390-squash-mcss %s: starts %s, warns %s', (release, squashMcss, starts, warns) => {
  const rig = new QemuRig({ release, squashMcss });
  const warnings: number[] = [];
  rig.css.trace.deprecated = () => void warnings.push(1);
  expect(acceptOptions(rig.css)).toBe(starts);
  expect(warnings).toHaveLength(warns ? 1 : 0);
});

describe('what a program sees', () => {
  const SID = { default: 0x00010000, fe: 0xfe090000, zero: 0x00090000, three: 0x03090000 };
  const seen = (rig: QemuRig): string[] => Object.values(SID).map((sid) => rig.stsch(sid));
  const inImage3 = { ...RNG, busId: { cssid: 3, ssid: 0, deviceNumber: 7 } };

  test('without the multiple-image facility the default image, also by its own number', () => {
    expect(seen(new QemuRig({}, RNG, inImage3))).toEqual(['cc 0', 'cc 0', 'cc 3', 'cc 3']);
    expect(seen(new QemuRig({ release: '2.12', squashMcss: true }, RNG))).toEqual([
      'cc 0',
      'cc 3',
      'cc 0',
      'cc 3',
    ]);
  });

  test('with it all images; image 0 without the m bit stays the default one', () => {
    const rig = new QemuRig({}, RNG, inImage3);
    rig.enableFacility(0);
    expect(seen(rig)).toEqual(['cc 0', 'cc 0', 'cc 3', 'cc 0']);
    rig.css.reset();
    expect(seen(rig)).toEqual(['cc 0', 'cc 0', 'cc 3', 'cc 3']);
  });

  test('interruptions name the image only with it', () => {
    const rig = new QemuRig({}, RNG);
    const interrupted = (): string => {
      rig.program([0x03000000, 0]);
      return rig.tpi();
    };
    rig.enable();
    expect(interrupted().split(' ')[0]).toBe('0');
    rig.enableFacility(0);
    // The m bit, image fe: as the model writes an image that is given explicitly.
    expect(Number.parseInt(interrupted().split(' ')[0], 16) >>> 18).toBe(0x1fe);
  });
});

describe('channel paths of an image', () => {
  const path = (rig: QemuRig, chpid: number) => rig.css.devices.images[0xfe]!.path(chpid);

  test('the terminal takes the lowest one behind that of virtio devices', () => {
    const rig = new QemuRig({}, TERMINAL, RNG);
    expect([path(rig, 0), path(rig, 1)]).toEqual([
      { type: 0x32, virtual: true, transportLimit: 0 },
      { type: 0x1a, virtual: true, transportLimit: 0 },
    ]);
  });

  test('one of the host that was there first moves it on', () => {
    const rig = new QemuRig({}, RNG);
    rig.css.devices.images[0xfe]!.addPath(1, 0x1b, false);
    rig.plug(TERMINAL);
    expect(path(rig, 2)).toEqual({ type: 0x1a, virtual: true, transportLimit: 0 });
  });

  test('each image has its own', () => {
    const rig = new QemuRig({}, RNG, { ...RNG, busId: { cssid: 3, ssid: 0, deviceNumber: 7 } });
    expect(rig.css.devices.images[3]!.path(0)).toEqual({ type: 0x32, virtual: true, transportLimit: 0 });
    rig.css.unplug(rig.css.devices.subchannels()[0]);
    expect(rig.css.devices.images[3]!.path(0), 'also when its last device has gone').toBeDefined();
  });
});
