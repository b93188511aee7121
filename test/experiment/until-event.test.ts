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

describe('a run with a defect', () => {
  const traced = tinyScenarios('', ['trace.level=all'])[0];

  it('hands over the events before it', async () => {
    let rows = 0;
    const sink = {
      ...IGNORES,
      events: (_: Float64Array, count: number) => {
        rows += count;
      },
    };
    await expect(simulate(traced, tinyRun({ breaksAt: 100 }), { sink })).rejects.toThrow('broke down');
    expect(rows).toBeGreaterThan(100);
  });

  it('hands nothing over twice when it is the sink that breaks', async () => {
    let calls = 0;
    const sink = {
      ...IGNORES,
      events: () => {
        calls++;
        throw new Error('the sink broke');
      },
    };
    await expect(simulate(traced, tinyRun(), { sink })).rejects.toThrow('the sink broke');
    expect(calls).toBe(1);
  });
});

const IGNORES = { begin() {}, events() {}, requests() {}, interval() {} };
