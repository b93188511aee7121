import { describe, expect, it } from 'vitest';
import { compareRepetitions } from '../../src/experiment/paired-comparison.ts';
import type { RunMetrics } from '../../src/experiment/run-metrics.ts';
import { exponential, RandomStreams } from '../../src/kernel/random.ts';
import { clopperPearson } from '../../src/statistics/proportions.ts';

/*
 * What a comparison says when the truth is known. The runs are an M/M/1 queue by Lindley's recursion, 300 customers at a
 * load of one half: skewed and correlated within a run, as response times are.
 */
const CUSTOMERS = 300;
const COMPARISONS = 400;
const PAIRS = 8;

/** One repetition; `slower` multiplies the service times, and equal seeds meet equal arrivals and services. */
function run(seed: string, slower: number): RunMetrics {
  const random = new RandomStreams(seed).stream('queue');
  const responses: number[] = [];
  let wait = 0;
  let sum = 0;
  for (let customer = 0; customer < CUSTOMERS; customer++) {
    const response = wait + exponential(random.uniform(), 500_000) * slower;
    sum += response;
    responses.push(response);
    wait = Math.max(0, response - exponential(random.uniform(), 1_000_000));
  }
  responses.sort((left, right) => left - right);
  return {
    '': {
      'io.response.mean': sum / CUSTOMERS,
      'io.response.p95': responses[Math.floor(CUSTOMERS * 0.95)],
      'io.response.max': responses[CUSTOMERS - 1],
    },
  };
}

const METRICS = ['io.response.mean', 'io.response.p95', 'io.response.max'];

interface Counts extends Record<string, number> {
  any: number;
}

/** Of all comparisons, how many find a difference: by metric with its own p-value, and `any` corrected for all of them. */
function found(sharesSeeds: boolean, slower: number): Counts {
  const counts: Counts = { any: 0 };
  for (let comparison = 0; comparison < COMPARISONS; comparison++) {
    const seeds = Array.from({ length: PAIRS }, (_, pair) => `${comparison}/${pair}`);
    const reference = seeds.map((seed) => run(seed, 1));
    const other = seeds.map((seed) => run(sharesSeeds ? seed : `${seed} again`, slower));
    const compared = compareRepetitions(reference, other);
    if (compared.some(({ verdict }) => verdict === 'worse' || verdict === 'better')) counts.any++;
    for (const { metric, difference } of compared) {
      counts[metric] = (counts[metric] ?? 0) + (difference.p < 0.05 ? 1 : 0);
    }
  }
  return counts;
}

describe('a comparison', () => {
  it('finds differences between equals as often as it says: once in twenty', () => {
    const counts = found(false, 1);
    for (const metric of METRICS) {
      const { low, high } = clopperPearson(counts[metric], COMPARISONS, 0.99);
      expect(low, metric).toBeLessThan(0.05);
      expect(high, metric).toBeGreaterThan(0.05);
    }
    // Corrected, the chance is one in twenty for all metrics together.
    expect(clopperPearson(counts.any, COMPARISONS, 0.99).low).toBeLessThan(0.05);
  });

  it('sees five percent with common random numbers, and hardly ever without', () => {
    const common = found(true, 1.05);
    const independent = found(false, 1.05);
    expect(common['io.response.mean'] / COMPARISONS).toBeGreaterThan(0.95);
    expect(independent['io.response.mean'] / COMPARISONS).toBeLessThan(0.3);
  });

  it('says equal of the same runs', () => {
    const runs = ['1', '2'].map((seed) => run(seed, 1));
    expect(compareRepetitions(runs, runs).map(({ verdict }) => verdict)).toEqual(['equal', 'equal', 'equal']);
  });
});
