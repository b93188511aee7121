import { describe, expect, test } from 'vitest';
import { counts, lossAndReturn, simulated, volumesOnPaths } from './scenario.ts';

/*
 * Who groups the paths of passed-through devices (strategies reference P8, P9, E15). With N devices on P paths, and one
 * report for each event: first online SNID N·P and SPID N·P; a loss SNID N(P−1); a return SNID N·P and SPID N, and N more
 * commands for the notification that each path has been reset.
 */
const last = (n: number): string => `0.0.${(0x0fff + n).toString(16)}`;

const passedThrough = (n: number, p: number, strategies: string): string => `
duration: 20s
${volumesOnPaths(n, p).replace('machine:\n', 'machine:\n  pathGroupReturn: reset\n')}
systems:
  host: { kind: kvm-host, cpus: 4 }
  guest1: { kind: guest, on: host, passthrough: "0.0.1000-${last(n)}" }
strategies: { relay: report-per-chpid, ${strategies} }
phases: { boot: [0s, 2s] }
`;

const NAMES = ['guest.snid', 'guest.spid', 'host.snid', 'host.spid'];
const tell = async (n: number, p: number, strategies: string, phases: readonly string[]) => {
  const run = await simulated(passedThrough(n, p, strategies) + lossAndReturn());
  return Object.fromEntries(phases.map((phase) => [phase, Object.values(counts(run, phase, NAMES))]));
};

const SIZES = [1, 8, 42].flatMap((n) => [2, 4, 8].map((p) => [n, p] as const));

describe.each(SIZES)('%i devices on %i paths', (n, p) => {
  test('the guest: every command reaches the device', async () => {
    expect(await tell(n, p, 'pathGroup: guest', ['boot', 'loss', 'return'])).toEqual({
      boot: [n * p, n * p, n * p, n * p],
      loss: [n * (p - 1), 0, n * (p - 1), 0],
      return: [n * p + n, n, n * p + n, n],
    });
  });

  test('the host: one verification of each path, whatever the guest does', async () => {
    expect(await tell(n, p, 'pathGroup: host', ['boot', 'loss', 'return'])).toEqual({
      boot: [n * p, 0, n * p, n * p],
      loss: [n * (p - 1), 0, 0, 0],
      return: [n * p, 0, 2 * n, n],
    });
  });
});

describe.each([1, 8, 42])('%i devices', (n) => {
  test('on one path: its return is the return of the device', async () => {
    const run = await simulated(passedThrough(n, 1, 'pathGroup: host') + lossAndReturn());
    expect(counts(run, 'boot', NAMES)).toEqual({
      'guest.snid': n,
      'guest.spid': 0,
      'host.snid': n,
      'host.spid': n,
    });
    expect(counts(run, 'return', ['host.spid', 'guest.spid', 'guest.pgid_mismatch'])).toEqual({
      'host.spid': n,
      'guest.spid': 0,
      'guest.pgid_mismatch': 0,
    });
  });

  test.each([2, 4, 8])('with two owners on %i paths: the guest gives up its groups', async (p) => {
    const run = await simulated(passedThrough(n, p, 'pathGroup: both') + lossAndReturn());
    const names = ['guest.pgid_mismatch', 'guest.path_group_none', 'guest.nop', 'guest.spid', 'host.spid'];
    expect(counts(run, 'return', names)).toEqual({
      'guest.pgid_mismatch': n,
      'guest.path_group_none': n,
      'guest.nop': n * p,
      'guest.spid': 0,
      'host.spid': n,
    });
    expect(counts(run, 'loss', names)).toMatchObject({ 'guest.pgid_mismatch': 0, 'host.spid': 0 });
  });
});

test('paths that come back as they went belong to one group, however many owners there are', async () => {
  const scenario = passedThrough(4, 4, 'pathGroup: both').replace(
    'pathGroupReturn: reset',
    'pathGroupReturn: ungrouped',
  );
  const run = await simulated(scenario + lossAndReturn());
  expect(counts(run, 'return', ['guest.pgid_mismatch', 'host.spid', 'guest.spid'])).toEqual({
    'guest.pgid_mismatch': 0,
    'host.spid': 4,
    'guest.spid': 0,
  });
});

describe('under load', () => {
  const load = 'workload: { load: { on: guest1, ratePerVolume: 100/s } }\n';

  test.each(['guest', 'host', 'both'])('no request fails: %s', async (owner) => {
    const run = await simulated(passedThrough(8, 4, `pathGroup: ${owner}`) + load + lossAndReturn());
    const names = ['io.failed', 'io.lost', 'io.stale_reads', 'guest.boxed', 'guest.gone'];
    expect(Object.values(counts(run, '', names))).toEqual([0, 0, 0, 0, 0]);
    expect(counts(run, '', ['guest.timeout'])).toEqual({ 'guest.timeout': 0 });
  });

  test('the owner groups paths again of which a guest’s program has learnt that they were reset', async () => {
    const reset = 'faults: [{ at: 5s, name: reset, do: reset, controlUnit: lcu0 }]\n';
    const [host, guest] = await Promise.all(
      ['host', 'guest'].map((owner) => simulated(passedThrough(8, 4, `pathGroup: ${owner}`) + load + reset)),
    );
    expect(counts(host, 'reset', ['host.spid', 'guest.spid'])).toEqual({ 'host.spid': 32, 'guest.spid': 0 });
    expect(counts(guest, 'reset', ['host.spid', 'guest.spid'])).toEqual({ 'host.spid': 0, 'guest.spid': 0 });
  });
});

describe('a device that another partition has reserved', () => {
  const RESERVED = (owner: string): string => `
duration: 60s
machine:
  chpids: { "0.40-0.41": {} }
  controlUnits: { lcu0: {} }
  dasd: { 0.0.1000: { controlUnit: lcu0 } }
systems:
  host: { kind: kvm-host, cpus: 4 }
  other: {}
  guest1: { kind: guest, on: host, passthrough: 0.0.1000, online: none }
strategies: { relay: report-per-chpid, pathGroup: ${owner} }
actions:
  - { at: 2s, system: other, do: reserve, device: 0.0.1000 }
  - { at: 4s, name: refused, system: guest1, do: set-online, device: 0.0.1000 }
  - { at: 40s, name: broken, system: other, do: steal, device: 0.0.1000 }
`;
  const names = ['guest.boxed', 'guest.online'];

  test('is boxed for a guest that asks the device', async () => {
    const run = await simulated(RESERVED('guest'));
    expect(counts(run, 'refused', names)).toEqual({ 'guest.boxed': 1, 'guest.online': 0 });
    expect(counts(run, 'broken', names)).toEqual({ 'guest.boxed': 0, 'guest.online': 0 });
  });

  test('is waited for by a guest that the host answers', async () => {
    const run = await simulated(RESERVED('host'));
    expect(counts(run, 'refused', names)).toEqual({ 'guest.boxed': 0, 'guest.online': 0 });
  });
});

describe('how Linux groups paths', () => {
  const partition = (grouping: string): string => `
duration: 20s
${volumesOnPaths(8, 4)}
strategies: { grouping: ${grouping} }
${lossAndReturn()}`;

  test.each([
    ['multipath', { 'host.snid': 32, 'host.spid': 8, 'host.nop': 0 }],
    ['single-path', { 'host.snid': 32, 'host.spid': 8, 'host.nop': 0 }],
    ['none', { 'host.snid': 0, 'host.spid': 0, 'host.nop': 32 }],
  ])('decides what a verification asks: %s', async (grouping, expected) => {
    const run = await simulated(partition(grouping));
    expect(counts(run, 'return', Object.keys(expected))).toEqual(expected);
    expect(counts(run, '', ['host.online', 'host.path_group_none', 'host.single_path_mode'])).toEqual({
      'host.online': 8,
      'host.path_group_none': 0,
      'host.single_path_mode': 0,
    });
  });

  test('falls back to single-path mode where the control unit knows no other', async () => {
    const scenario = partition('multipath').replace(
      '{ lcu0: {} }',
      '{ lcu0: { features: { multipathMode: false } } }',
    );
    const run = await simulated(scenario);
    expect(counts(run, '', ['host.online', 'host.single_path_mode', 'host.path_group_none'])).toMatchObject({
      'host.online': 8,
      'host.path_group_none': 0,
    });
    expect(counts(run, '', ['host.single_path_mode'])['host.single_path_mode']).toBeGreaterThanOrEqual(8);
  });
});
