import { beforeAll, describe, expect, test } from 'vitest';
import { loadScenarioText, type Run, runScenario } from '../../src/index.ts';

/**
 * What scenarios/path-strategies.yaml finds, with another machine, load and schedule: findings are about strategies, not
 * about the numbers that they were found with.
 */
const SCENARIO = `
seed: another
duration: 31s
warmup: 2s
machine:
  lostIo: silent
  chpids: { "0.50-0.53": { type: ficon } }
  controlUnits: { east: {}, west: {} }
  dasd:
    "0.0.2000-0.0.2007": { controlUnit: east }
    "0.0.3000-0.0.3007": { controlUnit: west }
systems:
  lpar1: { cpus: 2, dasdOptions: { pathThreshold: 10, expires: 6s } }
workload:
  oltp: { profile: oltp, ratePerVolume: 150/s, until: 30s }
phases: { quiet: [2s, 4s] }
faults:
  - { at: 4s, name: flapping, chpid: 0.50, do: flap, down: 100ms, up: 200ms, count: 30 }
  - { at: 13s, name: gray, chpid: 0.51, do: slow, delay: 300us }
  - { at: 16s, name: errors, chpid: 0.51, do: error-rate, probability: 4% }
strategies:
  cases:
    linux: {}
    fixed: { selection: fixed }
    random: { selection: random }
    least-busy: { selection: least-busy }
    steering: { selection: steering }
    zos-device: { recovery: zos-device }
    zos-cu: { recovery: { zos-cu: { threshold: 10, interval: 1 } } }
    manual: { recovery: manual }
    hold-down: { recovery: { hold-down: { halfLife: 3s } } }
    wait: { inFlight: wait }
    throttle: { verificationThrottle: { concurrent: 2 } }
trace: { level: none }
`;

const runs = new Map<string, Run>();

beforeAll(async () => {
  const loaded = loadScenarioText('path-strategies.yaml', SCENARIO);
  if (!loaded.ok) throw new Error(loaded.errors.map(({ message }) => message).join('\n'));
  for (const scenario of loaded.scenario.runs) runs.set(scenario.run, await runScenario(scenario));
}, 60_000);

const figure = (run: string, metric: string, phase = ''): number =>
  runs.get(run)!.metric(metric, {}, phase).value;

describe('path strategies on one load', () => {
  test('lose no request, and return no old data', () => {
    for (const run of runs.keys()) {
      expect(figure(run, 'io.failed'), run).toBe(0);
      expect(figure(run, 'io.lost'), run).toBe(0);
      expect(figure(run, 'io.stale_reads'), run).toBe(0);
    }
  });

  test('are ordered as queueing theory has it while all is well', () => {
    const p99 = (run: string): number => figure(run, 'io.response.p99', 'quiet');
    expect(p99('least-busy')).toBeLessThan(p99('linux'));
    expect(p99('linux')).toBeLessThan(p99('random'));
    expect(p99('random')).toBeLessThan(p99('fixed'));
    expect(figure('linux', 'path.imbalance', 'quiet')).toBeLessThan(1.02);
    expect(figure('fixed', 'path.imbalance', 'quiet')).toBeGreaterThan(3.9);
  });

  test('avoid a slow path only when they look at response times', () => {
    for (const statistic of ['mean', 'p95']) {
      const response = (run: string): number => figure(run, `io.response.${statistic}`, 'gray');
      expect(response('steering')).toBeLessThan(0.9 * response('linux'));
      expect(response('steering')).toBeLessThan(response('least-busy'));
    }
    expect(figure('steering', 'io.retried', 'errors')).toBeLessThan(
      figure('linux', 'io.retried', 'errors') / 4,
    );
  });

  test('give a path with errors up device by device, at once, or never', () => {
    const suffered = (run: string): number => figure(run, 'io.retried', 'errors');
    expect(figure('zos-cu', 'path.disable.max')).toBeLessThan(figure('linux', 'path.disable.max'));
    expect(figure('zos-cu', 'path.disable_errors')).toBe(10);
    expect(figure('linux', 'path.disable_errors')).toBe(10);
    expect(figure('zos-cu', 'host.path_given_up')).toBe(16);
    // Each device of Linux has as many errors as the control unit of z/OS.
    expect(suffered('zos-cu')).toBeLessThan(suffered('linux') / 4);
    expect(figure('zos-device', 'host.path_given_up')).toBe(0);
  });

  test('verify less the longer they leave a path alone that flaps, and have less of it', () => {
    const verified = ['linux', 'hold-down', 'manual'].map((run) => figure(run, 'host.verify', 'flapping'));
    expect(verified).toEqual([...verified].sort((one, other) => other - one));
    expect(verified[0]).toBeGreaterThan(2 * verified[1]);
    // 30 times 100 ms, and the time that verification takes.
    const lost = (run: string): number => figure(run, 'path.capacity_lost', 'flapping') / 1e9;
    expect(lost('linux')).toBeGreaterThan(3);
    expect(lost('linux')).toBeLessThan(4);
    expect(lost('hold-down')).toBeGreaterThan(2 * lost('linux'));
    expect(lost('manual')).toBeCloseTo(9, 1);
  });

  test('stop what runs on a path that goes, or make it wait for its time-out', () => {
    expect(figure('linux', 'io.response.max', 'flapping') / 1e9).toBeLessThan(0.5);
    expect(figure('wait', 'io.response.max', 'flapping') / 1e9).toBeGreaterThan(5.5);
    expect(figure('wait', 'io.retried', 'flapping')).toBeLessThan(figure('linux', 'io.retried', 'flapping'));
    expect(figure('wait', 'path.failover.max', 'flapping')).toBeGreaterThan(
      figure('linux', 'path.failover.max', 'flapping'),
    );
  });

  test('take longer to know when devices take turns, and disturb less', () => {
    expect(figure('linux', 'path.verify_peak', 'flapping')).toBe(16);
    expect(figure('throttle', 'path.verify_peak', 'flapping')).toBe(2);
    expect(figure('throttle', 'path.stale', 'flapping')).toBeGreaterThan(
      figure('linux', 'path.stale', 'flapping'),
    );
    expect(figure('throttle', 'io.killed', 'flapping')).toBeLessThan(
      figure('linux', 'io.killed', 'flapping'),
    );
  });

  test('put blocks at risk only where writes were in progress on the path', () => {
    const risk = (run: string): number => figure(run, 'path.blocks_at_risk');
    expect(risk('linux')).toBeLessThanOrEqual(figure('linux', 'machine.io_path_lost'));
    expect(figure('linux', 'path.blocks_at_risk', 'flapping')).toBe(risk('linux'));
  });
});
