import { describe, expect, it } from 'vitest';
import type { BuildSimulation } from '../../src/experiment/built-run.ts';
import { simulate } from '../../src/experiment/simulate.ts';
import { type RunSummary, summarize } from '../../src/experiment/summary.ts';
import type { BlockRequest } from '../../src/observe/block-request.ts';
import { tinyRun, tinyScenarios } from './tiny-run.ts';

const LINES = 'warmup: 1s\nreport: { batches: 10 }\n';
const [BATCHED] = tinyScenarios(LINES);

const estimateOf = ({ batches }: RunSummary, metric: string) =>
  batches?.metrics.find((batched) => batched.metric === metric);

/** The tiny run, with the end and the response of each request told. */
function listening(heard: { endNs: number; responseNs: number }[]): BuildSimulation {
  return (scenario, observer) => {
    const requestEnded = observer.requestEnded.bind(observer);
    observer.requestEnded = (system: number, subchannel: number, request: BlockRequest) => {
      heard.push({ endNs: request.endNs, responseNs: request.responseNs });
      requestEnded(system, subchannel, request);
    };
    return tinyRun()(scenario, observer);
  };
}

describe('batches of a run', () => {
  it('hold the figures of the run, with the spread of its parts', async () => {
    const heard: { endNs: number; responseNs: number }[] = [];
    const summary = summarize(await simulate(BATCHED, listening(heard)));
    expect(summary.batches).toMatchObject({ count: 10, lengthNs: 200_000_000 });
    const response = estimateOf(summary, 'io.response.mean')!;
    expect(response.value).toBeCloseTo(summary.total.times['io.response'].mean!, 6);
    expect(estimateOf(summary, 'io.rate')?.value).toBeCloseTo(summary.total.ioRate, 9);
    // The same from the requests themselves.
    const parts = Array.from({ length: 10 }, (_, batch) => {
      const from = 1e9 + batch * 2e8;
      return heard.filter(
        ({ endNs }) => endNs >= from && (endNs < from + 2e8 || (batch === 9 && endNs <= 3e9)),
      );
    });
    const count = parts.reduce((sum, part) => sum + part.length, 0);
    const deviations = parts.map(
      (part) => part.reduce((sum, { responseNs }) => sum + responseNs - response.value, 0) / (count / 10),
    );
    const squares = deviations.reduce((sum, deviation) => sum + deviation * deviation, 0);
    // Student's t for 9 degrees of freedom.
    expect((response.high - response.low) / 2 / (2.262 * Math.sqrt(squares / 9 / 10))).toBeCloseTo(1, 3);
  });

  it('leave the run alone', async () => {
    const plain = await simulate(tinyScenarios('warmup: 1s\n')[0], tinyRun());
    const batched = await simulate(BATCHED, tinyRun());
    expect(batched.fingerprint).toBe(plain.fingerprint);
    const { batches, ...figures } = summarize(batched);
    expect(batches).toBeDefined();
    expect(figures).toEqual(summarize(plain));
  });

  it('follow a warm-up that is found, and the end that is asked for', async () => {
    const [auto] = tinyScenarios('warmup: auto\nreport: { batches: 10 }\n');
    const run = await simulate(auto, tinyRun(), { until: 2_000_000_000 });
    const { warmupNs } = run.scenario;
    const { batches } = summarize(run);
    expect(batches?.lengthNs).toBe(Math.round((2e9 - warmupNs) / 10));
  });

  it('are called few below ten, and empty where nothing ended in one', async () => {
    const verdictOf = async (batches: number): Promise<unknown> => {
      const [scenario] = tinyScenarios(`report: { batches: ${batches} }\n`);
      const run = await simulate(scenario, tinyRun(), { until: 100_000_000 });
      return estimateOf(summarize(run), 'io.response.mean')?.verdict;
    };
    expect(await verdictOf(5)).toBe('few');
    expect(await verdictOf(1000)).toBe('empty');
  });

  it('are none of a run that ended before its time', async () => {
    const lines = `${LINES}thresholds: [{ expr: io.response.max < 1ns, abort: true, after: 2s }]\n`;
    const summary = summarize(await simulate(tinyScenarios(lines)[0], tinyRun()));
    expect(summary.meta.termination).toBe('aborted');
    expect(summary.batches).toBeUndefined();
  });
});
