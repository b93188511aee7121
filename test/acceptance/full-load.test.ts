import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import { loadScenario, type Run, type RunEvent, type RunRequest, runScenario } from '../../src/index.ts';
import { CSTAT } from '../../src/zarch/scsw.ts';
import { count, counts, simulated, volumesOnPaths } from './scenario.ts';

/** Four applications on every volume and 3 ms for every hit: each of the 42 volumes works all the time. */
const FULL_LOAD = `duration: 6s
${volumesOnPaths(42, 4).replace('lcu0: {}', 'lcu0: { hitRead: 3ms, hitWrite: 3ms, cache: { hitRatio: 0.5 } }')}
workload:
  busy: { arrivals: closed, applications: 4, think: 1ms, block: 8KiB, reads: 0.6, addresses: { zipf: 1.2 } }
faults:
  - { at: 2s, name: loss, chpid: 0.40, do: configure-off }
  - { at: 4s, name: return, chpid: 0.40, do: configure-on }
`;
const WATCHED = ['io.path-lost', 'io.retried', 'io.killed', 'tsch'];

describe('a path that goes under full load', () => {
  let run: Run;
  const events: RunEvent[] = [];
  const requests = new Map<number, RunRequest>();
  const named = (name: string): RunEvent[] => events.filter(({ event }) => event === name);

  beforeAll(async () => {
    run = await simulated(`${FULL_LOAD}trace: { level: all, filter: [${WATCHED.join(', ')}] }\n`, [], {
      onEvent: (event) => events.push(event),
      onRequest: (request) => requests.set(request.request, request),
    });
  });

  test('ends what was in flight on it with an interface-control check', () => {
    const lost = named('io.path-lost');
    expect(lost.length).toBeGreaterThan(5);
    expect(count(run, 'machine.io_path_lost')).toBe(lost.length);
    for (const { subchannel, tNs } of lost) {
      const status = named('tsch').find((event) => event.subchannel === subchannel && event.tNs >= tNs)!;
      expect(status.fields).toMatchObject({ dstat: 0, cstat: CSTAT.INTERFACE_CONTROL_CHECK });
    }
  });

  test('has every such operation retried elsewhere, with success', () => {
    for (const { subchannel, tNs } of named('io.path-lost')) {
      const again = named('io.retried').find((event) => event.subchannel === subchannel && event.tNs >= tNs)!;
      const { request: number } = again.fields;
      const request = requests.get(number)!;
      expect(request).toMatchObject({ subchannel, completed: true });
      expect(request.startNs).toBeLessThan(tNs);
      expect(['0.41', '0.42', '0.43']).toContain(request.chpid);
    }
  });

  test('is not used until it is back', () => {
    const inLoss = [...requests.values()].filter(({ startNs }) => startNs > 2.005e9 && startNs < 4e9);
    expect(inLoss.length).toBeGreaterThan(20_000);
    expect(inLoss.filter(({ chpid }) => chpid === '0.40')).toEqual([]);
    const after = [...requests.values()].filter(({ startNs }) => startNs > 4.1e9);
    expect(after.filter(({ chpid }) => chpid === '0.40').length / after.length).toBeCloseTo(0.25, 1);
  });

  test('loses nothing: every request ends once, every read returns the last version', () => {
    expect(counts(run, '', ['io.lost', 'io.failed', 'io.stale_reads', 'host.boxed', 'host.gone'])).toEqual({
      'io.lost': 0,
      'io.failed': 0,
      'io.stale_reads': 0,
      'host.boxed': 0,
      'host.gone': 0,
    });
    expect(requests.size).toBe(count(run, 'io.completed'));
    expect(count(run, 'io.started') - count(run, 'io.completed')).toBeLessThanOrEqual(4 * 42);
  });

  test('retries what was lost, killed, or turned back by a verification, and nothing else', () => {
    // A start while paths are verified is answered as if it had not been made: at most one for each verification.
    const retried = count(run, 'io.retried', 'loss');
    const lost = count(run, 'machine.io_path_lost', 'loss');
    expect(retried).toBeGreaterThanOrEqual(lost + count(run, 'io.killed', 'loss'));
    expect(retried).toBeLessThanOrEqual(
      lost + count(run, 'io.killed', 'loss') + count(run, 'host.verify', 'loss'),
    );
    // When the path is back, the driver reads its configuration data at once, in place of what is running.
    expect(count(run, 'io.killed', 'return')).toBe(count(run, 'host.rcd', 'return'));
  });
});

const AFTERWARDS = 'return';

describe('whatever a machine does with lost operations', () => {
  const cases = [
    { lostIo: 'ifcc', order: '[io, mask, report]' },
    { lostIo: 'ifcc', order: '[report, mask, io]' },
    { lostIo: 'deferred-cc3', order: '[mask, io, report]' },
    { lostIo: 'deferred-cc3', order: '[report, io, mask]' },
    { lostIo: 'silent', order: '[mask, io, report]' },
    { lostIo: 'silent', order: '[report, io, mask]' },
  ];
  test.each(cases)('nothing is lost: $lostIo, $order', async ({ lostIo, order }) => {
    const machine = FULL_LOAD.replace('machine:', `machine:\n  lostIo: ${lostIo}\n  order: ${order}`);
    const run = await simulated(machine.replace('at: 4s', 'at: 3s'), ['duration=4s']);
    expect(count(run, 'machine.io_path_lost')).toBeGreaterThan(5);
    expect(counts(run, '', ['io.lost', 'io.failed', 'io.stale_reads', 'host.boxed'])).toEqual({
      'io.lost': 0,
      'io.failed': 0,
      'io.stale_reads': 0,
      'host.boxed': 0,
    });
    expect(count(run, 'host.disconnected')).toBe(0);
    // All volumes are at work at the end: whatever hung has been found and started again.
    expect(count(run, 'io.started') - count(run, 'io.completed')).toBeLessThanOrEqual(4 * 42);
    const { times } = run.summary.phases[AFTERWARDS];
    expect(times['io.response'].max).toBeLessThan(1e9);
  });
});

describe('the scenario forty-two-load', () => {
  test('meets its expectations and thresholds in a shorter run', async () => {
    const file = fileURLToPath(new URL('../../scenarios/forty-two-load.yaml', import.meta.url));
    const loaded = loadScenario(file, { overrides: ['duration=8s', 'faults[1].at=5s'] });
    if (!loaded.ok) throw loaded.errors[0];
    const run = await runScenario(loaded.scenario.runs[0]);
    const missed = [...run.summary.thresholds, ...run.summary.expectations].filter(({ fails }) => fails);
    expect(missed).toEqual([]);
    expect(count(run, 'io.completed')).toBeGreaterThan(90_000);
  });
});
