import { describe, expect, test } from 'vitest';
import { loadScenarioText, type Run, runScenario } from '../../src/index.ts';
import { count, counts, volumesOnPaths } from '../acceptance/scenario.ts';

/*
 * What the loss of a channel path and its return cost a KVM host and its guests, in closed form: G guests with N devices
 * of the host each, all on P paths. One report that a Linux guest handles alone costs it what it costs a partition:
 *
 *          STSCH cc 0   SNID      SPID   RCD   CHSC
 *   loss       4N      N(P−1)      0      0     2
 *   return     3N        NP        N      N     2
 *
 * R equal reports that are handled one after the other cost it R times as much, but for SPID, as paths are grouped by the
 * first. When all are handled while the verification that the first has begun still runs, they cost N(2R+3) STSCH and
 * two verifications.
 */
const PATHS = 4;
const SETS = 4;

const NAMES = [
  'kernel.crw',
  'kernel.eventfd.path',
  'vmm.crw',
  'guest.stsch{cc=0}',
  'guest.snid',
  'guest.spid',
  'guest.rcd',
  'guest.chsc',
] as const;
type Costs = Record<(typeof NAMES)[number], number>;

/**
 * Machine, host and guests, each of which has the next N volumes. The first loss and return are there for what they leave
 * behind: a guest that is told uses the returned path last, and no device has used the other one.
 */
function scenario(guests: number, devices: number, relay: string, more = ''): string {
  const volumes = (guest: number): string =>
    Array.from({ length: devices }, (_, at) => guest * devices + at)
      .map((at) => `0.0.${(0x1000 + Math.floor(at / 128) * 0x100 + (at % 128)).toString(16)}`)
      .join(', ');
  const systems = Array.from(
    { length: guests },
    (_, guest) => `  guest${guest + 1}: { kind: guest, on: host, passthrough: "${volumes(guest)}" }`,
  );
  return `
duration: 16s
${volumesOnPaths(guests * devices, PATHS)}
systems:
  host: { kind: kvm-host, cpus: 4 }
${systems.join('\n')}
faults:
  - { at: 3s, chpid: 0.41, do: configure-off }
  - { at: 5s, chpid: 0.41, do: configure-on }
  - { at: 8s, name: loss, chpid: 0.40, do: configure-off }
  - { at: 12s, name: return, chpid: 0.40, do: configure-on }
strategies: { relay: ${relay} }
trace: { level: none }
${more}`;
}

function simulated(text: string, overrides: readonly string[] = []): Promise<Run> {
  const loaded = loadScenarioText('relay.yaml', text, { overrides });
  if (!loaded.ok) throw new Error(loaded.errors.map(({ message }) => message).join('\n'));
  return runScenario(loaded.scenario.runs[0]);
}

/** What handling `reports` reports, one after the other, costs each of `guests` guests with `devices` devices. */
const handled = (phase: 'loss' | 'return', guests: number, devices: number, reports: number) => {
  const all = guests * devices * reports;
  return phase === 'loss'
    ? {
        'guest.stsch{cc=0}': 4 * all,
        'guest.snid': all * (PATHS - 1),
        'guest.spid': 0,
        'guest.rcd': 0,
        'guest.chsc': 2 * guests * reports,
      }
    : {
        'guest.stsch{cc=0}': 3 * all,
        'guest.snid': all * PATHS,
        'guest.spid': reports === 0 ? 0 : guests * devices,
        'guest.rcd': all,
        'guest.chsc': 2 * guests * reports,
      };
};

type Closed = (phase: 'loss' | 'return', g: number, n: number) => Costs;
const nothing: Closed = (phase, g, n) => ({
  'kernel.crw': 0,
  'kernel.eventfd.path': 0,
  'vmm.crw': 0,
  ...handled(phase, g, n, 0),
});
const oneReport: Closed = (phase, g, n) => ({
  'kernel.crw': g,
  'kernel.eventfd.path': g,
  'vmm.crw': g,
  ...handled(phase, g, n, 1),
});

const CLOSED_FORMS: Record<string, Closed> = {
  static: nothing,
  'per-subchannel': (phase, g, n) => ({ ...nothing(phase, g, n), 'kernel.eventfd.path': g * n }),
  'lazy-stsch': nothing,
  suppress: nothing,
  'report-per-chpid': oneReport,
  'guest-wide': oneReport,
  'state-masks': (phase, g, n) => ({
    ...oneReport(phase, g, n),
    'kernel.crw': 0,
    'kernel.eventfd.path': g * n,
  }),
  // A return is told by CHSC, once more than otherwise; upon a loss a guest looks at all subchannels, and asks no more.
  'css-event': (phase, g, n) => ({
    ...oneReport(phase, g, n),
    'guest.stsch{cc=0}': 3 * g * n,
    'guest.chsc': phase === 'loss' ? g : 3 * g,
  }),
  '{ coalesce: { over: report-per-chpid } }': oneReport,
  '{ virtual-chpids: { over: report-per-chpid } }': oneReport,
};

/** What the host executes: its own handling, a STSCH for every look at a SCHIB, and stopping what used the path last. */
function expectHost(run: Run, phase: string, relay: string, devices: number): void {
  const stopped = count(run, 'host.hsch', phase);
  const looks = ['static', 'suppress'].includes(relay) ? 0 : count(run, 'guest.stsch{cc=0}', phase);
  const reads = relay === 'per-subchannel' ? devices : 0;
  expect(count(run, 'host.stsch{cc=0}', phase)).toBe(devices + stopped + reads + looks);
  expect(stopped).toBe(count(run, 'host.xsch{cc=2}', phase));
  expect(stopped).toBeLessThanOrEqual(devices);
}

/** Every report is fetched, and every machine check is answered by a STCRW that finds nothing more. */
function expectFetched(run: Run, phase: string, guests: number): void {
  const reports = count(run, 'vmm.crw', phase);
  const checks = count(run, 'guest.machine_check', phase);
  expect(checks).toBeGreaterThanOrEqual(reports === 0 ? 0 : guests);
  expect(checks).toBeLessThanOrEqual(reports);
  expect(count(run, 'guest.stcrw{cc=0}', phase)).toBe(reports);
  expect(count(run, 'guest.stcrw{cc=1}', phase)).toBe(checks);
}

/** Numbers of devices with one, two and four guests; of many devices, with one of these. */
const sizes = (devices: readonly number[]): { n: number; g: number }[] =>
  devices.flatMap((n, row) =>
    [1, 2, 4].filter((_, at) => n < 42 || at === (row + 2) % 3).map((g) => ({ n, g })),
  );

/**
 * Guests that look after the host has told its last device. Upon `css-event` they would be faster, and verify a path on
 * which the host then stops what it finds.
 */
const unhurried = (guests: number): string[] =>
  Array.from({ length: guests }, (_, at) => `systems.guest${at + 1}.costs.handlerToThread=5ms`);

describe.each(Object.keys(CLOSED_FORMS))('%s', (relay) => {
  const closed = CLOSED_FORMS[relay];

  test.each(sizes([1, 2, 8, 42, 200]))('$g guests with $n devices each', async ({ n, g }) => {
    const run = await simulated(scenario(g, n, relay), unhurried(g));
    expect(counts(run, 'loss', NAMES)).toEqual(closed('loss', g, n));
    expect(counts(run, 'return', NAMES)).toEqual(closed('return', g, n));
    for (const phase of ['loss', 'return']) {
      expectHost(run, phase, relay, g * n);
      expectFetched(run, phase, g);
    }
  });
});

describe('upstream', () => {
  test.each(sizes([1, 2, 8, 42]))('$g guests with $n devices each', async ({ n, g }) => {
    const run = await simulated(scenario(g, n, 'upstream'));
    for (const phase of ['loss', 'return']) {
      const told = { 'kernel.crw': g * n, 'kernel.eventfd.path': g * n, 'vmm.crw': g * n };
      expect(counts(run, phase, Object.keys(told))).toEqual(told);
      expectHost(run, phase, 'upstream', g * n);
      expectFetched(run, phase, g);
    }
    // One device has one report, which is handled alone.
    const [least, most] = n === 1 ? [1, 1] : [2, n];
    const verified = count(run, 'guest.verify', 'loss') / (g * n);
    expect(verified).toBeGreaterThanOrEqual(least);
    expect(verified).toBeLessThanOrEqual(most);
    const looks = (phase: string): number => count(run, 'guest.stsch{cc=0}', phase) / (g * n);
    expect(looks('loss')).toBeGreaterThanOrEqual(n === 1 ? 4 : 2 * n + 3);
    expect(looks('loss')).toBeLessThanOrEqual(4 * n);
    expect(looks('return')).toBeGreaterThanOrEqual(n === 1 ? 3 : n + 3);
    expect(looks('return')).toBeLessThanOrEqual(3 * n);
  });

  test('verifications that are over before the next report is fetched are done for each', async () => {
    const n = 42;
    const run = await simulated(scenario(1, n, 'upstream'), ['machine.controlUnits.lcu0.control=1us']);
    const told = { 'kernel.crw': n, 'kernel.eventfd.path': n, 'vmm.crw': n };
    expect(counts(run, 'loss', NAMES)).toEqual({ ...told, ...handled('loss', 1, n, n) });
    expect(counts(run, 'return', NAMES)).toEqual({ ...told, ...handled('return', 1, n, n) });
  });

  /** Slow verifications must be over before the next fault, or the host finds its path in use and halts them. */
  const later = ['duration=60s', ...[15, 25, 40, 50].map((at, fault) => `faults.${fault}.at=${at}s`)];

  test('a verification that outlasts the reports is done twice, and no more', async () => {
    const n = 42;
    const slow = 'machine.controlUnits.lcu0.control=200ms';
    const run = await simulated(scenario(1, n, 'upstream'), [slow, ...later]);
    expect(count(run, 'guest.stsch{cc=0}', 'loss')).toBe(n * (2 * n + 3));
    expect(count(run, 'guest.verify', 'loss')).toBe(2 * n);
    expect(count(run, 'guest.snid', 'loss')).toBe(2 * n * (PATHS - 1));
    expect(count(run, 'guest.stsch{cc=0}', 'return')).toBe(n * (n + 3));
    expect(count(run, 'guest.stsch{cc=3}', 'return')).toBe(SETS);
  });

  test.each([20, 60, 150])('with control operations of %i ms it lies in between', async (ms) => {
    const n = 42;
    const run = await simulated(scenario(1, n, 'upstream'), [`machine.controlUnits.lcu0.control=${ms}ms`]);
    const stsch = count(run, 'guest.stsch{cc=0}', 'loss');
    expect(stsch).toBeGreaterThanOrEqual(n * (2 * n + 3));
    expect(stsch).toBeLessThanOrEqual(4 * n * n);
  });
});

describe('a guest that does not know what INIT says of a channel path', () => {
  test('fetches the reports of a return and does nothing about them', async () => {
    const n = 8;
    const run = await simulated(scenario(1, n, 'upstream'), ['systems.guest1.features.pathInitKnown=false']);
    expect(count(run, 'vmm.crw', 'return')).toBe(n);
    expect(count(run, 'guest.stcrw{cc=0}', 'return')).toBe(n);
    expect(count(run, 'guest.chp_online', 'return')).toBe(0);
    expect(count(run, 'guest.stsch', 'return')).toBe(0);
    expect(count(run, 'guest.chp_offline', 'loss')).toBe(n);
  });
});

describe('devices whose last operation was on the path', () => {
  test('are stopped by the host, idle as they are, and their guests are interrupted', async () => {
    const [n, g] = [8, 2];
    const text = scenario(g, n, 'report-per-chpid', 'phases: { again: [14s, 15s] }').replace(
      'strategies:',
      '  - { at: 14s, chpid: 0.40, do: configure-off }\nstrategies:',
    );
    const run = await simulated(text);
    // All of them have read the configuration data on the path that came back.
    expect(count(run, 'host.hsch{cc=0}', 'again')).toBe(g * n);
    expect(count(run, 'host.xsch{cc=2}', 'again')).toBe(g * n);
    const asked = count(run, 'guest.ssch{cc=0}', 'again');
    expect(count(run, 'kernel.eventfd.io', 'again')).toBe(asked + g * n);
  });
});

describe('dedupe over upstream', () => {
  test('leaves the one report that is being handled and the one that waits', async () => {
    const n = 42;
    const run = await simulated(scenario(1, n, '{ dedupe: {} }'));
    expect(count(run, 'kernel.crw', 'loss')).toBe(n);
    expect(count(run, 'vmm.crw', 'loss')).toBe(2);
    expect(count(run, 'guest.stsch{cc=0}', 'loss')).toBe(2 * 4 * n);
  });
});
