import { describe, expect, test } from 'vitest';
import type { ResolvedGuest, ResolvedHost } from '../../src/scenario/resolved.ts';
import { errorsOf, resolve } from './load.ts';

const range = (first: number, last: number) => ({ cssid: 0, ssid: 0, first, last });

/** Host, and guests after it. */
const systemsOf = (host: string, ...guests: string[]): [ResolvedHost, ...ResolvedGuest[]] => {
  const text = guests.map((guest, at) => `g${at}: { kind: guest, on: host${guest} }`).join(', ');
  return resolve(`systems: { host: { kind: kvm-host${host} }, ${text} }`).systems as [
    ResolvedHost,
    ...ResolvedGuest[],
  ];
};

describe('guests on a host', () => {
  test('one line is enough: QEMU 10.2 with KVM, no devices of the host, costs of a real one', () => {
    const [, guest] = systemsOf('', '');
    expect(guest).toMatchObject({ qemu: '10.2', accelerator: 'kvm', devices: [] });
    expect(guest.hosting).toMatchObject({
      host: 0,
      passthrough: [],
      online: [],
      forcePrefetch: false,
      costs: { exitNs: 2_000, interceptNs: 8_000, syscallNs: 1_000, eventFdNs: 10_000, vcpuWakeNs: 20_000 },
      dasdOptions: { retries: 256 },
    });
  });

  test('have the host’s QEMU unless they have one of their own', () => {
    const [, first, second] = systemsOf(', qemu: 5.1', '', ', qemu: 4.1');
    expect([first.qemu, second.qemu]).toEqual(['5.1', '4.1']);
  });

  test('have devices of the host under their numbers, online unless said otherwise', () => {
    const [, all, some] = systemsOf(
      '',
      ', passthrough: "0.0.1000,0.0.1001"',
      ', passthrough: "0.0.1004-0.0.1007", online: 0.0.1005',
    );
    expect(all.hosting).toMatchObject({
      passthrough: [range(0x1000, 0x1001)],
      online: [range(0x1000, 0x1001)],
    });
    expect(some.hosting).toMatchObject({
      passthrough: [range(0x1004, 0x1007)],
      online: [range(0x1005, 0x1005)],
    });
  });

  test('take their devices away from it', () => {
    const [host] = systemsOf('', ', passthrough: 0.0.1001', ', passthrough: 0.0.1003');
    expect(host).toMatchObject({
      kind: 'kvm-host',
      dasd: [range(0x1000, 0x1029)],
      online: [range(0x1000, 0x1000), range(0x1002, 0x1002), range(0x1004, 0x1029)],
      passedThrough: [range(0x1001, 0x1001), range(0x1003, 0x1003)],
    });
  });

  test('run workloads and actions on their volumes', () => {
    const { workloads, actions } = resolve(`
systems: { host: { kind: kvm-host }, g: { kind: guest, on: host, passthrough: 0.0.1000-0.0.1003 } }
workload: { w: { on: g, volumes: 0.0.1001 } }
actions: [{ at: 1s, system: g, do: set-offline, device: 0.0.1002 }]
`);
    expect(workloads[0]).toMatchObject({ system: 1, volumes: [range(0x1001, 0x1001)] });
    expect(actions[0]).toMatchObject({ system: 1, devices: [range(0x1002, 0x1002)] });
  });

  test('on several hosts may have the same volumes', () => {
    const { systems } = resolve(`
systems:
  a: { kind: kvm-host }
  b: { kind: kvm-host }
  ga: { kind: guest, on: a, passthrough: 0.0.1000 }
  gb: { kind: guest, on: b, passthrough: 0.0.1000 }
`);
    expect(systems.map((system) => (system.kind === 'guest' ? system.hosting?.host : null))).toEqual([
      null,
      null,
      0,
      1,
    ]);
  });
});

describe('mistakes with passed-through devices', () => {
  test.each([
    [
      'systems: { g: { kind: guest, passthrough: 0.0.1000 } }',
      '1:30: systems.g.passthrough: has no meaning without a host; say with "on" which kvm-host it is',
    ],
    [
      'systems: { host: { kind: kvm-host }, g: { kind: guest, on: hosts } }',
      '1:60: systems.g.on: unknown system "hosts"; did you mean "host"?',
    ],
    [
      'systems: { host: {}, g: { kind: guest, on: host } }',
      '1:44: systems.g.on: system host is not a kvm-host; define one with kind: kvm-host',
    ],
    [
      'systems: { host: { kind: kvm-host }, g: { kind: guest, on: host, passthrough: 0.0.2000 } }',
      '1:79: systems.g.passthrough: device 0.0.2000 is not in system host; there are 0.0.1000-0.0.1029',
    ],
    [
      'systems: { host: { kind: kvm-host }, g: { kind: guest, on: host, passthrough: 0.0.1000 }, h: { kind: guest, on: host, passthrough: "0.0.1000,0.0.1001" } }',
      '1:119: systems.h.passthrough: device 0.0.1000 is passed through to g; give it to one guest',
    ],
    [
      'systems: { host: { kind: kvm-host, online: 0.0.1000 }, g: { kind: guest, on: host, passthrough: 0.0.1000 } }',
      '1:44: systems.host.online: device 0.0.1000 is not left to system host by its guests; there are 0.0.1001-0.0.1029',
    ],
    [
      'systems: { host: { kind: kvm-host }, g: { kind: guest, on: host, passthrough: 0.0.1000, virtio: { "0.0.1000": {} } } }',
      '1:66: systems.g.passthrough: device 0.0.1000 is defined twice; number virtual devices differently',
    ],
    [
      'systems: { host: { kind: kvm-host }, g: { kind: guest, on: host, accelerator: tcg } }',
      '1:79: systems.g.accelerator: does not use a host; leave it out',
    ],
    [
      'systems: { host: { kind: kvm-host, virtio: 2 } }',
      '1:36: systems.host.virtio: has no meaning in a partition; it belongs to a guest',
    ],
    [
      'systems: { g: { kind: guest, on: host }, host: { kind: kvm-host } }',
      '1:12: systems.g: is a guest that stands before a partition; list the partitions first',
    ],
    [
      'systems: { host: { kind: kvm-host }, g: { kind: guest, on: host } }\nworkload: { w: { on: g, volumes: 0.0.1000 } }',
      '2:34: workload.w.volumes: device 0.0.1000 is not online in system g; there are none',
    ],
  ])('%s', (text, message) => {
    expect(errorsOf(text)[0]).toBe(`s.yaml:${message}`);
  });
});

describe('devices that come and go', () => {
  const systems =
    'systems: { host: { kind: kvm-host }, g: { kind: guest, on: host, passthrough: 0.0.1000 } }\nactions: ';

  test('a device of the host that is plugged later is not online in the host before', () => {
    const { systems: resolved, actions } = resolve(
      `${systems}[{ at: 1s, system: g, do: plug, type: vfio-ccw, device: 0.0.1001 }, { at: 2s, system: g, do: set-online, device: 0.0.1001 }]`,
    );
    expect(resolved[0]).toMatchObject({ online: [range(0x1002, 0x1029)] });
    expect((resolved[1] as ResolvedGuest).hosting).toMatchObject({ plugged: [range(0x1001, 0x1001)] });
    expect(actions[0]).toMatchObject({ kind: 'plug', type: 'vfio-ccw', devices: [range(0x1001, 0x1001)] });
  });

  test.each([
    [
      `${systems}[{ at: 1s, system: g, do: plug, type: vfio-ccw, device: 0.0.2000 }]`,
      '2:66: actions[0].device: device 0.0.2000 is not in system host; there are 0.0.1000-0.0.1029',
    ],
    [
      'systems: { g: { kind: guest } }\nactions: [{ at: 1s, do: plug, type: vfio-ccw, device: 0.0.1000 }]',
      '2:37: actions[0].type: system g is on no host; say with "on" which kvm-host it is',
    ],
    [
      `${systems}[{ at: 1s, system: g, do: unbind, device: 0.0.1000 }]`,
      '2:36: actions[0].do: system g is not a kvm-host; name the host',
    ],
  ])('%s', (text, message) => {
    expect(errorsOf(text)).toEqual([`s.yaml:${message}`]);
  });
});
