import { describe, expect, test } from 'vitest';
import { busId, type DeviceSpecification } from '../../src/qemu/hot-plug.ts';
import { loadMessages, refusal } from '../../src/qemu/migration/problem.ts';
import { sectionName } from '../../src/qemu/migration/section-names.ts';
import { blockingDevice, transfer } from '../../src/qemu/migration/stream.ts';
import type { VirtualCssOptions } from '../../src/qemu/options.ts';
import type { QemuRelease } from '../../src/qemu/qemu-features.ts';
import { QemuRig, RNG, TERMINAL } from './rig.ts';

const at = (ssid: number, deviceNumber: number, cssid?: number): DeviceSpecification => ({
  ...RNG,
  busId: busId(ssid, deviceNumber, cssid),
});

/** The other QEMU, whose guest does not run yet. */
function destination(options: Partial<VirtualCssOptions>, ...devices: DeviceSpecification[]): QemuRig {
  const rig = new QemuRig(options, ...devices);
  rig.css.interrupts.enable(0, false);
  return rig;
}

/** What the destination prints; nothing when it has taken everything. */
function migrate(from: QemuRig, to: QemuRig): string[] {
  const problem = transfer(from.css, to.css);
  to.css.interrupts.enable(0, true);
  return problem === null ? [] : loadMessages(problem, to.css.features.migrationMessages);
}

const NO_IMAGE = [
  'qemu-system-s390x: vmstate: get_nullptr expected VMS_NULLPTR_MARKER',
  'qemu-system-s390x: Failed to load s390_css:css',
  "qemu-system-s390x: error while loading state for instance 0x0 of device 's390_css'",
  'qemu-system-s390x: load of migration failed: Invalid argument',
];
const unknown = (section: string): string[] => [
  `qemu-system-s390x: Unknown savevm section or instance '${section}' 0. Make sure that your current VM setup matches your saved VM setup, including any hotplugged devices`,
  'qemu-system-s390x: load of migration failed: Invalid argument',
];

/** As measured on QEMU 7.2, by the numbers of the behaviour reference. */
describe('the measured matrix', () => {
  test('M1: the same bus ids fit, whatever numbers the subchannels had', () => {
    const from = new QemuRig({}, RNG, at(0, 0x200), at(0, 0x100));
    const to = destination({}, RNG, at(0, 0x100), at(0, 0x200));
    expect(migrate(from, to)).toEqual([]);
    const numbers = to.css.devices.subchannels().map((sch) => sch.deviceNumber.toString(16));
    expect(numbers, 'each at the number where the program knows it').toEqual(['0', '200', '100']);
  });

  test('M3: an image of the source outlives the device it was made for', () => {
    const from = new QemuRig({}, RNG);
    from.css.unplug(from.plug(at(0, 0x2222, 2)));
    expect(migrate(from, destination({}, RNG))).toEqual(NO_IMAGE);
  });

  test('M4: an image of the destination is as bad', () => {
    expect(migrate(new QemuRig({}, RNG), destination({}, RNG, at(0, 0x2222, 2)))).toEqual(NO_IMAGE);
  });

  test('M5: another device number is another section', () => {
    const from = new QemuRig({}, at(0, 0), at(0, 1));
    expect(migrate(from, destination({}, at(0, 0), at(0, 2)))).toEqual(unknown('/fe.0.0001/virtio-rng'));
  });

  test('M8: a 3270 keeps its guest where it is', () => {
    const rig = new QemuRig({}, RNG, TERMINAL);
    expect(refusal(sectionName(blockingDevice(rig.css)!))).toBe(
      "State blocked by non-migratable device '/fe.0.0001/x-terminal3270'",
    );
  });

  test('a device that only the destination has is no obstacle', () => {
    expect(migrate(new QemuRig({}, RNG), destination({}, RNG, at(0, 0x200)))).toEqual([]);
  });

  test('sections come in the order of the devices, so the first that was added is missed first', () => {
    const from = new QemuRig({}, at(0, 0x300), at(0, 0x100), at(0, 0x200));
    expect(migrate(from, destination({}, at(0, 0x300)))).toEqual(unknown('/fe.0.0100/virtio-rng'));
  });
});

/** M9: a report is queued, and its machine check pending, while the program is not enabled for machine checks. */
describe('a report that waits while the guest moves', () => {
  function moved(accelerator: 'tcg' | 'kvm', from: QemuRelease, to: QemuRelease): QemuRig {
    const source = new QemuRig({ accelerator, release: from }, RNG);
    source.css.interrupts.enable(0, false);
    source.rchp(0);
    expect(source.machineChecks).toBe(0);
    const target = destination({ accelerator, release: to }, RNG);
    expect(migrate(source, target)).toEqual([]);
    return target;
  }

  test.each([
    ['tcg', '7.2', '7.2', 0],
    ['tcg', '9.0', '9.0', 0],
    ['tcg', '9.0', '10.2', 0],
    ['tcg', '10.2', '7.2', 0],
    ['tcg', '10.2', '10.2', 1],
    ['kvm', '7.2', '7.2', 1],
    ['kvm', '9.0', '10.2', 1],
  ] as const)('%s, %s to %s: %i machine checks', (accelerator, from, to, machineChecks) => {
    const rig = moved(accelerator, from, to);
    expect(rig.machineChecks).toBe(machineChecks);
    expect(rig.css.interrupts.takeMachineCheck()).toBe(machineChecks === 1);
    rig.rchp(0);
    expect(rig.machineChecks, 'the queue does not announce itself again').toBe(machineChecks);
    expect(rig.reports(), 'STCRW finds what was there').toEqual(['44020000', '44020000']);
    rig.rchp(0);
    expect(rig.machineChecks, 'after condition code 1 it does').toBe(machineChecks + 1);
  });
});

describe('releases', () => {
  test('9.0 to 9.1: the section of the channel subsystem is not known there', () => {
    const from = new QemuRig({ release: '9.0' }, RNG);
    expect(migrate(from, destination({ release: '9.1' }, RNG))).toEqual(unknown('s390_css'));
  });

  test('9.1 to 10.2: nothing is sent that could be missed, and the guest has lost what it enabled', () => {
    const from = new QemuRig({ release: '9.1' }, RNG);
    from.enableFacility(2);
    from.rchp(0);
    const to = destination({ release: '10.2' }, RNG);
    expect(migrate(from, to)).toEqual([]);
    expect(to.css.facilities.highestSsid).toBe(0);
    expect(to.reports()).toEqual([]);
  });

  test('2.12 says it without a hint, and 10.2 in one line', () => {
    const from = (release: QemuRelease): QemuRig => new QemuRig({ release }, at(0, 3));
    expect(migrate(from('2.12'), destination({ release: '2.12' }, at(0, 2)))).toEqual([
      "qemu-system-s390x: Unknown savevm section or instance '/fe.0.0003/virtio-rng' 0",
      'qemu-system-s390x: load of migration failed: Invalid argument',
    ]);
    expect(migrate(from('10.2'), destination({ release: '10.2' }, at(0, 2)))).toEqual([
      "qemu-system-s390x: load of migration failed: Invalid argument: Unknown section or instance '/fe.0.0003/virtio-rng' 0. Make sure that your current VM setup matches your saved VM setup, including any hotplugged devices",
    ]);
  });

  test('accelerators have interrupt controllers of their own', () => {
    const from = new QemuRig({ accelerator: 'tcg' }, RNG);
    expect(migrate(from, destination({ accelerator: 'kvm' }, RNG))).toEqual(unknown('qemu-s390-flic'));
  });
});
