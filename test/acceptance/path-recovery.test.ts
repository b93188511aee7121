import { describe, expect, test } from 'vitest';
import type { Run } from '../../src/index.ts';
import { count, counts, simulated, volumesOnPaths } from './scenario.ts';

/** Whole systems that give paths up and take them back: that policies are asked, and that masks follow. */
const figure = (run: Run, name: string): number => run.metric(name).value;

const ALL_BAD = `
duration: 40s
workload: { steady: { from: 5s, ratePerVolume: 2/s } }
faults: [{ at: 5s, name: bad, chpid: 0.41, do: error-rate, probability: 0.95 }]
`;

describe('a path on which hardly anything works any more', () => {
  test.each([1, 8])(
    'costs each of %i devices an error or two, if each finds out for itself',
    async (volumes) => {
      const run = await simulated(
        `${volumesOnPaths(volumes, 2)}${ALL_BAD}strategies: { recovery: zos-device }`,
      );
      expect(count(run, 'host.path_given_up')).toBe(volumes);
      // A test of eight tries finds nothing with probability 1/3.
      expect(figure(run, 'path.disable_errors')).toBeGreaterThanOrEqual(1);
      expect(figure(run, 'path.disable_errors')).toBeLessThan(4);
      expect(count(run, 'io.failed')).toBe(0);
    },
  );

  test('costs a control unit few errors, whatever the number of its devices', async () => {
    const run = await simulated(`${volumesOnPaths(8, 2)}${ALL_BAD}strategies: { recovery: zos-cu }`);
    expect(count(run, 'host.path_given_up')).toBe(8);
    // All together, with those that come while the first one is being looked into.
    expect(figure(run, 'path.disable_errors')).toBeLessThan(8);
  });

  test('stays where it is the last one', async () => {
    const run = await simulated(`${volumesOnPaths(2, 1)}
duration: 30s
workload: { steady: { from: 5s, ratePerVolume: 2/s } }
faults: [{ at: 5s, chpid: 0.40, do: error-rate, probability: 0.9, until: 20s }]
strategies: { recovery: zos-cu }`);
    expect(count(run, 'host.path_given_up')).toBe(0);
    expect(count(run, 'io.failed')).toBe(0);
  });

  test('is used again after path-reset, when it works', async () => {
    const run = await simulated(`${volumesOnPaths(4, 2)}
duration: 40s
workload: { steady: { from: 5s, ratePerVolume: 5/s } }
faults: [{ at: 5s, chpid: 0.41, do: error-rate, probability: 0.95, until: 20s }]
actions: [{ at: 25s, name: reset, do: path-reset, device: "0.0.1000-0.0.1003" }]
strategies: { recovery: zos-device }`);
    expect(counts(run, '', ['host.path_given_up', 'host.path_taken_back'])).toEqual({
      'host.path_given_up': 4,
      'host.path_taken_back': 4,
    });
  });
});

describe('thresholds of a control unit', () => {
  test('are those of all its devices together', async () => {
    // 40 errors a minute in all, 4 of each device; the path itself passes its tests.
    const run = await simulated(`${volumesOnPaths(10, 2)}
seed: 3
duration: 400s
workload: { steady: { from: 60s, ratePerVolume: 0.6667/s } }
faults: [{ at: 60s, chpid: 0.41, do: error-rate, probability: 0.2 }]
strategies: { selection: random, recovery: { zos-cu: { threshold: 10, interval: 3 } } }`);
    expect(count(run, 'host.path_given_up')).toBe(10);
    expect(figure(run, 'path.disable.max') / 1e9).toBeGreaterThan(120);
    expect(figure(run, 'path.disable.max') / 1e9).toBeLessThan(180);
  });
});

const flap = (recovery: string, more = ''): string => `${volumesOnPaths(4, 4)}
duration: 60s
faults: [{ at: 5s, name: flap, chpid: 0.40, do: flap, down: 500ms, up: 500ms, count: 10 }]
${more}
strategies: { recovery: ${recovery} }
`;

describe('a channel path that goes and comes ten times', () => {
  test('is verified each time by Linux', async () => {
    const run = await simulated(flap('linux'));
    expect(counts(run, '', ['host.chp_offline', 'host.chp_online', 'host.path_given_up'])).toEqual({
      'host.chp_offline': 10,
      'host.chp_online': 10,
      'host.path_given_up': 0,
    });
    expect(figure(run, 'path.stale') / 1e9).toBeLessThan(1);
  });

  test('is left alone from the third loss on by damping, and taken back when it is quiet', async () => {
    const run = await simulated(flap('{ hold-down: { halfLife: 5s } }'));
    expect(counts(run, '', ['host.chp_offline', 'host.chp_online'])).toEqual({
      'host.chp_offline': 3,
      'host.chp_online': 2,
    });
    expect(counts(run, '', ['host.path_given_up', 'host.path_taken_back'])).toEqual({
      'host.path_given_up': 1,
      'host.path_taken_back': 1,
    });
    // It went at 7 s; the penalty after the last loss at 14 s is the sum of ten that have decayed.
    let penalty = 0;
    for (let loss = 0; loss < 10; loss++) penalty += 2 ** (-loss / 5);
    expect(figure(run, 'path.suppressed') / 1e9).toBeCloseTo(7 + 5 * Math.log2(penalty / 0.75), 1);
    // Down for 8 half seconds of that.
    expect((figure(run, 'path.suppressed') - figure(run, 'path.suppressed_good')) / 1e9).toBeCloseTo(4, 1);
    expect(figure(run, 'path.false_suppressions')).toBe(0);
  });

  test('waits for an operator, if it is so ordered', async () => {
    const late = 'actions: [{ at: 30s, name: vary, do: vary-path, chpid: 0.40, to: on }]';
    for (const recovery of ['manual', '{ link-recovery: { flaps: 1 } }']) {
      const run = await simulated(flap(recovery, late));
      expect(figure(run, 'path.suppressed') / 1e9).toBeCloseTo(25, 1);
      expect(count(run, 'host.path_available'), recovery).toBe(4);
    }
  });

  test('is kept out of use for nothing where it went once only', async () => {
    const run = await simulated(
      flap('{ hold-down: { suppress: 0.9, halfLife: 10s } }').replace('count: 10', 'count: 1'),
    );
    expect(figure(run, 'path.false_suppressions')).toBe(1);
  });

  test('is taken back at once when a device has no other path', async () => {
    const run = await simulated(`${volumesOnPaths(4, 2)}
duration: 60s
workload: { steady: { from: 5s, ratePerVolume: 20/s } }
faults:
  - { at: 5s, chpid: 0.40, do: configure-off }
  - { at: 6s, chpid: 0.40, do: configure-on }
  - { at: 10s, name: other, chpid: 0.41, do: configure-off }
strategies: { recovery: manual }`);
    expect(count(run, 'host.path_taken_back')).toBe(1);
    expect(count(run, 'host.path_available', 'other')).toBe(4);
    expect(count(run, 'io.failed')).toBe(0);
    expect(figure(run, 'io.response.max') / 1e9).toBeLessThan(1);
  });
});

describe('the recovery timer', () => {
  test.each([
    ['linux', 3],
    ['{ linux: { timer: [1s, 10s] } }', 1],
  ])('of %s looks for a return that nobody has reported', async (recovery, seconds) => {
    const run = await simulated(`${volumesOnPaths(2, 1)}
duration: 30s
faults:
  - { at: 5s, chpid: 0.40, do: configure-off }
  - { at: 5500ms, name: back, chpid: 0.40, do: configure-on, unreported: 1 }
strategies: { recovery: ${recovery} }`);
    expect(figure(run, 'path.restore.max') / 1e9).toBeCloseTo(seconds - 0.5, 1);
  });
});

describe('verification of many devices', () => {
  const loss = (throttle: string): Promise<Run> =>
    simulated(`${volumesOnPaths(42, 4)}
duration: 20s
workload: { steady: { from: 5s, ratePerVolume: 20/s } }
faults:
  - { at: 8s, name: loss, chpid: 0.40, do: configure-off }
  - { at: 14s, name: return, chpid: 0.40, do: configure-on }
strategies: { verificationThrottle: ${throttle} }`);

  test.each([1, 2, 8])('takes place by turns, at most %i at a time', async (concurrent) => {
    const [all, turns] = [await loss('none'), await loss(`{ concurrent: ${concurrent} }`)];
    expect(figure(turns, 'path.verify_peak')).toBe(concurrent);
    expect(figure(all, 'path.verify_peak')).toBeGreaterThan(8);
    for (const phase of ['loss', 'return']) {
      const names = ['host.path_gone', 'host.path_available', 'io.failed'];
      expect(counts(turns, phase, names)).toEqual(counts(all, phase, names));
    }
    const outage = (run: Run): number => run.metric('path.verify.max').value;
    expect(outage(turns)).toBeLessThan(outage(all));
    expect(count(turns, 'io.lost')).toBe(0);
  });

  test('takes place by turns for each control unit', async () => {
    const run = await loss('{ concurrent: 2, per: control-unit }');
    expect(figure(run, 'path.verify_peak')).toBe(2);
  });
});

describe('operations on a path that goes without a word from the device', () => {
  const lost = (inFlight: string): Promise<Run> =>
    simulated(`machine:
  lostIo: silent
  chpids: { "0.40-0.43": {} }
  controlUnits: { lcu0: { cache: { hitRatio: 1 }, hitRead: 50ms } }
  dasd: { "0.0.1000-0.0.1029": { controlUnit: lcu0 } }
duration: 100s
workload: { steady: { from: 5s, until: 10s, reads: 1, ratePerVolume: 5/s } }
systems: { lpar1: { dasdOptions: { expires: 40s } } }
faults: [{ at: 8s, name: loss, chpid: 0.40, do: configure-off }]
strategies: { inFlight: ${inFlight} }`);
  const longest = (run: Run): number => run.metric('io.response.max').value / 1e9;

  test.each([
    ['kill', 0, 1],
    ['ladder', 3, 4],
    ['{ timeout: { after: 12s } }', 12, 13],
    ['wait', 40, 41],
  ])('are ended late by %s', async (inFlight, least, most) => {
    const run = await lost(inFlight);
    expect(count(run, 'machine.io_path_lost')).toBeGreaterThan(0);
    expect(longest(run)).toBeGreaterThan(least);
    expect(longest(run)).toBeLessThan(most);
    expect(counts(run, '', ['io.failed', 'io.lost'])).toEqual({ 'io.failed': 0, 'io.lost': 0 });
  });
});
