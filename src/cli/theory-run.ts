import type { RunRequest } from '../experiment/recorded-run.ts';
import type { RunMetrics } from '../experiment/run-metrics.ts';
import type { RunSummary } from '../experiment/summary.ts';
import { theoryOf } from '../experiment/theory/theory-of.ts';
import {
  measuredByBatches,
  measuredByRepetitions,
  type TheoryReport,
  theoryReport,
} from '../experiment/theory/theory-report.ts';
import type { LoadedScenario } from '../scenario/load.ts';
import type { ResolvedScenario } from '../scenario/resolved.ts';
import { BATCHES } from '../statistics/batch-means.ts';

/** A single run has intervals by batch means, or theory could not be held against it. */
export const withBatches = (scenario: LoadedScenario): LoadedScenario => ({
  ...scenario,
  runs: scenario.runs.map((run) => ({ ...run, report: { batches: BATCHES, ...run.report } })),
});

/** Theory beside a single run. */
export const theoryOfRun = ({ scenario, untilNs }: RunRequest, summary: RunSummary): TheoryReport =>
  theoryReport(scenario.run, theoryOf(scenario, endOf(scenario, untilNs)), measuredByBatches(summary));

/** Theory beside the repetitions of a run. */
export const theoryOfRepetitions = (
  scenario: ResolvedScenario,
  untilNs: number | null,
  repetitions: readonly RunMetrics[],
): TheoryReport =>
  theoryReport(
    scenario.run,
    theoryOf(scenario, endOf(scenario, untilNs)),
    measuredByRepetitions(repetitions),
  );

const endOf = ({ durationNs }: ResolvedScenario, untilNs: number | null): number =>
  Math.min(untilNs ?? durationNs, durationNs);
