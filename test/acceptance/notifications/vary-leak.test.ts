import { describe, expect, test } from 'vitest';
import type { Run } from '../../../src/index.ts';
import { count, counts } from '../scenario.ts';
import { allRuns, hosted, SIZES } from './hosted.ts';

/*
 * The host varies one of P = 4 paths off. Guests are not told and use it for 1/P of their requests; the other policies
 * leave none to it. A path that is hidden is reported as one that was configured off: N reports, and 4N STSCH for one.
 */
const story = (devices: number, guests: number): string => {
  const loads = Array.from(
    { length: guests },
    (_, at) => `  load${at}: { on: guest${at + 1}, ratePerVolume: 40/s }`,
  );
  return `
duration: 8s
${hosted({ devices, guests })}
workload:
${loads.join('\n')}
faults: [{ at: 3s, name: varied, do: vary-off, chpid: 0.40, system: host }]
phases: { settled: [4s, 8s] }
strategies: { relay: upstream, hostVary: [none, and, hide] }
`;
};

const CHPIDS = ['0.40', '0.41', '0.42', '0.43'];

/** Part of the use of all channel paths that one has. */
function share(run: Run, chpid: string): number {
  const used = (of: string): number => run.metric('path.utilisation', { chpid: of }, 'settled').value;
  return used(chpid) / CHPIDS.map(used).reduce((sum, one) => sum + one, 0);
}

describe.each(SIZES)('%i devices, %i guests', (n, g) => {
  test('a varied path keeps its share of the requests until somebody enforces it', async () => {
    const runs = await allRuns(story(n, g));
    const [leaking, masked, hidden] = ['none', 'and', 'hide'].map(
      (policy) => runs.get(`upstream.vary-${policy}`)!,
    );
    expect(share(leaking, '0.40')).toBeCloseTo(1 / CHPIDS.length, n * g < 8 ? 1 : 2);
    expect(share(masked, '0.40')).toBe(0);
    expect(share(hidden, '0.40')).toBe(0);
    const silent = { 'kernel.crw': 0, 'vmm.crw': 0, 'guest.machine_check': 0, 'guest.stsch{cc=0}': 0 };
    for (const run of [leaking, masked]) expect(counts(run, 'varied', Object.keys(silent))).toEqual(silent);
    expect(counts(hidden, 'varied', ['kernel.crw', 'vmm.crw'])).toEqual({
      'kernel.crw': n * g,
      'vmm.crw': n * g,
    });
    const stsch = count(hidden, 'guest.stsch{cc=0}', 'varied');
    // Each request that is stopped and starts again has a look at its subchannel of its own.
    expect(stsch).toBeLessThanOrEqual(4 * n * n * g + count(hidden, 'io.retried', 'varied'));
    expect(stsch).toBeGreaterThanOrEqual(n === 1 ? 4 * g : n * (2 * n + 3) * g);
    for (const run of runs.values())
      expect(counts(run, '', ['io.failed', 'io.lost'])).toEqual({ 'io.failed': 0, 'io.lost': 0 });
  });
});

test('the only path is varied off: a guest goes on with it, or waits until it is varied on', async () => {
  const back = `${story(2, 1)
    .replace('0.40-0.43', '0.40')
    .replace(
      'chpid: 0.40, system: host }]',
      'chpid: 0.40, system: host }, { at: 5s, name: back, do: vary-on, chpid: 0.40, system: host }]',
    )}`;
  const runs = await allRuns(back);
  const done = (policy: string, phase: string): number =>
    count(runs.get(`upstream.vary-${policy}`)!, 'io.completed', phase);
  expect(done('none', 'varied')).toBeGreaterThan(100);
  for (const policy of ['and', 'hide']) expect(done(policy, 'varied')).toBeLessThan(10);
  expect(done('hide', 'back')).toBeGreaterThan(100);
});
