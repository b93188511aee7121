import { describe, expect, test } from 'vitest';
import { count, counts, lossAndReturn, simulated, volumesOnPaths } from './scenario.ts';

describe('the last path of 42 idle devices', () => {
  // Loss: channel-path event 2, verification 2 (no path is left to ask), disabling the subchannel 3. The device is kept,
  // disconnected; the recovery timer looks again after 3 s: enable 3, disable 3, compare 1, each with its MSCH.
  // Return: channel-path event 1, enable 3, SENSE ID, disable 3, compare 1, enable 3, verification 1.
  test.each(['5.10', '6.16'])('goes and comes back, kernel %s', async (kernel) => {
    const run = await simulated(volumesOnPaths(42, 1) + lossAndReturn(), [`systems.lpar1.kernel=${kernel}`]);
    const names = [
      'machine.crw',
      'host.machine_check',
      'host.stsch{cc=0}',
      'host.msch',
      'host.senseid',
      'host.snid',
      'host.spid',
      'host.rcd',
      'host.disconnected',
      'host.gone',
    ];
    expect(counts(run, 'loss', names)).toEqual({
      'machine.crw': 1,
      'host.machine_check': 1,
      'host.stsch{cc=0}': (2 + 2 + 3 + 7) * 42,
      'host.msch': (1 + 2) * 42,
      'host.senseid': 0,
      'host.snid': 0,
      'host.spid': 0,
      'host.rcd': 0,
      'host.disconnected': 42,
      'host.gone': 0,
    });
    expect(counts(run, 'return', names)).toEqual({
      'machine.crw': 1,
      'host.machine_check': 1,
      'host.stsch{cc=0}': (1 + 3 + 3 + 1 + 3 + 1) * 42,
      'host.msch': 3 * 42,
      'host.senseid': 42,
      'host.snid': 42,
      'host.spid': 42,
      'host.rcd': 42,
      'host.disconnected': 0,
      'host.gone': 0,
    });
  });

  test('is found by the recovery timer even when the machine does not report its return', async () => {
    const run = await simulated(`${volumesOnPaths(8, 1)}phases: { found: [34s, 36s] }\n${lossAndReturn()}`, [
      'machine.model=quiet-arrive',
      'duration=40s',
    ]);
    expect(count(run, 'machine.crw', 'return')).toBe(0);
    // After 3 s without success, then after 30 s: 2.005 s + 33 s.
    expect(counts(run, 'found', ['host.senseid', 'host.snid', 'host.spid'])).toEqual({
      'host.senseid': 8,
      'host.snid': 8,
      'host.spid': 8,
    });
  });
});

describe('the last path of devices under load', () => {
  const load = 'workload: { oltp: { ratePerVolume: 40/s, until: 18s } }\n';

  test('goes: I/O waits, comes back and ends without an error', async () => {
    const run = await simulated(
      volumesOnPaths(42, 2) + load + lossAndReturn('0.40-0.41').replace('12s', '6s'),
    );
    expect(counts(run, '', ['io.failed', 'io.lost', 'io.stale_reads', 'host.boxed', 'host.gone'])).toEqual({
      'io.failed': 0,
      'io.lost': 0,
      'io.stale_reads': 0,
      'host.boxed': 0,
      'host.gone': 0,
    });
    expect(count(run, 'host.disconnected', 'loss')).toBe(42);
    // 4 s × 42 × 40/s requests arrive while nothing can be started.
    expect(count(run, 'io.started', 'loss')).toBeGreaterThan(6_000);
    expect(count(run, 'io.completed', 'loss')).toBeLessThan(50);
    expect(count(run, 'io.completed')).toBe(count(run, 'io.started'));
    // The first that waited did so all the time; the queue is worked off soon afterwards.
    const { max, p99 } = run.summary.total.times['io.response'];
    expect(max).toBeGreaterThan(3.9e9);
    expect(max).toBeLessThan(4.5e9);
    expect(p99).toBeGreaterThan(3e9);
  });

  test('goes under failfast: requests that would wait fail at once, and none is lost', async () => {
    const run = await simulated(
      volumesOnPaths(42, 2) + load + lossAndReturn('0.40-0.41').replace('12s', '6s'),
      ['systems.lpar1.dasdOptions.failfast=true'],
    );
    expect(count(run, 'io.failed', 'loss')).toBeGreaterThan(6_000);
    expect(count(run, 'io.lost')).toBe(0);
    expect(count(run, 'io.completed') + count(run, 'io.failed')).toBe(count(run, 'io.started'));
  });

  test('goes and the device is set offline: it comes back as a new device that applications use', async () => {
    const run = await simulated(`${volumesOnPaths(2, 1)}
workload: { oltp: { ratePerVolume: 40/s, until: 18s } }
faults:
  - { at: 2s, name: loss, chpid: 0.40, do: configure-off }
  - { at: 6s, name: return, chpid: 0.40, do: configure-on }
actions:
  - { at: 4s, do: set-offline, device: 0.0.1000 }
  - { at: 10s, name: online, do: set-online, device: 0.0.1000 }
`);
    // What waited for the old device fails when it goes, what comes without a device fails at once.
    expect(count(run, 'io.failed')).toBeGreaterThan(200);
    expect(count(run, 'io.failed', 'online')).toBeLessThan(5);
    expect(count(run, 'io.completed', 'online')).toBeGreaterThan(600);
    expect(count(run, 'io.completed') + count(run, 'io.failed')).toBe(count(run, 'io.started'));
  });
});
