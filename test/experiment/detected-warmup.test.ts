import { describe, expect, it } from 'vitest';
import { simulate } from '../../src/experiment/simulate.ts';
import { summarize } from '../../src/experiment/summary.ts';
import { canonicalJson } from '../../src/scenario/canonical.ts';
import { tinyRun, tinyScenarios } from './tiny-run.ts';

const [AUTO] = tinyScenarios('warmup: auto\n');

describe('warmup: auto', () => {
  it('measures what a run with the warm-up that was found measures', async () => {
    const found = await simulate(AUTO, tinyRun());
    const { warmupNs, warmup } = found.scenario;
    expect(warmupNs).toBeGreaterThan(0);
    expect(warmup).toMatchObject({ rule: 'mser-5', settled: true, batch: 5 });
    const stated = await simulate(tinyScenarios(`warmup: ${warmupNs}ns\n`)[0], tinyRun());
    expect(found.fingerprint).toBe(stated.fingerprint);
    expect(found.streams).toEqual(stated.streams);
    const { warmup: told, ...figures } = summarize(found);
    expect(figures).toEqual(summarize(stated));
    expect(told).toEqual({ ns: warmupNs, ...(warmup as object) });
  });

  it('is known to whoever repeats the run from its manifest, which writes the same bytes', async () => {
    const found = await simulate(AUTO, tinyRun());
    const recorded = JSON.parse(canonicalJson(found.scenario)) as typeof AUTO;
    const again = await simulate(recorded, tinyRun());
    expect(JSON.stringify(summarize(again))).toBe(JSON.stringify(summarize(found)));
  });

  it('leaves out as many requests as it says', async () => {
    const { total, warmup } = summarize(await simulate(AUTO, tinyRun()));
    const ended = total.counts['io.completed'];
    expect(ended - total.times['io.response'].count).toBe(warmup?.leftOut);
    expect(warmup?.requests).toBe(ended - (ended % 5));
  });

  it('looks no further than the run goes, and is the same every time', async () => {
    const short = await simulate(AUTO, tinyRun(), { until: 400_000_000 });
    const again = await simulate(AUTO, tinyRun(), { until: 400_000_000 });
    expect(short.scenario.warmupNs).toBeLessThan(400_000_000);
    expect(summarize(again)).toEqual(summarize(short));
  });

  it('says that it found no end when a run is too short, and leaves half of it out', async () => {
    const { warmup } = summarize(await simulate(AUTO, tinyRun(), { until: 20_000_000 }));
    expect(warmup).toMatchObject({ settled: false });
    expect(warmup?.leftOut).toBe(Math.floor((warmup?.requests ?? 0) / 10) * 5);
  });

  it('is 0 where nobody asks for anything', async () => {
    const { warmup } = summarize(await simulate(AUTO, tinyRun(), { until: 1 }));
    expect(warmup).toMatchObject({ ns: 0, requests: 0, leftOut: 0, settled: false });
  });

  it('does not let a threshold end the pilot run', async () => {
    const lines = 'warmup: auto\nthresholds: [{ expr: io.response.max < 1ns, abort: true, after: 1s }]\n';
    const { termination, scenario } = await simulate(tinyScenarios(lines)[0], tinyRun());
    expect(termination).toBe('aborted');
    expect(scenario.warmupNs).toBe((await simulate(AUTO, tinyRun())).scenario.warmupNs);
  });
});
