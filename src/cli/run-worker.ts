import { type JobOutcome, JobPerformer } from '../experiment/run-job.ts';
import { answerTask, type WorkerTask } from '../experiment/worker-pool.ts';
import { NODE_FILES } from '../output/file-system.ts';
import { buildSimulation } from '../scenario/build.ts';
import { executionFrom, isAlive } from './execution.ts';

/** What a worker thread runs for each job it is handed. */
const performer = new JobPerformer();

export default (task: WorkerTask): Promise<JobOutcome> =>
  answerTask(performer, task, {
    build: buildSimulation,
    files: NODE_FILES,
    isAlive,
    execution: executionFrom({ now: () => Date.now() }),
  });
