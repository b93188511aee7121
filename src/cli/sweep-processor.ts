import { JobPerformer, type RunJob } from '../experiment/run-job.ts';
import { type SweepOutcome, sweepOutcome } from '../experiment/sweep/run-record.ts';
import { NODE_FILES } from '../output/file-system.ts';
import { buildSimulation } from '../scenario/build.ts';
import { executionFrom, isAlive } from './execution.ts';

/** What a thread of `chpsim worker` runs for each job that it takes from the queue. */
const performer = new JobPerformer();

export default async ({ data }: { readonly data: RunJob }): Promise<SweepOutcome> =>
  sweepOutcome(
    await performer.perform(data, {
      build: buildSimulation,
      files: NODE_FILES,
      isAlive,
      shouldStop: () => false,
      execution: executionFrom({ now: () => Date.now() }),
    }),
  );
