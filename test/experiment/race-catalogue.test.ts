import { describe, expect, it } from 'vitest';
import { type Exploration, explore } from '../../src/experiment/explore.ts';
import { buildSimulation } from '../../src/scenario/build.ts';
import { loadScenario } from '../../src/scenario/load.ts';

/** The races that the architecture orders by "the later event finds what the earlier one has left". */
async function everyOrder(name: string, overrides: readonly string[] = []): Promise<Exploration[]> {
  const loaded = loadScenario(`scenarios/exploration/${name}.yaml`, { overrides });
  if (!loaded.ok) throw new Error(loaded.errors.map(({ message }) => message).join('\n'));
  const found: Exploration[] = [];
  for (const run of loaded.scenario.runs) found.push(await explore(run, buildSimulation));
  return found;
}

/** How the first `name` of a script ended in each outcome. */
const endings = ({ outcomes }: Exploration, step: string): Set<string> =>
  new Set(outcomes.map(({ differences }) => differences.find((text) => text.includes(step)) ?? 'as ever'));

describe('every order of a race', { timeout: 60_000 }, () => {
  it('lets a halt come before, between and after the ending status', async () => {
    const [found] = await everyOrder('halt-ending-status');
    expect(found.isComplete).toBe(true);
    expect(found.failure).toBeNull();
    expect(found.outcomes).toHaveLength(3);
    expect(endings(found, '(hsch')).toEqual(new Set(['as ever', expect.stringContaining('cc 0 -> 1')]));
  });

  it('cancels a start before it left, and not afterwards', async () => {
    const [found] = await everyOrder('cancel-start');
    expect(found.isComplete).toBe(true);
    expect(found.failure).toBeNull();
    expect(endings(found, '(xsch')).toEqual(
      new Set(['as ever', expect.stringContaining('cc 0 -> 1'), expect.stringContaining('cc 0 -> 2')]),
    );
  });

  it('gives one status to one of two CPUs, on both machines', async () => {
    for (const found of await everyOrder('two-takers')) {
      expect(found.isComplete).toBe(true);
      expect(found.failure).toBeNull();
      expect(found.outcomes.length).toBeGreaterThan(1);
    }
  });

  it('clears status that a device presents on its own, or is told before it', async () => {
    const [found] = await everyOrder('clear-unsolicited');
    expect(found.isComplete).toBe(true);
    expect(found.failure).toBeNull();
    expect(found.outcomes).toHaveLength(3);
  });

  it('lets MODIFY SUBCHANNEL succeed when it is tried again', async () => {
    const [found] = await everyOrder('modify-retried', ['explore.limit=100']);
    expect(found.failure).toBeNull();
    expect(endings(found, '(msch').size).toBeGreaterThan(1);
  });

  it('brings a path back whose second report meets the collector at work', async () => {
    const [found] = await everyOrder('report-after-report', ['explore.limit=60']);
    expect(found.failure).toBeNull();
    expect(found.outcomes).toHaveLength(1);
  });

  it('loses no request when a path goes away under I/O', async () => {
    const [found] = await everyOrder('path-loss', ['explore.limit=30']);
    expect(found.failure).toBeNull();
    expect(found.isComplete).toBe(false);
    expect(found.outcomes.length).toBeGreaterThan(3);
  });
});
