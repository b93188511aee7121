import { describe, expect, test } from 'vitest';
import type { ResolvedGuest } from '../../src/scenario/resolved.ts';
import { errorsOf, resolve } from './load.ts';

const guestOf = (text: string, rest = ''): ResolvedGuest =>
  resolve(`systems: { g: { kind: guest, ${text} } }\n${rest}`).systems[0] as ResolvedGuest;

describe('guests of QEMU', () => {
  test('one line is enough: QEMU 7.2, its translator, all drivers, no devices', () => {
    expect(guestOf('cpus: 1')).toMatchObject({
      kind: 'guest',
      qemu: '7.2',
      accelerator: 'tcg',
      devices: [],
      drivers: ['rng', 'net', 'blk'],
      subchannelSets: 4,
      exitNs: 20_000,
    });
  });

  test('a number of devices has the numbers that QEMU would choose', () => {
    expect(guestOf('virtio: 2').devices).toEqual([
      { type: 'rng', cssid: 0xfe, ssid: 0, deviceNumber: 0, wanted: null },
      { type: 'rng', cssid: 0xfe, ssid: 0, deviceNumber: 1, wanted: null },
    ]);
  });

  /** A virtual device that has got the number that it asked for. */
  const asked = (type: string, ssid: number, deviceNumber: number): object => {
    const wanted = { cssid: 0xfe, ssid, deviceNumber };
    return { type, ...wanted, wanted };
  };

  test('devices stand in the order of the scenario, the terminal last, by either name of the image', () => {
    const { devices } = guestOf(
      'terminal: fe.0.0900, virtio: { "fe.1.0201": { type: net }, "0.0.0100-0.0.0101": { type: blk } }',
    );
    expect(devices).toEqual([
      asked('net', 1, 0x201),
      asked('blk', 0, 0x100),
      asked('blk', 0, 0x101),
      asked('3270', 0, 0x900),
    ]);
  });

  test('what is not among "online" stays offline, also when it is plugged later', () => {
    const plug = 'actions: [{ at: 1s, do: plug, device: fe.0.0200 }]';
    const text = 'virtio: { "fe.0.0100": {} }, online: ';
    expect(guestOf(`${text}all`, plug).offline).toEqual([]);
    expect(guestOf(`${text}none`, plug).offline).toHaveLength(2);
    expect(guestOf(`${text}fe.0.0100`, plug).offline).toEqual([
      { cssid: 0, ssid: 0, first: 0x200, last: 0x200 },
    ]);
  });

  test('a scenario whose systems are all guests has no machine', () => {
    const { machine } = resolve('systems: { g: { kind: guest } }');
    expect([machine.channelPaths, machine.controlUnits, machine.dasd]).toEqual([[], [], []]);
    const both = resolve('systems: { p: {}, g: { kind: guest } }');
    expect(both.machine.channelPaths).toHaveLength(4);
    expect(both.systems.map(({ kind }) => kind)).toEqual(['partition', 'guest']);
  });

  test('devices are plugged in the order written', () => {
    const { actions } = resolve(`
systems: { g: { kind: guest } }
actions:
  - { at: 1s, do: plug, device: "fe.0.0201,fe.0.0200", every: 5ms }
  - { at: 2s, do: inject-report, crw: "34040007, 03040010", into: css }
`);
    expect(actions[0]).toMatchObject({
      kind: 'plug',
      type: 'rng',
      everyNs: 5_000_000,
      devices: [{ first: 0x201 }, { first: 0x200 }],
    });
    expect(actions[1]).toMatchObject({ words: [0x34040007, 0x03040010], into: 'css' });
  });
});

describe('mistakes with guests', () => {
  test.each([
    [
      'systems: { a: { qemu: 7.2 } }',
      '1:17: systems.a.qemu: has no meaning in a partition; it belongs to a guest',
    ],
    [
      'systems: { g: { kind: guest }, p: {} }',
      '1:12: systems.g: is a guest that stands before a partition; list the partitions first',
    ],
    [
      'systems: { g: { kind: guest, dasd: 0.0.1000 } }',
      '1:30: systems.g.dasd: is a guest without devices of the machine; leave it out',
    ],
    [
      'systems: { g: { kind: guest, virtio: { "fe.0.0100-fe.0.0102": {}, "0.0.0102": {} } } }',
      '1:67: systems.g.virtio["0.0.0102"]: device 0.0.0102 is defined twice; make the ranges disjoint',
    ],
    [
      'systems: { g: { kind: guest, virtio: { "1.0.0100": {} } } }',
      '1:40: systems.g.virtio["1.0.0100"]: channel-subsystem image 1 is not modelled; use image 0, such as 0.40 and 0.0.1000',
    ],
    [
      'systems: { g: { kind: guest, terminal: fe.0.0900-fe.0.0901 } }',
      '1:40: systems.g.terminal: names more than one device; a guest has one terminal at most',
    ],
    [
      'actions: [{ at: 1s, do: plug, device: fe.0.0200 }]',
      '1:25: actions[0].do: system lpar1 is a partition; virtual devices belong to a guest',
    ],
    [
      'systems: { g: { kind: guest } }\nactions: [{ at: 1s, do: unplug, device: fe.0.0200 }]',
      '2:41: actions[0].device: device 0.0.0200 is not in system g; there are none',
    ],
    [
      'systems: { g: { kind: guest } }\nactions: [{ at: 1s, do: inject-report, crw: 404 }]',
      '2:45: actions[0].crw: "404" is not a channel-report word; write eight hex digits, such as 04060000',
    ],
    [
      'systems: { g: { kind: guest } }\nworkload: { w: {} }',
      '2:13: workload.w: system g has no volumes; let it run on a partition',
    ],
  ])('%s', (text, message) => {
    expect(errorsOf(text)).toEqual([`s.yaml:${message}`]);
  });
});
