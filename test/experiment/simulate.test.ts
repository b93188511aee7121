import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { simulate } from '../../src/experiment/simulate.ts';
import { summarize } from '../../src/experiment/summary.ts';
import { tinyRun, tinyScenarios } from './tiny-run.ts';

const [TINY] = tinyScenarios();

describe('a run', () => {
  it('is the same run every time', async () => {
    const first = await simulate(TINY, tinyRun());
    const second = await simulate(TINY, tinyRun());
    expect(second.fingerprint).toBe(first.fingerprint);
    expect(summarize(second)).toEqual(summarize(first));
  });

  it('is not changed by being observed: trace level, phases and intervals leave the fingerprint alone', async () => {
    const plain = await simulate(TINY, tinyRun());
    const sink = { begin() {}, events() {}, requests() {}, interval() {} };
    const [traced] = tinyScenarios('report: { interval: 7ms }\nphases: { middle: [1.2s, 1.3s] }\n', [
      'trace.level=all',
    ]);
    const observed = await simulate(traced, tinyRun(), { sink });
    expect(observed.fingerprint).toBe(plain.fingerprint);
    expect(observed.checkpoints).toEqual(plain.checkpoints);
  });

  it('names itself by its seed, its streams and a fingerprint every 10,000 events', async () => {
    const [long] = tinyScenarios('', ['duration=25s']);
    const { eventCount, checkpoints, streams, endNs } = await simulate(long, tinyRun());
    expect(checkpoints).toHaveLength(Math.floor(eventCount / 10_000));
    expect(new Set(checkpoints).size).toBe(checkpoints.length);
    expect(Object.keys(streams)).toEqual(['arrival', 'service']);
    expect(endNs).toBe(25_000_000_000);
  });

  it('ends at --until', async () => {
    const { endNs, termination } = await simulate(TINY, tinyRun(), { until: 500_000_000 });
    expect({ endNs, termination }).toEqual({ endNs: 500_000_000, termination: 'completed' });
  });

  it('stops at an event boundary when it is asked to, with what it has measured', async () => {
    const [long] = tinyScenarios('', ['duration=1000s']);
    let events = 0;
    const result = await simulate(long, tinyRun(), {
      onProgress: (_, count) => {
        events = count;
      },
      shouldStop: () => events > 0,
    });
    expect(result.termination).toBe('interrupted');
    expect(result.eventCount).toBe(events);
    expect(summarize(result).total.counts['io.completed']).toBeGreaterThan(0);
  });
});

describe('phases', () => {
  it('share the counts of the run between them', async () => {
    const { figures } = await simulate(TINY, tinyRun());
    const summary = summarize(await simulate(TINY, tinyRun()));
    expect(figures.measurement.spanNames).toEqual(['', 'loss', 'return']);
    const { loss, return: returned } = summary.phases;
    expect(loss.counts['host.machine_check']).toBe(1);
    expect(returned.counts['host.machine_check']).toBe(1);
    expect(summary.total.counts['host.machine_check']).toBe(2);
    expect(loss.counts['machine.fault']).toBe(1);
  });

  it('cut a run into parts whose figures add up, wherever the cuts are', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.integer({ min: 1, max: 2_999_999 }), { minLength: 1, maxLength: 5 }),
        async (cuts) => {
          const times = [0, ...cuts.sort((a, b) => a - b), 3_000_000];
          const phases = times.slice(1).map((to, at) => `p${at}: [${times[at]}us, ${to}us]`);
          const [scenario] = tinyScenarios(`phases: { ${phases.join(', ')} }\n`);
          const { total, phases: parts } = summarize(await simulate(scenario, tinyRun()));
          const sum = (of: (name: string) => number): number =>
            times.slice(1).reduce((all, _, at) => all + of(`p${at}`), 0);
          expect(sum((name) => parts[name].counts['io.completed'] ?? 0)).toBe(total.counts['io.completed']);
          expect(sum((name) => parts[name].times['io.response']?.count ?? 0)).toBe(
            total.times['io.response'].count,
          );
          expect(sum((name) => parts[name].channelPaths[0].operations)).toBe(
            total.channelPaths[0].operations,
          );
        },
      ),
      { numRuns: 20 },
    );
  });

  it('give the times of the changes in them', async () => {
    const summary = summarize(await simulate(TINY, tinyRun()));
    const { loss, return: returned } = summary.phases;
    expect(loss.times['path.knowledge']).toMatchObject({ count: 1, mean: 30_000 });
    expect(loss.times['path.restore']).toBeUndefined();
    expect(returned.times['path.restore']).toMatchObject({ count: 1, max: 30_000 });
    expect(summary.total.pathStaleNs).toBe(60_000);
  });
});

describe('the warm-up', () => {
  it('is left out of times and intervals, not of counts', async () => {
    const rows: number[] = [];
    const sink = {
      begin() {},
      events() {},
      requests() {},
      interval: ({ fromNs, kind, operations }: { fromNs: number; kind: string; operations: number }) => {
        expect(fromNs).toBeGreaterThanOrEqual(1_500_000_000);
        if (kind === 'device') rows.push(operations);
      },
    };
    const [scenario] = tinyScenarios('warmup: 1.5s\nreport: { interval: 500ms }\n');
    const { total } = summarize(await simulate(scenario, tinyRun(), { sink }));
    expect(rows).toHaveLength(3);
    expect(rows.reduce((sum, count) => sum + count, 0)).toBe(total.times['io.response'].count);
    expect(total.counts['io.completed']).toBeGreaterThan(total.times['io.response'].count * 1.5);
  });
});

describe('a defect of the model', () => {
  it('is reported with seed, event number and time', async () => {
    await expect(simulate(TINY, tinyRun({ breaksAt: 5 }))).rejects.toMatchObject({
      name: 'RunDefect',
      message: expect.stringContaining('the tiny model broke down'),
      seed: '42',
    });
  });

  it('shows when a request disappears', async () => {
    const { figures } = await simulate(TINY, tinyRun({ loses: 3 }));
    expect(figures.lost).toBe(1);
  });
});
