import type { JobRunner } from '../worker-pool.ts';
import { type SweepOutcome, sweepOutcome } from './run-record.ts';
import type { SweepRun } from './sweep-runs.ts';

/** Who does the runs of a sweep: threads of this process, or processes that take them from a queue. */
export interface SweepEngine {
  /**
   * Does all runs, in any order, each at least once; tells what became of each as soon as it is known. Resolves when all are
   * told, or soon after `stop`.
   */
  perform(runs: readonly SweepRun[], onOutcome: OnOutcome): Promise<void>;
  /** No more runs begin. */
  stop(): void;
  end(): Promise<void>;
}

export type OnOutcome = (run: SweepRun, outcome: SweepOutcome) => void;

/** Does runs in this process. */
export class LocalEngine implements SweepEngine {
  private readonly runner: JobRunner;
  private readonly lanes: number;
  private isStopped = false;

  /** `lanes`: runs at a time, as many as the runner has threads. */
  constructor(runner: JobRunner, lanes: number) {
    this.runner = runner;
    this.lanes = lanes;
  }

  async perform(runs: readonly SweepRun[], onOutcome: OnOutcome): Promise<void> {
    const waiting = runs.values();
    const lane = async (): Promise<void> => {
      for (const run of waiting) {
        if (this.isStopped) return;
        onOutcome(run, sweepOutcome(await this.runner.run(run.job)));
      }
    };
    await Promise.all(Array.from({ length: this.lanes }, lane));
  }

  stop(): void {
    this.isStopped = true;
    this.runner.stop();
  }

  end(): Promise<void> {
    return this.runner.end();
  }
}
