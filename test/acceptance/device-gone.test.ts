import { describe, expect, test } from 'vitest';
import type { Run } from '../../src/index.ts';
import { RELAY_NAMES } from '../../src/relay/specification.ts';
import { count, counts, simulated } from './scenario.ts';

/*
 * A device is taken out of the machine's configuration and put back (document 0, 'disconnected' state). Two reports for
 * each outage and device, each of two words for a guest with several subchannel sets; in between the guest's requests
 * wait, and no more happens to them than in a partition.
 */
const N = 4;
interface Shape {
  readonly gone?: 'unplug' | 'disconnected';
  readonly guest?: string;
  readonly host?: string;
  readonly rate?: string;
  readonly relay?: string;
  readonly rest?: string;
}

const story = ({
  gone = 'disconnected',
  guest = '',
  host = '',
  rate = '5/s',
  relay = 'upstream',
  rest = '',
}: Shape): string => `
duration: 16s
machine:
  chpids: { "0.40-0.43": {} }
  controlUnits: { lcu0: {} }
  dasd: { "0.0.1000-0.0.1003": { controlUnit: lcu0 } }
systems:
  host: { kind: kvm-host, cpus: 4${host} }
  guest1: { kind: guest, on: host, passthrough: "0.0.1000-0.0.1003"${guest} }
workload: { load: { on: guest1, ratePerVolume: ${rate} } }
faults:
  - { at: 4s, name: gone, do: detach, device: "0.0.1000-0.0.1003" }
  - { at: 8s, name: back, do: attach, device: "0.0.1000-0.0.1003" }
strategies: { gone: ${gone}, relay: ${relay} }
${rest}`;

const ONE_SET = ', subchannelSets: 1';
/** Every request that was taken is answered, but those of the last instant. */
const allAnswered = (run: Run): boolean => count(run, 'io.started') - count(run, 'io.completed') <= N;

describe('a disconnected device', () => {
  test.each([
    ['one set', ONE_SET, N],
    ['several sets', '', 2 * N],
  ])('of a guest with %s costs two reports for each outage', async (_, guest, words) => {
    for (const seed of [1, 7, 42]) {
      const run = await simulated(story({ guest }), [`seed=${seed}`]);
      const told = { 'kernel.eventfd.oper': N, 'vmm.crw': words, 'vmm.unplugged': 0, 'io.failed': 0 };
      expect(counts(run, 'gone', Object.keys(told)), `seed ${seed}`).toEqual(told);
      expect(counts(run, 'back', Object.keys(told)), `seed ${seed}`).toEqual(told);
      expect(count(run, 'path.stranded')).toBe(0);
      expect(allAnswered(run)).toBe(true);
    }
  });

  test.each(RELAY_NAMES)('comes back whatever relay tells of paths: %s', async (relay) => {
    const run = await simulated(story({ relay }));
    expect(counts(run, 'back', ['vmm.crw', 'guest.path_available'])).toEqual({
      'vmm.crw': 2 * N,
      'guest.path_available': 4 * N,
    });
    expect(count(run, 'path.stranded')).toBe(0);
    expect(allAnswered(run)).toBe(true);
  });

  test.each([
    ['5.10', '5.1'],
    ['6.1', '7.2'],
    ['6.16', '10.2'],
  ])('comes back with Linux %s and QEMU %s', async (kernel, qemu) => {
    const host = `, kernel: "${kernel}"`;
    const guest = `, kernel: "${kernel}", qemu: "${qemu}"`;
    const run = await simulated(story({ host, guest }));
    expect(count(run, 'vmm.crw')).toBe(4 * N);
    expect(counts(run, '', ['path.stranded', 'io.failed', 'vmm.unplugged'])).toEqual({
      'path.stranded': 0,
      'io.failed': 0,
      'vmm.unplugged': 0,
    });
    expect(allAnswered(run)).toBe(true);
  });

  test('takes operations along, which are started again: none fails, none is lost', async () => {
    let killed = 0;
    for (const seed of [1, 7, 42]) {
      const run = await simulated(story({ rate: '900/s, from: 3900ms, until: 4s' }), [`seed=${seed}`]);
      killed += count(run, 'io.killed', 'gone');
      expect(counts(run, '', ['io.failed', 'io.lost', 'io.stale_reads', 'path.stranded'])).toEqual({
        'io.failed': 0,
        'io.lost': 0,
        'io.stale_reads': 0,
        'path.stranded': 0,
      });
    }
    expect(killed).toBeGreaterThan(0);
  });

  test('fails requests at once only where the guest wants that', async () => {
    const run = await simulated(story({ guest: ', dasdOptions: { failfast: true }' }));
    expect(count(run, 'io.failed', 'gone')).toBeGreaterThan(0);
    // Of those that come back, only what arrives before the paths are verified.
    expect(count(run, 'io.failed', 'back')).toBeLessThanOrEqual(N);
    expect(count(run, 'io.lost')).toBe(0);
  });

  test('that is away for an instant only is away all the same', async () => {
    const run = await simulated(story({}), ['faults[1].at=4000001us']);
    expect(count(run, 'vmm.crw')).toBe(4 * N);
    expect(counts(run, '', ['path.stranded', 'io.failed', 'io.lost'])).toEqual({
      'path.stranded': 0,
      'io.failed': 0,
      'io.lost': 0,
    });
    expect(allAnswered(run)).toBe(true);
  });
});

describe('as Linux and QEMU are', () => {
  test('the guest is told once, and its requests wait for a device that nobody brings back', async () => {
    const run = await simulated(story({ gone: 'unplug', guest: ONE_SET }));
    expect(counts(run, 'gone', ['kernel.eventfd.request', 'vmm.unplugged', 'vmm.crw'])).toEqual({
      'kernel.eventfd.request': N,
      'vmm.unplugged': N,
      'vmm.crw': N,
    });
    expect(counts(run, 'back', ['vmm.crw', 'io.completed', 'io.failed', 'host.recognized'])).toEqual({
      'vmm.crw': 0,
      'io.completed': 0,
      'io.failed': 0,
      'host.recognized': N,
    });
    expect(count(run, 'path.stranded')).toBe(N);
  });

  test('an operator who plugs them again ends the wait: the guest has kept them as orphans', async () => {
    const rest =
      'actions: [{ at: 12s, name: plugged, system: guest1, do: plug, type: vfio-ccw, device: "0.0.1000-0.0.1003" }]';
    const run = await simulated(story({ gone: 'unplug', rest }));
    expect(
      counts(run, 'plugged', ['vmm.crw', 'guest.recognized', 'guest.path_available', 'io.failed']),
    ).toEqual({
      'vmm.crw': 2 * N,
      'guest.recognized': 0,
      'guest.path_available': 4 * N,
      'io.failed': 0,
    });
    expect(allAnswered(run)).toBe(true);
  });
});
