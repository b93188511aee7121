import { expect, test } from 'vitest';
import { count, counts, lossAndReturn, simulated, volumesOnPaths } from './scenario.ts';

const RESERVED = `${volumesOnPaths(1, 4)}
systems: { owner: {}, other: {} }
workload:
  ours: { on: owner, ratePerVolume: 50/s }
  theirs: { on: other, ratePerVolume: 50/s }
actions:
  - { at: 1500ms, name: reserved, system: owner, do: reserve, device: 0.0.1000 }
  - { at: 16s, name: released, system: owner, do: release, device: 0.0.1000 }
${lossAndReturn()}`;

test('a path that returns to a reserved volume joins the group that has it reserved', async () => {
  const run = await simulated(RESERVED);
  // SNID says "reserved elsewhere" on the new path alone; Linux goes on to SPID, which must not have to wait.
  expect(run.metric('host.spid', { system: 'owner' }, 'return').value).toBe(1);
  expect(run.metric('host.rcd', { system: 'owner' }, 'return').value).toBe(1);
  expect(counts(run, '', ['host.boxed', 'host.gone', 'host.timeout', 'io.failed', 'io.lost'])).toMatchObject({
    'host.boxed': 0,
    'host.gone': 0,
    'io.failed': 0,
    'io.lost': 0,
  });
  const { return: returned } = run.summary.phases;
  const [lost, kept] = returned.channelPaths;
  expect(lost.operations).toBeGreaterThan(0.8 * kept.operations);
});

test('the other system waits for the release, and gets all its answers then', async () => {
  const run = await simulated(RESERVED);
  const { total } = run.summary;
  expect(count(run, 'io.completed', 'released')).toBeGreaterThan(50 * 14);
  expect(total.times['io.response'].max).toBeGreaterThan(14e9);
  expect(total.counts['io.started'] - total.counts['io.completed']).toBeLessThan(5);
});
