import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { JobEnvironment, JobOutcome, RunJob } from '../../src/experiment/run-job.ts';
import { metricIn, runMetrics } from '../../src/experiment/run-metrics.ts';
import { runJobs, SameThread, WorkerPool } from '../../src/experiment/worker-pool.ts';
import { NODE_FILES } from '../../src/output/file-system.ts';
import { type Mischief, TINY_SCENARIO, tinyRun } from './tiny-run.ts';

const environment = (mischief: Mischief = {}): JobEnvironment => ({
  build: tinyRun(mischief),
  files: NODE_FILES,
  isAlive: () => false,
  shouldStop: () => false,
  execution: () => () => {
    throw new Error('nothing is recorded here');
  },
});

const tiny = (seed: string, changes: Partial<RunJob> = {}): RunJob => ({
  file: 'tiny.yaml',
  text: TINY_SCENARIO,
  overrides: [],
  run: 'rotation',
  seed,
  untilNs: null,
  record: null,
  ...changes,
});

async function outcomesOf(runner: SameThread | WorkerPool, jobs: readonly RunJob[]): Promise<JobOutcome[]> {
  const outcomes: JobOutcome[] = [];
  await runJobs(runner, jobs, (outcome, at) => {
    expect(at).toBe(outcomes.length);
    outcomes.push(outcome);
  });
  await runner.end();
  return outcomes;
}

describe('a job', () => {
  it('is one run of a scenario with its seed, told as numbers', async () => {
    const [one, other, again] = await outcomesOf(new SameThread(environment()), [
      tiny('7'),
      tiny('7/2'),
      tiny('7'),
    ]);
    if (!one.ok || !other.ok) throw new Error('both runs must succeed');
    expect(one.summary.meta.seed).toBe('7');
    expect(other.summary.meta.seed).toBe('7/2');
    expect(other.summary.meta.fingerprint).not.toBe(one.summary.meta.fingerprint);
    expect(again).toEqual(one);
    const metrics = runMetrics(one.summary);
    expect(metricIn(metrics, 'io.started', '')).toBeGreaterThan(1000);
    expect(metricIn(metrics, 'io.response.count', '')).toBe(one.summary.total.times['io.response'].count);
    expect(metricIn(metrics, 'io.response.p99', '')).toBe(one.summary.total.times['io.response'].p99);
    expect(metricIn(metrics, 'path.failover.mean', '')).toBeNaN();
    expect(metricIn(metrics, 'io.failed', 'loss')).toBe(0);
    expect(metricIn(metrics, 'io.failed', 'no such phase')).toBeNaN();
  });

  it('tells of its defect where it came about, and spoils no other job', async () => {
    const runner = new SameThread(environment({ breaksAt: 100 }));
    const [broken] = await outcomesOf(runner, [tiny('7')]);
    expect(broken).toMatchObject({ ok: false, failure: { kind: 'defect' } });
    if (!broken.ok) expect(broken.failure.eventCount).toBeGreaterThan(100);
    const [wrong, fine] = await outcomesOf(new SameThread(environment()), [
      tiny('7', { overrides: ['duration=soon'] }),
      tiny('7'),
    ]);
    expect(wrong).toMatchObject({ ok: false, failure: { kind: 'scenario' } });
    expect(fine.ok).toBe(true);
  });

  it('does not begin once runs were stopped', async () => {
    const runner = new SameThread(environment());
    runner.stop();
    expect(await outcomesOf(runner, [tiny('7')])).toMatchObject([
      { ok: false, failure: { kind: 'stopped' } },
    ]);
  });
});

/** Threads load what has been built: `npm test` builds first. */
const WORKER = new URL('../../dist/cli/run-worker.js', import.meta.url);

describe.skipIf(!existsSync(fileURLToPath(WORKER)))('worker threads', () => {
  const scenario = `name: small
duration: 100ms
machine: { chpids: { "0.40": {} }, controlUnits: { lcu0: { paths: [0.40] } }, dasd: { 0.0.1000: { controlUnit: lcu0 } } }
systems: { lpar: {} }
workload: { oltp: { from: 20ms, arrivals: poisson, ratePerVolume: 500/s } }
strategies: { selection: [rotation] }
`;
  const jobs = ['1', '1/2', '1/3', '1/4'].map((seed) => tiny(seed, { text: scenario }));

  it('give the same outcomes in the same order, however many there are', async () => {
    const one = await outcomesOf(new WorkerPool(WORKER, 1), jobs);
    const three = await outcomesOf(new WorkerPool(WORKER, 3), jobs);
    expect(one.map((outcome) => outcome.ok && outcome.summary.meta.seed)).toEqual(['1', '1/2', '1/3', '1/4']);
    expect(three).toEqual(one);
  });
});
