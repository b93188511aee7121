import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Run } from '../../src/index.ts';
import { count, simulated } from './scenario.ts';
import { scenarios } from './scenario-arbitrary.ts';

/** Scenarios of each swarm; `SWARM_RUNS=2000` searches longer. A failure prints seed, path and the smallest scenario. */
const { SWARM_RUNS = '60' } = process.env;

async function swarm(reserving: boolean, check: (run: Run) => void): Promise<void> {
  await fc.assert(
    fc.asyncProperty(scenarios(reserving), async ({ text }) => check(await simulated(text))),
    { numRuns: Number(SWARM_RUNS) },
  );
}

/**
 * Whatever is drawn, the run comes to its end, and with it the laws that every run asserts: conservation of requests and
 * reports, Little's and the utilisation law, POM and PNOM exclusive.
 */
function expectLawful(run: Run): void {
  expect(run.summary.meta.termination).toBe('completed');
  expect(count(run, 'io.lost')).toBe(0);
  expect(count(run, 'io.stale_reads')).toBe(0);
}

test('no drawn scenario breaks a law', () => swarm(true, expectLawful));

// A reservation that is held for ever holds requests up for ever, so nobody reserves anything here.
test('every request is answered once everything has been mended', () =>
  swarm(false, (run) => {
    expectLawful(run);
    expect(count(run, 'io.completed') + count(run, 'io.failed')).toBe(count(run, 'io.started'));
  }));
