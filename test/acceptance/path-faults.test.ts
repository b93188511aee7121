import { describe, expect, test } from 'vitest';
import { count, counts, simulated, volumesOnPaths } from './scenario.ts';

/*
 * Faults that nobody is told about at once, under load: whatever they leave behind in the channel, the control unit and
 * the driver, every request is answered in the end.
 */
const HARM = ['io.lost', 'io.failed', 'io.stale_reads'];
const NONE = { 'io.lost': 0, 'io.failed': 0, 'io.stale_reads': 0 };

const loaded = (volumes: number, paths: number, story: string): string => `duration: 12s
${volumesOnPaths(volumes, paths)}
workload: { oltp: { ratePerVolume: 300/s, until: 10s } }
${story}`;

describe('a link breaks under load', () => {
  test.each(['0.40', '0.40-0.43'])('and heals (%s)', async (chpids) => {
    const run = await simulated(
      loaded(
        8,
        4,
        `faults:
  - { at: 3s, name: down, chpid: "${chpids}", do: link-down }
  - { at: 6s, name: up, chpid: "${chpids}", do: link-up }`,
      ),
    );
    expect(counts(run, '', HARM)).toEqual(NONE);
    expect(count(run, 'machine.io_path_lost', 'down')).toBeGreaterThan(0);
  });

  test('for 50 ms, which nobody notices: what was on the way ends after 1.5 s, not after the driver’s 30 s', async () => {
    const run = await simulated(
      loaded(
        8,
        4,
        `faults:
  - { at: 3s, name: down, chpid: 0.40, do: link-down }
  - { at: 3050ms, chpid: 0.40, do: link-up }`,
      ),
    );
    expect(counts(run, '', [...HARM, 'machine.crw'])).toEqual({ ...NONE, 'machine.crw': 0 });
    const slowest = run.metric('io.response.max', {}, '').value;
    expect(slowest).toBeGreaterThan(1.5e9);
    expect(slowest).toBeLessThan(2e9);
  });

  test('again and again, faster and slower than anybody can notice', async () => {
    for (const down of ['40ms', '150ms']) {
      const run = await simulated(
        loaded(
          4,
          2,
          `faults: [{ at: 3s, chpid: 0.40, do: flap, what: link, down: ${down}, up: 130ms, until: 8s }]`,
        ),
      );
      expect(counts(run, '', HARM)).toEqual(NONE);
    }
  });
});

describe('the last path that is allowed goes', () => {
  test('the channel report is read although every request is retried at once', async () => {
    const run = await simulated(
      loaded(
        8,
        2,
        `actions: [{ at: 2s, do: vary-path, chpid: 0.40, to: off }, { at: 6s, do: vary-path, chpid: 0.40, to: on }]
faults: [{ at: 4s, name: loss, chpid: 0.41, do: configure-off }]`,
      ),
    );
    expect(counts(run, '', [...HARM, 'host.disconnected'])).toEqual({ ...NONE, 'host.disconnected': 8 });
  });
});

describe('RESET CHANNEL PATH', () => {
  test('gives a solicited report that Linux ignores; what ran on the path is started again', async () => {
    const run = await simulated(
      loaded(4, 2, 'actions: [{ at: 5s, name: reset, do: reset-path, chpid: 0.40 }]'),
    );
    const names = [...HARM, 'host.rchp', 'machine.crw', 'host.machine_check', 'host.snid', 'host.spid'];
    expect(counts(run, 'reset', names)).toEqual({
      ...NONE,
      'host.rchp': 1,
      'machine.crw': 1,
      'host.machine_check': 1,
      'host.snid': 0,
      'host.spid': 0,
    });
    // Reset notification once on the path of each device, besides what the reset interrupted.
    expect(count(run, 'io.retried', 'reset')).toBeGreaterThanOrEqual(4);
  });
});
