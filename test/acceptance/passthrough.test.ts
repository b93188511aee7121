import { describe, expect, test } from 'vitest';
import type { Run } from '../../src/index.ts';
import { count, counts, lossAndReturn, simulated, volumesOnPaths } from './scenario.ts';

/*
 * Guests whose DASD are passed through, told of channel paths as Linux 5.8 and QEMU 5.1 do it: a report for each device.
 * With N devices on P paths one report costs the guest what it costs a partition, 4N STSCH for a loss and 3N for a return.
 * Of N reports each is handled for itself, which costs between N(2N+3) and 4N² STSCH for a loss, N(N+3) and 3N² for a
 * return; a return also scans for new subchannels, with one STSCH of cc 3 in each of four sets.
 */
const range = (first: number, count: number): string =>
  `0.0.${first.toString(16)}-0.0.${(first + count - 1).toString(16)}`;

const guest = (devices: string, more = ''): string =>
  `{ kind: guest, on: host, passthrough: "${devices}"${more} }`;

/** One guest with N DASD on P paths. */
const passedThrough = (devices: number, paths: number, more = ''): string => `
duration: 20s
${volumesOnPaths(devices, paths)}
systems:
  host: { kind: kvm-host }
  guest1: ${guest(range(0x1000, devices), more)}
`;

const LOAD = 'workload: { load: { on: guest1, ratePerVolume: 50/s } }\n';

describe('one channel path goes and comes back under N devices of a guest', () => {
  test('a single device costs what it costs a partition', async () => {
    const run = await simulated(passedThrough(1, 4) + lossAndReturn());
    const names = [
      'guest.machine_check',
      'guest.stsch{cc=0}',
      'guest.snid',
      'guest.spid',
      'guest.rcd',
      'vmm.crw',
    ];
    expect(counts(run, 'loss', names)).toEqual({
      'guest.machine_check': 1,
      'guest.stsch{cc=0}': 4,
      'guest.snid': 3,
      'guest.spid': 0,
      'guest.rcd': 0,
      'vmm.crw': 1,
    });
    expect(counts(run, 'return', names)).toEqual({
      'guest.machine_check': 1,
      'guest.stsch{cc=0}': 3,
      'guest.snid': 4,
      'guest.spid': 1,
      'guest.rcd': 1,
      'vmm.crw': 1,
    });
  });

  test.each([2, 8, 42])(
    '%i devices: as many notifications and reports, and each handled for itself',
    async (n) => {
      const run = await simulated(passedThrough(n, 4) + lossAndReturn());
      const told = { 'kernel.crw': n, 'kernel.eventfd.path': n, 'kernel.crw_read': 2 * n, 'vmm.crw': n };
      for (const phase of ['loss', 'return']) {
        expect(counts(run, phase, Object.keys(told))).toEqual(told);
        const checks = count(run, 'guest.machine_check', phase);
        expect(count(run, 'guest.stcrw', phase)).toBe(n + checks);
        expect(checks).toBeGreaterThanOrEqual(1);
        expect(checks).toBeLessThanOrEqual(n);
        expect(count(run, 'host.machine_check', phase)).toBe(1);
      }
      const lost = count(run, 'guest.stsch{cc=0}', 'loss');
      expect(lost).toBeGreaterThanOrEqual(n * (2 * n + 3));
      // The host has stopped what may have run on the path; a verification that gets that interruption looks once more.
      expect(lost).toBeLessThanOrEqual(4 * n * n + count(run, 'host.hsch', 'loss'));
      const returned = count(run, 'guest.stsch{cc=0}', 'return');
      expect(returned).toBeGreaterThanOrEqual(n * (n + 3));
      expect(returned).toBeLessThanOrEqual(3 * n * n);
    },
  );

  test('every STSCH of the guest for a device is one of the host, besides those of its own', async () => {
    const run = await simulated(passedThrough(8, 4) + lossAndReturn());
    const { guestStsch, hostStsch } = stschOf(run, 'loss');
    // The host’s own: one for each device and path event; each device that was used on the path last has one more.
    const used = count(run, 'host.hsch', 'loss');
    expect(hostStsch).toBe(guestStsch + 8 + used);
  });

  const stschOf = (run: Run, phase: string) => ({
    guestStsch: count(run, 'guest.stsch{cc=0}', phase),
    hostStsch: count(run, 'host.stsch{cc=0}', phase),
  });
});

describe('under load', () => {
  test('no request is lost, and none fails', async () => {
    const run = await simulated(passedThrough(8, 4, ', cpus: 4') + LOAD + lossAndReturn());
    expect(count(run, 'io.started')).toBeGreaterThan(7000);
    expect(count(run, 'io.completed')).toBe(count(run, 'io.started'));
    expect(counts(run, '', ['io.failed', 'io.lost', 'machine.crw_lost'])).toEqual({
      'io.failed': 0,
      'io.lost': 0,
      'machine.crw_lost': 0,
    });
  });

  test('one path after the other goes: the guest waits for one, is told, and goes on at once', async () => {
    const faults = `faults:
  - { at: 2s, name: first, chpid: 0.40, do: configure-off }
  - { at: 3s, name: none, chpid: 0.41, do: configure-off }
  - { at: 12s, name: return, chpid: 0.40, do: configure-on }
`;
    const run = await simulated(passedThrough(2, 2) + LOAD + faults);
    expect(count(run, 'io.failed')).toBe(0);
    expect(count(run, 'io.completed')).toBe(count(run, 'io.started'));
    expect(count(run, 'io.completed', 'none')).toBeLessThan(10);
    expect(run.metric('path.restore.max', {}, 'return').value).toBeLessThan(100_000_000);
  });

  test('the host varies the path off: the guest hears nothing, and keeps using it', async () => {
    const vary = 'actions: [{ at: 5s, name: off, system: host, do: vary-path, chpid: 0.40, to: off }]\n';
    const run = await simulated(passedThrough(4, 4) + LOAD + vary);
    expect(counts(run, 'off', ['vmm.crw', 'kernel.crw', 'guest.stsch'])).toEqual({
      'vmm.crw': 0,
      'kernel.crw': 0,
      'guest.stsch': 0,
    });
    const share = (chpid: string): number => run.metric('path.utilisation', { chpid }, 'off').value;
    expect(share('0.40')).toBeCloseTo(share('0.41'), 3);
    expect(share('0.40')).toBeGreaterThan(0);
  });
});

describe('old and new', () => {
  // Linux of the host, QEMU: reports in the guest, STSCH of the guest for the loss.
  test.each([
    ['5.7', '4.1', 0],
    ['5.7', '10.2', 0],
    ['6.16', '4.1', 0],
    ['6.16', '5.1', 2],
    ['5.10', '10.2', 2],
    ['2026-07', '10.2', 2],
  ])('Linux %s with QEMU %s', async (kernel, qemu, reports) => {
    const run = await simulated(passedThrough(2, 4) + lossAndReturn(), [
      `systems.host.kernel=${kernel}`,
      `systems.host.qemu=${qemu}`,
    ]);
    expect(count(run, 'vmm.crw', 'loss')).toBe(reports);
    expect(count(run, 'guest.stsch', 'loss') > 0).toBe(reports > 0);
    expect(count(run, 'guest.online')).toBe(2);
  });
});

describe('several', () => {
  const two = (first: string, second: string): string => `
duration: 6s
${volumesOnPaths(8, 4)}
systems:
  ${first}
  ${second}
faults: [{ at: 3s, name: loss, chpid: 0.40, do: configure-off }]
`;

  test('guests on one host are told each of its own devices', async () => {
    const run = await simulated(
      two(
        'host: { kind: kvm-host }',
        `a: ${guest(range(0x1000, 2))}\n  b: ${guest(range(0x1002, 5), ', virtio: 1')}`,
      ),
    );
    const of = (system: string): number[] => [
      run.metric('vmm.crw', {}, 'loss').value,
      run.metric('guest.stcrw', { system, cc: '0' }, 'loss').value,
      run.metric('guest.online', { system }).value,
    ];
    expect(of('a')).toEqual([7, 2, 2]);
    expect(of('b')).toEqual([7, 5, 6]);
    // The device that nobody has got is the host’s.
    expect(run.metric('host.online').value).toBe(1);
  });

  test('hosts are told each once, and tell each its own guest', async () => {
    const run = await simulated(
      two(
        'host: { kind: kvm-host, dasd: "0.0.1000-0.0.1003" }\n  other: { kind: kvm-host, dasd: "0.0.1004-0.0.1007" }',
        `a: ${guest(range(0x1000, 4))}\n  b: { kind: guest, on: other, passthrough: "${range(0x1004, 4)}" }`,
      ),
    );
    expect(count(run, 'host.machine_check', 'loss')).toBe(2);
    expect(count(run, 'vmm.crw', 'loss')).toBe(8);
    for (const system of ['a', 'b']) {
      expect(run.metric('guest.stcrw', { system, cc: '0' }, 'loss').value).toBe(4);
    }
  });
});

test('the channel path 0.00 of the host is the one of the guest’s virtio devices', async () => {
  const run = await simulated(`
duration: 6s
machine:
  chpids: { "0.00-0.01": {} }
  controlUnits: { lcu: { paths: [0.00, 0.01] } }
  dasd: { "0.0.1000": { controlUnit: lcu } }
systems:
  host: { kind: kvm-host }
  guest1: ${guest('0.0.1000', ', virtio: 3')}
faults: [{ at: 3s, name: loss, chpid: 0.00, do: configure-off }]
`);
  // All four are looked at; the three whose path is still there, as QEMU says, find out that nothing has happened.
  expect(count(run, 'guest.stsch{cc=0}', 'loss')).toBe(4 * 4);
  expect(count(run, 'guest.verify', 'loss')).toBe(4);
  expect(count(run, 'guest.online')).toBe(4);
  expect(run.metric('guest.path_gone', {}, 'loss').value).toBe(1);
});

test('a run is the same again, and whoever watches changes nothing', async () => {
  const text = passedThrough(4, 4) + LOAD + lossAndReturn();
  const [first, again, watched] = await Promise.all([
    simulated(text, ['duration=13s']),
    simulated(text, ['duration=13s']),
    simulated(text, ['duration=13s', 'trace.level=all']),
  ]);
  expect(again.fingerprint).toBe(first.fingerprint);
  expect(watched.fingerprint).toBe(first.fingerprint);
});

describe('a device that comes and goes while the guest runs', () => {
  const text = (volume: string, actions: string): string => `
duration: 8s
${volumesOnPaths(4, 2)}
systems:
  host: { kind: kvm-host }
  guest1: ${guest(range(0x1000, 2))}
workload: { load: { on: guest1, volumes: ${volume}, from: 1s, until: 6s } }
actions:
${actions}`;

  test('is plugged, set online and used, and unplugged again; the guest is told by subchannel reports', async () => {
    const run = await simulated(
      text(
        '0.0.1002',
        `  - { at: 2s, name: plug, system: guest1, do: plug, type: vfio-ccw, device: 0.0.1002 }
  - { at: 3s, name: online, system: guest1, do: set-online, device: 0.0.1002 }
  - { at: 7s, name: unplug, system: guest1, do: unplug, device: 0.0.1002 }
`,
      ),
    );
    expect(counts(run, 'plug', ['vmm.crw', 'guest.machine_check', 'guest.recognized'])).toEqual({
      'vmm.crw': 2,
      'guest.machine_check': 1,
      'guest.recognized': 1,
    });
    expect(count(run, 'io.completed')).toBe(count(run, 'io.started'));
    expect(count(run, 'io.completed', 'online')).toBeGreaterThan(100);
    expect(count(run, 'vmm.crw', 'unplug')).toBe(2);
    expect(count(run, 'host.online')).toBe(1);
  });

  test('is taken back by the host: QEMU is asked for it, unplugs it and closes it', async () => {
    const run = await simulated(
      text('0.0.1001', '  - { at: 3s, name: back, system: host, do: unbind, device: 0.0.1001 }\n'),
    );
    expect(counts(run, 'back', ['kernel.eventfd.request', 'vmm.crw', 'guest.machine_check'])).toEqual({
      'kernel.eventfd.request': 1,
      'vmm.crw': 2,
      'guest.machine_check': 1,
    });
    expect(count(run, 'guest.online')).toBe(2);
    expect(count(run, 'io.completed', 'back')).toBeLessThan(5);
  });
});
