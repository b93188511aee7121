import { describe, expect, test } from 'vitest';
import type { ResolvedGuest } from '../../src/scenario/resolved.ts';
import { errorsOf, resolve } from './load.ts';

const VM =
  'systems: { vm: { kind: zvm-host }, g: { kind: guest, on: vm, passthrough: 0.0.1000-0.0.1003 } }\n';

describe('guests of z/VM', () => {
  test('have devices, and neither QEMU nor virtio devices', () => {
    const { systems } = resolve(VM);
    expect(systems[0]).toMatchObject({
      kind: 'zvm-host',
      controlProgram: {
        show: 'one',
        foreignGroup: 'refuse',
        senseGroup: 'shown',
        costs: { interceptNs: 2_000, interruptNs: 1_000, machineCheckNs: 3_000 },
      },
    });
    const guest = systems[1] as ResolvedGuest;
    expect(guest).toMatchObject({ devices: [], dedication: { host: 0, dasdOptions: { retries: 256 } } });
    expect(guest.hosting).toBeUndefined();
    expect(guest.dedication?.online).toEqual(guest.dedication?.passthrough);
  });

  test('have defaults where CP is described in part', () => {
    const { systems } = resolve(VM.replace('zvm-host', 'zvm-host, cp: { show: all }'));
    expect(systems[0]).toMatchObject({
      controlProgram: { show: 'all', foreignGroup: 'refuse', costs: { interceptNs: 2_000 } },
    });
  });
});

describe('mistakes', () => {
  test.each([
    [
      'systems: { p: { cp: { show: all } } }',
      '1:17: systems.p.cp: has no meaning without CP; it belongs to a zvm-host',
    ],
    [
      'systems: { vm: { kind: zvm-host }, g: { kind: guest, on: vm, virtio: 2 } }',
      '1:62: systems.g.virtio: has no meaning under z/VM; leave it out',
    ],
    [
      `${VM}actions: [{ at: 1s, do: rescan }]`,
      '2:11: actions[0].system: system vm runs CP; name a guest, or a partition',
    ],
    [
      `${VM}faults: [{ at: 1s, do: vary-off, chpid: 0.40, system: vm }]`,
      '2:55: faults[0].system: system vm runs CP; name a guest, or a partition',
    ],
    [
      `${VM}faults: [{ at: 1s, do: lose-reports, probability: 0.5, system: g }]`,
      '2:64: faults[0].system: system g keeps no reports for others; name a kvm-host or a guest',
    ],
    [
      `${VM}actions: [{ at: 1s, system: g, do: plug, type: vfio-ccw, device: 0.0.1004 }]`,
      '2:36: actions[0].do: system g is on z/VM; virtual devices belong to a guest',
    ],
    [
      `${VM}workload: { w: { on: vm } }`,
      '2:13: workload.w: system vm has no volumes; let it run on a partition',
    ],
  ])('%s', (text, message) => {
    expect(errorsOf(text)[0]).toBe(`s.yaml:${message}`);
  });
});
