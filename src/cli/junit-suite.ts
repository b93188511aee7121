import type { RunSummary } from '../experiment/summary.ts';
import type { JunitSuite } from '../output/junit.ts';

/** Each threshold and expectation of a run as a test case. */
export const junitSuite = ({ meta, thresholds, expectations }: RunSummary): JunitSuite => ({
  name: `${meta.scenario}.${meta.run}`,
  cases: [...thresholds, ...expectations].map(({ text, outcome, fails, reason }) => ({
    name: text,
    failure: fails ? reason : '',
    skipped: outcome === 'undecided',
  })),
});
