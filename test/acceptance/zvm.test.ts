import { describe, expect, test } from 'vitest';
import { count, counts, lossAndReturn, simulated, volumesOnPaths } from './scenario.ts';

/*
 * z/VM owns the channel paths. With N dedicated devices on P paths a loss costs CP N STSCH, a return N STSCH and N SPID, and
 * its guests nothing; at the start CP sets N · P path groups.
 */
const range = (devices: number): string => {
  const onFirst = Math.min(devices, 128);
  const first = `0.0.1000-0.0.${(0x0fff + onFirst).toString(16)}`;
  return devices === onFirst ? first : `${first},0.0.1100-0.0.${(0x10ff + devices - onFirst).toString(16)}`;
};
const dedicated = (devices: number, paths: number, cp = '{}', duration = '40s'): string => {
  return `
duration: ${duration}
${volumesOnPaths(devices, paths)}
systems:
  vm1: { kind: zvm-host, cp: ${cp} }
  guest1: { kind: guest, on: vm1, passthrough: "${range(devices)}" }
`;
};
const LOAD = 'workload: { load: { on: guest1, ratePerVolume: 50/s, until: 30s } }\n';
const GUEST = ['guest.machine_check', 'guest.stcrw', 'guest.stsch', 'guest.ssch', 'guest.interrupt'];
const NOTHING = Object.fromEntries(GUEST.map((name) => [name, 0]));

describe('one channel path goes and comes back under N dedicated devices', () => {
  test.each([1, 8, 42, 200])('%i devices: CP looks at each of them once, and no guest is told', async (n) => {
    const run = await simulated(dedicated(n, 4, '{}', '20s') + lossAndReturn());
    expect(count(run, 'guest.online')).toBe(n);
    expect(count(run, 'host.spid')).toBe(4 * n + n);
    for (const phase of ['loss', 'return']) {
      expect(counts(run, phase, GUEST)).toEqual(NOTHING);
      expect(counts(run, phase, ['host.machine_check', 'host.stcrw', 'host.stsch'])).toEqual({
        'host.machine_check': 1,
        'host.stcrw': 2,
        'host.stsch': n,
      });
    }
    expect([count(run, 'host.spid', 'loss'), count(run, 'host.spid', 'return')]).toEqual([0, n]);
  });

  test.each(['one', 'all'])(
    'under load no request fails and none is retried by the guest: show %s',
    async (show) => {
      const run = await simulated(dedicated(8, 4, `{ show: ${show} }`) + LOAD + lossAndReturn());
      expect(count(run, 'io.completed')).toBeGreaterThan(5_000);
      expect(counts(run, '', ['io.failed', 'io.retried', 'io.lost', 'io.stale_reads'])).toEqual({
        'io.failed': 0,
        'io.retried': 0,
        'io.lost': 0,
        'io.stale_reads': 0,
      });
    },
  );

  test('a path with errors is CP’s business', async () => {
    const faults =
      'faults: [{ at: 4s, name: errors, chpid: 0.41, do: error-rate, probability: 0.2, until: 8s }]';
    const run = await simulated(dedicated(4, 2) + LOAD + faults);
    expect(count(run, 'host.ssch', 'errors')).toBeGreaterThan(count(run, 'guest.ssch', 'errors'));
    expect([count(run, 'io.retried'), count(run, 'io.failed')]).toEqual([0, 0]);
  });
});

describe('several guests', () => {
  test('share one verification, and have subchannels of their own', async () => {
    const run = await simulated(`
duration: 20s
${volumesOnPaths(8, 4)}
systems:
  vm1: { kind: zvm-host }
  guest1: { kind: guest, on: vm1, passthrough: "0.0.1000-0.0.1002" }
  guest2: { kind: guest, on: vm1, passthrough: "0.0.1003-0.0.1006" }
${lossAndReturn()}`);
    expect(counts(run, 'return', GUEST)).toEqual(NOTHING);
    expect(counts(run, 'return', ['host.machine_check', 'host.stsch', 'host.spid'])).toEqual({
      'host.machine_check': 1,
      'host.stsch': 7,
      'host.spid': 7,
    });
    expect(count(run, 'guest.online')).toBe(7);
  });
});

describe('what CP cannot hide', () => {
  test('the last path: the guest finds it out by its next start, and its return by looking again', async () => {
    const faults = `faults:
  - { at: 4s, name: last, chpid: 0.40, do: configure-off }
  - { at: 5s, name: back, chpid: 0.40, do: configure-on }
`;
    const run = await simulated(dedicated(8, 1) + LOAD + faults);
    expect(counts(run, 'last', ['guest.machine_check', 'guest.disconnected'])).toEqual({
      'guest.machine_check': 0,
      'guest.disconnected': 8,
    });
    expect([count(run, 'host.spid', 'back'), count(run, 'io.failed'), count(run, 'io.lost')]).toEqual([
      8, 0, 0,
    ]);
    expect(count(run, 'io.completed')).toBe(count(run, 'io.started'));
  });

  test('a reset of the control unit: one notification for the guest, whatever the number of paths', async () => {
    const faults = 'faults: [{ at: 4s, name: reset, do: reset, controlUnit: lcu0 }]';
    const run = await simulated(dedicated(4, 4) + LOAD + faults);
    expect([count(run, 'io.retried'), count(run, 'io.failed')]).toEqual([4, 0]);
  });
});

describe('a guest that does not sense the path group of CP', () => {
  const hidden = (show: string, foreignGroup: string, paths: number): string =>
    dedicated(8, paths, `{ show: ${show}, senseGroup: hidden, foreignGroup: ${foreignGroup} }`);
  const names = ['host.path_mismatch', 'guest.online', 'guest.path_group_none', 'guest.spid'];

  // Linux tries a group in multipath mode, then one in single-path mode, then none, which its DASD driver does not take.
  test.each([2, 4, 8])('is refused and gives up: %i paths', async (paths) => {
    const run = await simulated(hidden('all', 'refuse', paths));
    expect(counts(run, '', names)).toEqual({
      'host.path_mismatch': 0,
      'guest.online': 0,
      'guest.path_group_none': 8,
      'guest.spid': 16,
    });
  });

  // Both tries name the same path; where the guest knows no other, CP takes one of its own for each.
  test.each([
    ['all', 1],
    ['one', 2],
  ])('costs each device paths, where CP takes them offline: show %s', async (show, lost) => {
    for (const paths of [4, 8]) {
      const run = await simulated(hidden(show, 'offline', paths));
      expect(counts(run, '', names)).toMatchObject({ 'host.path_mismatch': 8 * lost, 'guest.online': 0 });
    }
  });
});
