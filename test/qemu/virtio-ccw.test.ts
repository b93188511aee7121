import { describe, expect, test } from 'vitest';
import type { DeviceSpecification } from '../../src/qemu/hot-plug.ts';
import type { VirtualSubchannel } from '../../src/qemu/subchannel.ts';
import type { VirtioCcwDevice } from '../../src/qemu/virtio-ccw.ts';
import type { VirtioModel } from '../../src/qemu/virtio-device.ts';
import { CCW_FLAG, type Ccw } from '../../src/zarch/ccw.ts';
import { VIRTIO_COMMAND } from '../../src/zarch/commands.ts';
import { Irb } from '../../src/zarch/irb.ts';
import { Orb } from '../../src/zarch/orb.ts';
import { B, QemuRig, RNG } from './rig.ts';

const { SUPPRESS_LENGTH: SLI } = CCW_FLAG;

/** A device behind an enabled subchannel, whose commands are given with their data. */
class VirtioRig extends QemuRig {
  readonly sch: VirtualSubchannel;

  constructor(device: DeviceSpecification = RNG, options: ConstructorParameters<typeof QemuRig>[0] = {}) {
    super(options);
    this.sch = this.plug(device);
    this.enable();
  }

  get device(): VirtioCcwDevice {
    return this.sch.device as VirtioCcwDevice;
  }

  /** One command: `ended` with the residual count, `rejected` or `check`; the data in hexadecimal where they changed. */
  send(command: number, data: readonly number[] = [], count = data.length, flags = 0): string {
    const area = Uint8Array.from(data);
    const ccw: Ccw = { command, flags, count, data: area, versions: null };
    const orb = new Orb();
    orb.lpm = 0x80;
    orb.program = { ccws: [ccw], length: 1 };
    const cpu = { charge() {} };
    const nobody = { kind: 0, target: 0, priority: 0 };
    this.css.issue(cpu, 'ssch', 0, orb, nobody);
    const irb = new Irb();
    this.css.issue(cpu, 'tsch', 0, irb, nobody);
    if (irb.scsw.cstat !== 0) return 'check';
    if (irb.scsw.dstat === 0x02) return 'rejected';
    const changed = area.some((byte, index) => byte !== data[index]);
    const bytes = [...area].map((byte) => byte.toString(16).padStart(2, '0')).join('');
    return `ended ${irb.scsw.count}${changed ? ` ${bytes}` : ''}`;
  }

  setRevision(revision: number): string {
    return this.send(VIRTIO_COMMAND.SET_REVISION, [0, revision, 0, 0]);
  }
}

const quad = (value: number): number[] => [
  0,
  0,
  0,
  0,
  value >>> 24,
  (value >>> 16) & 0xff,
  (value >>> 8) & 0xff,
  value & 0xff,
];

describe('revisions', () => {
  test('a revision is set once, and not above the highest', () => {
    const rig = new VirtioRig();
    expect(rig.setRevision(3)).toBe('rejected');
    expect(rig.setRevision(2)).toBe('ended 0');
    expect(rig.setRevision(1)).toBe('rejected');
  });

  test('any other command before makes the device a legacy one', () => {
    const rig = new VirtioRig();
    expect(rig.send(VIRTIO_COMMAND.RESET, [0])).toBe('ended 0');
    expect(rig.setRevision(1)).toBe('rejected');
    expect(rig.device.revision).toBe(0);
  });

  test('a device that insists on revision 1 rejects instead', () => {
    const rig = new VirtioRig({ ...RNG, kind: 'virtio', model: 'rng', ccw: { forceRevision1: true } });
    expect(rig.send(VIRTIO_COMMAND.RESET, [0])).toBe('rejected');
    expect(rig.setRevision(0)).toBe('rejected');
    expect(rig.setRevision(1)).toBe('ended 0');
  });

  test('the length of further data must fit', () => {
    const rig = new VirtioRig();
    const revision = [0, 1, 0, 2, 0xaa, 0xbb];
    expect(rig.send(VIRTIO_COMMAND.SET_REVISION, revision.slice(0, 4), 4)).toBe('check');
    expect(rig.send(VIRTIO_COMMAND.SET_REVISION, revision, 3, SLI)).toBe('check');
    expect(rig.send(VIRTIO_COMMAND.SET_REVISION, [...revision, 0], 7)).toBe('check');
    expect(rig.send(VIRTIO_COMMAND.SET_REVISION, revision)).toBe('ended 0');
  });
});

describe('lengths', () => {
  test.each([
    ['RESET', 0, 'any'],
    ['READ_FEATURES', 5, 'exact'],
    ['WRITE_FEATURES', 5, 'exact'],
    ['READ_STATUS', 1, 'exact'],
    ['WRITE_STATUS', 1, 'exact'],
    ['SET_INDICATORS', 8, 'exact'],
    ['SET_CONFIG_INDICATORS', 8, 'exact'],
    ['READ_QUEUE_CONFIG', 4, 'exact'],
    ['SET_ADAPTER_INDICATORS', 25, 'exact'],
    ['SET_QUEUE', 32, 'exact'],
  ] as const)('%s has %i bytes', (name, length, kind) => {
    const ended = (count: number, flags: number): string => {
      const rig = new VirtioRig();
      rig.setRevision(1);
      return rig.send(VIRTIO_COMMAND[name], Array(count).fill(0), count, flags).slice(0, 5);
    };
    expect(ended(length, 0)).toBe('ended');
    expect(ended(length + 1, SLI)).toBe('ended');
    expect(ended(length + 1, 0)).toBe(kind === 'any' ? 'ended' : 'check');
    if (length > 0) expect(ended(length - 1, SLI)).toBe('check');
  });

  test('commands that nobody knows are rejected', () => {
    expect(new VirtioRig().send(0x55, [0])).toBe('rejected');
  });
});

describe('features', () => {
  test('are little-endian words; bits from 32 on are there from revision 1 on', () => {
    const rig = new VirtioRig();
    expect(rig.send(VIRTIO_COMMAND.READ_FEATURES, [0, 0, 0, 0, 0])).toBe('ended 0 0000003900');
    expect(rig.send(VIRTIO_COMMAND.READ_FEATURES, [9, 0, 0, 0, 1])).toBe('ended 0 0000000001');
    rig.disable();
    rig.enable();
    rig.setRevision(1);
    expect(rig.send(VIRTIO_COMMAND.READ_FEATURES, [0, 0, 0, 0, 1])).toBe('ended 0 0100000001');
    expect(rig.send(VIRTIO_COMMAND.READ_FEATURES, [9, 9, 9, 9, 2])).toBe('ended 0 0000000002');
  });

  test('only offered ones are accepted, and none after negotiation', () => {
    const rig = new VirtioRig();
    rig.setRevision(1);
    rig.send(VIRTIO_COMMAND.WRITE_FEATURES, [0xff, 0xff, 0xff, 0xff, 0]);
    expect(rig.device.virtio.accepted[0]).toBe(0x39000000);
    rig.send(VIRTIO_COMMAND.WRITE_STATUS, [0x0b]);
    rig.send(VIRTIO_COMMAND.WRITE_FEATURES, [0, 0, 0, 0, 0]);
    expect(rig.device.virtio.accepted[0]).toBe(0x39000000);
  });

  test('a device that needs a feature refuses to go on without it', () => {
    const model: VirtioModel = { deviceId: 4, queueSizes: [8], configBytes: 0, features: [33] };
    const rig = new VirtioRig({ kind: 'virtio', model });
    rig.setRevision(1);
    rig.send(VIRTIO_COMMAND.WRITE_FEATURES, [1, 0, 0, 0, 1]);
    expect(rig.send(VIRTIO_COMMAND.WRITE_STATUS, [0x0b])).toBe('rejected');
    rig.send(VIRTIO_COMMAND.WRITE_FEATURES, [3, 0, 0, 0, 1]);
    expect(rig.send(VIRTIO_COMMAND.WRITE_STATUS, [0x0b])).toBe('ended 0');
  });
});

describe('configuration and status', () => {
  test('reading the configuration leaves the residual count as it was', () => {
    const rig = new VirtioRig({ kind: 'virtio', model: 'blk' });
    rig.send(0xe4, Array(300).fill(0), 300, SLI);
    expect(rig.send(VIRTIO_COMMAND.READ_CONFIG, Array(60).fill(0))).toBe('ended 44');
    expect(rig.send(VIRTIO_COMMAND.READ_CONFIG, Array(61).fill(0))).toBe('check');
    expect(rig.send(VIRTIO_COMMAND.WRITE_CONFIG, [1, 2, 3])).toBe('ended 0');
    expect(rig.send(VIRTIO_COMMAND.WRITE_CONFIG, Array(62).fill(7), 62, SLI)).toBe('ended 2');
    expect(rig.device.virtio.config[2]).toBe(7);
  });

  test('status zero resets the device', () => {
    const rig = new VirtioRig();
    rig.setRevision(1);
    rig.send(VIRTIO_COMMAND.SET_QUEUE, [
      ...quad(0x10000),
      0,
      0,
      0,
      0,
      0,
      0,
      0,
      8,
      ...quad(0x11000),
      ...quad(0x12000),
    ]);
    expect(rig.send(VIRTIO_COMMAND.WRITE_STATUS, [0x0f])).toBe('ended 0');
    expect(rig.send(VIRTIO_COMMAND.READ_STATUS, [0])).toBe('ended 0 0f');
    expect(rig.device.virtio.queues[0].available).toBe(0x11000);
    rig.send(VIRTIO_COMMAND.WRITE_STATUS, [0]);
    expect(rig.device.virtio.queues[0].available).toBe(0);
  });

  test('READ STATUS stores at the data address even where that is a list of addresses', () => {
    const rig = new VirtioRig();
    rig.device.virtio.status = 0x0f;
    rig.store(B, 0xaaaaaaaa, B + 0x100);
    expect(rig.program([0x72240001, B])).toBe('00804007.00044008.0c000000');
    expect(rig.words(B, 2)).toBe('0faaaaaa.00045100');
  });
});

describe('queues', () => {
  const queue = (index: number, size: number): number[] => [
    ...quad(0x10000),
    0,
    0,
    0,
    0,
    0,
    index,
    size >> 8,
    size & 0xff,
    ...quad(0x11000),
    ...quad(0x12000),
  ];
  const legacy = (alignment: number, size: number): number[] => [
    ...quad(0x10000),
    0,
    0,
    alignment >> 8,
    alignment & 0xff,
    0,
    0,
    size >> 8,
    size & 0xff,
  ];

  test('a modern queue may be smaller, not larger', () => {
    const rig = new VirtioRig();
    rig.setRevision(1);
    expect(rig.send(VIRTIO_COMMAND.READ_QUEUE_CONFIG, [0, 0, 0xff, 0xff])).toBe('ended 0 00000008');
    expect(rig.send(VIRTIO_COMMAND.SET_QUEUE, queue(0, 16))).toBe('check');
    expect(rig.send(VIRTIO_COMMAND.SET_QUEUE, queue(0, 4))).toBe('ended 0');
    expect(rig.device.virtio.queues[0]).toMatchObject({
      size: 4,
      descriptors: 0x10000,
      used: 0x12000,
      vector: 0,
    });
    expect(rig.send(VIRTIO_COMMAND.SET_QUEUE, queue(1, 4)), 'a queue that is not there').toBe('check');
  });

  test('a legacy queue has its full size and 4 KiB alignment', () => {
    const rig = new VirtioRig();
    expect(rig.send(VIRTIO_COMMAND.SET_QUEUE, legacy(2048, 8))).toBe('check');
    expect(rig.send(VIRTIO_COMMAND.SET_QUEUE, legacy(4096, 4))).toBe('check');
    expect(rig.send(VIRTIO_COMMAND.SET_QUEUE, legacy(4096, 8))).toBe('ended 0');
  });

  test('the number of a queue has its limit', () => {
    const rig = new VirtioRig();
    expect(rig.send(VIRTIO_COMMAND.READ_QUEUE_CONFIG, [4, 0, 0, 0])).toBe('check');
    expect(rig.send(VIRTIO_COMMAND.READ_QUEUE_CONFIG, [3, 0xff, 9, 9])).toBe('ended 0 03ff0000');
  });
});

describe('notifications', () => {
  const INDICATORS = 0x20000;
  const ready = (): VirtioRig => {
    const rig = new VirtioRig();
    rig.setRevision(1);
    rig.send(VIRTIO_COMMAND.SET_QUEUE, [
      ...quad(0x10000),
      0,
      0,
      0,
      0,
      0,
      0,
      0,
      8,
      ...quad(0x11000),
      ...quad(0x12000),
    ]);
    rig.css.interrupts.withdraw(0);
    return rig;
  };

  test('classic: a bit in a doubleword, and unsolicited status unless there is status', () => {
    const rig = ready();
    rig.send(VIRTIO_COMMAND.SET_INDICATORS, quad(INDICATORS));
    rig.send(VIRTIO_COMMAND.SET_CONFIG_INDICATORS, quad(INDICATORS + 8));
    rig.css.interrupts.withdraw(0);
    rig.device.notify(rig.sch, 0, rig.css);
    rig.device.notify(rig.sch, 'config', rig.css);
    expect(rig.words(INDICATORS, 4)).toBe('00000000.00000001.00000000.00000001');
    expect([rig.tpi(), rig.tpi()]).toEqual(['0 00000000 isc 3', 'none']);
    rig.tsch();
    expect(rig.scsw.slice(0, 8)).toBe('00800011');
  });

  test('adapter: a bit from the first on, and an interruption when the summary was zero', () => {
    const rig = ready();
    const set = [...quad(INDICATORS), ...quad(INDICATORS + 8), ...quad(10), 5];
    rig.send(VIRTIO_COMMAND.SET_ADAPTER_INDICATORS, set);
    rig.css.interrupts.withdraw(0);
    rig.device.notify(rig.sch, 0, rig.css);
    rig.device.notify(rig.sch, 0, rig.css);
    expect([rig.word(INDICATORS), rig.word(INDICATORS + 8)]).toEqual(['01000000', '00200000']);
    expect([rig.tpi(), rig.tpi()]).toEqual(['-1 00000000 isc 5', 'none']);
    expect(rig.events.slice(-5)).toEqual([
      'virtio_ccw_set_ind - 20009 0 20',
      'virtio_ccw_set_ind - 20000 0 1',
      'css_adapter_interrupt - 5 0 0',
      'virtio_ccw_set_ind - 20009 20 20',
      'virtio_ccw_set_ind - 20000 1 1',
    ]);
  });

  test('one kind of indicators excludes the other', () => {
    const adapter = [...quad(INDICATORS), ...quad(INDICATORS + 8), ...quad(0), 5];
    const first = ready();
    first.send(VIRTIO_COMMAND.SET_INDICATORS, quad(INDICATORS));
    expect(first.send(VIRTIO_COMMAND.SET_ADAPTER_INDICATORS, adapter)).toBe('rejected');
    const second = ready();
    second.send(VIRTIO_COMMAND.SET_ADAPTER_INDICATORS, adapter);
    expect(second.send(VIRTIO_COMMAND.SET_INDICATORS, quad(INDICATORS))).toBe('rejected');
    expect(second.send(VIRTIO_COMMAND.SET_ADAPTER_INDICATORS, adapter)).toBe('ended 0');
  });

  test('a disabled subchannel gets no status', () => {
    const rig = ready();
    rig.send(VIRTIO_COMMAND.SET_INDICATORS, quad(INDICATORS));
    rig.disable();
    rig.css.interrupts.withdraw(0);
    rig.device.notify(rig.sch, 0, rig.css);
    expect([rig.tpi(), rig.word(INDICATORS + 4)]).toEqual(['none', '00000001']);
  });

  test('without indicators nothing happens', () => {
    const rig = ready();
    rig.device.notify(rig.sch, 0, rig.css);
    rig.device.notify(rig.sch, 'config', rig.css);
    expect(rig.tpi()).toBe('none');
  });
});
