import type { Estimate } from '../../statistics/intervals.ts';
import { meanInterval } from '../../statistics/intervals.ts';
import type { BatchVerdict } from '../run-batches.ts';
import type { RunMetrics } from '../run-metrics.ts';
import type { RunSummary } from '../summary.ts';
import type { Obstacle, Prediction, Theory } from './solution.ts';

/** `unknown`: the simulation gives no interval. */
export type TheoryVerdict = 'within' | 'outside' | 'unknown';

/** Theory beside simulation, in the metric's unit. */
export interface TheoryRow extends Prediction {
  readonly simulation: Estimate;
  readonly verdict: TheoryVerdict;
  /** Why the interval is to be doubted; empty: it is not. */
  readonly reason: string;
}

export interface TheoryReport {
  readonly run: string;
  /** Empty where there is no exact solution; then there are obstacles, else rows. */
  readonly model: string;
  readonly text: string;
  readonly rows: readonly TheoryRow[];
  readonly obstacles: readonly Obstacle[];
}

/** What a metric was in the simulation. */
type Measured = (metric: string) => { readonly estimate: Estimate; readonly reason: string };

const UNMEASURED = { value: Number.NaN, low: Number.NaN, high: Number.NaN } as const;

/** Theory beside what was measured: the interval must hold the exact value, or one that tolerance allows. */
export function theoryReport(
  run: string,
  { solution, obstacles = [] }: Theory,
  measured: Measured,
): TheoryReport {
  if (solution === undefined) return { run, model: '', text: '', rows: [], obstacles };
  const { model, text, predictions } = solution;
  const rows = predictions.map((prediction): TheoryRow => {
    const { estimate, reason } = measured(prediction.metric);
    return { ...prediction, simulation: estimate, verdict: verdictOf(prediction, estimate), reason };
  });
  return { run, model, text, rows, obstacles: [] };
}

function verdictOf({ value, tolerance }: Prediction, { low, high }: Estimate): TheoryVerdict {
  if (Number.isNaN(low) || Number.isNaN(high)) return 'unknown';
  return low <= value * (1 + tolerance) && high >= value ? 'within' : 'outside';
}

/** Figures of one run, with intervals by batch means. */
export const measuredByBatches =
  ({ batches, meta }: RunSummary): Measured =>
  (metric) => {
    const found = batches?.metrics.find((batched) => batched.metric === metric);
    if (found === undefined) {
      const reason = meta.termination === 'completed' ? 'not measured' : `the run was ${meta.termination}`;
      return { estimate: UNMEASURED, reason };
    }
    const { value, low, high, verdict } = found;
    return { estimate: { value, low, high }, reason: DOUBTS[verdict] };
  };

const DOUBTS: Readonly<Record<BatchVerdict, string>> = {
  independent: '',
  correlated: 'batches are correlated, the interval is too narrow',
  few: 'there are few batches',
  empty: 'a batch has nothing to measure',
};

/** Means over repetitions, which are independent. */
export const measuredByRepetitions =
  (repetitions: readonly RunMetrics[]): Measured =>
  (metric) => {
    const estimate = meanInterval(repetitions.map((metrics) => valueIn(metrics, metric)));
    return { estimate, reason: repetitions.length < 2 ? 'one repetition tells no spread' : '' };
  };

/** The mean utilisation is that of all channel paths, which runs tell one by one. */
function valueIn(metrics: RunMetrics, metric: string): number {
  const total = metrics[''] ?? {};
  if (metric !== 'path.utilisation') return total[metric] ?? Number.NaN;
  const paths = Object.entries(total).filter(([name]) => name.startsWith('path.utilisation{'));
  return paths.reduce((sum, [, value]) => sum + value, 0) / paths.length;
}
