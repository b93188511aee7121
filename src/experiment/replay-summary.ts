import type { ReplayReport } from '../workload/replay-workload.ts';
import type { RunFigures } from './run-figures.ts';

/** What became of one recorded trace: all its rows are replayed, skipped, or left because the run was over. */
export interface ReplaySummary extends ReplayReport {
  /** As the scenario names it. */
  readonly file: string;
  readonly sha256: string;
  readonly format: string;
  readonly rows: number;
  readonly left: number;
}

export function summarizeReplays({ scenario, final }: RunFigures): ReplaySummary[] {
  return (final?.replays ?? []).flatMap((report) => {
    const workload = scenario.workloads.find(({ name }) => name === report.workload);
    if (workload === undefined || !('replay' in workload)) return [];
    const { file, sha256, format, rows } = workload.replay;
    const skipped = Object.values(report.skipped).reduce((sum, count) => sum + count, 0);
    return [{ file, sha256, format, rows, left: rows - report.replayed - skipped, ...report }];
  });
}
