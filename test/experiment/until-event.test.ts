import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { simulate } from '../../src/experiment/simulate.ts';
import { NEVER } from '../../src/kernel/time.ts';
import { BLIND } from '../../src/observe/observer.ts';
import { tinyRun, tinyScenarios } from './tiny-run.ts';

const [scenario] = tinyScenarios();

/** The first events of the tiny run one by one, without anything above the event loop: time and fingerprint after each. */
function firstEvents(count: number): { readonly atNs: number; readonly fingerprint: string }[] {
  const { sim } = tinyRun()(scenario, BLIND);
  return Array.from({ length: count }, () => {
    sim.run(NEVER, 1);
    return { atNs: sim.now, fingerprint: sim.fingerprint.toString() };
  });
}

describe('a run until an event', () => {
  it('ends right after it, wherever phases and intervals end', async () => {
    const whole = await simulate(scenario, tinyRun());
    const story = firstEvents(whole.eventCount);
    const anyEvent = fc.integer({ min: 1, max: whole.eventCount });
    await fc.assert(
      fc.asyncProperty(anyEvent, async (untilEvent) => {
        const run = await simulate(scenario, tinyRun(), { untilEvent });
        expect(run).toMatchObject({ eventCount: untilEvent, termination: 'completed' });
        expect({ atNs: run.endNs, fingerprint: run.fingerprint }).toEqual(story[untilEvent - 1]);
      }),
      { numRuns: 40 },
    );
  });

  it('takes a checkpoint when it ends at one', async () => {
    const [long] = tinyScenarios('', ['duration=8s']);
    const { checkpoints, fingerprint } = await simulate(long, tinyRun(), { untilEvent: 10_000 });
    expect(checkpoints).toEqual([fingerprint]);
  });

  it('ends with the scenario when that has fewer events', async () => {
    const whole = await simulate(scenario, tinyRun());
    const run = await simulate(scenario, tinyRun(), { untilEvent: whole.eventCount + 1 });
    expect(run).toMatchObject({ eventCount: whole.eventCount, endNs: scenario.durationNs });
    expect(run.fingerprint).toBe(whole.fingerprint);
  });
});
