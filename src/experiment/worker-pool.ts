import { Piscina } from 'piscina';
import {
  describeFailure,
  type JobEnvironment,
  type JobOutcome,
  JobPerformer,
  type RunJob,
} from './run-job.ts';

/** Somebody who does jobs, in this thread or in others. The outcome of a job never depends on who did it, nor when. */
export interface JobRunner {
  /** Never rejects. */
  run(job: RunJob): Promise<JobOutcome>;
  /** Runs under way end at their next event boundary, those that wait do not begin. */
  stop(): void;
  /** Must be called when no more jobs come. */
  end(): Promise<void>;
}

/** A job on its way to a thread, with the flag (not zero: stop) that all threads share. */
export interface WorkerTask {
  readonly job: RunJob;
  readonly stop: SharedArrayBuffer;
}

/** Does jobs on worker threads. This is the only file that imports piscina. */
export class WorkerPool implements JobRunner {
  private readonly pool: Piscina<WorkerTask, JobOutcome>;
  private readonly flag = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT);

  /** `worker`: module whose default export answers a `WorkerTask`, see `answerTask`. */
  constructor(worker: URL, threads: number) {
    this.pool = new Piscina<WorkerTask, JobOutcome>({
      filename: worker.href,
      minThreads: threads,
      maxThreads: threads,
      // One run needs the whole thread, and an idle one costs nothing worth ending it for.
      concurrentTasksPerWorker: 1,
      atomics: 'disabled',
    });
  }

  async run(job: RunJob): Promise<JobOutcome> {
    try {
      return await this.pool.run({ job, stop: this.flag });
    } catch (error) {
      // The thread itself is gone: out of memory, for instance.
      return { ok: false, failure: describeFailure(error) };
    }
  }

  stop(): void {
    Atomics.store(new Int32Array(this.flag), 0, 1);
  }

  end(): Promise<void> {
    return this.pool.destroy();
  }
}

/** What a worker module does with a task. */
export function answerTask(
  performer: JobPerformer,
  { job, stop }: WorkerTask,
  environment: Omit<JobEnvironment, 'shouldStop'>,
): Promise<JobOutcome> {
  const flag = new Int32Array(stop);
  return performer.perform(job, { ...environment, shouldStop: () => Atomics.load(flag, 0) !== 0 });
}

/** Does jobs in this thread, one after the other. */
export class SameThread implements JobRunner {
  private readonly environment: JobEnvironment;
  private readonly performer = new JobPerformer();
  private previous: Promise<unknown> = Promise.resolve();
  private isStopped = false;

  constructor(environment: JobEnvironment) {
    const shouldStop = (): boolean => this.isStopped || environment.shouldStop();
    this.environment = { ...environment, shouldStop };
  }

  run(job: RunJob): Promise<JobOutcome> {
    const outcome = this.previous.then(() => this.performer.perform(job, this.environment));
    this.previous = outcome;
    return outcome;
  }

  stop(): void {
    this.isStopped = true;
  }

  async end(): Promise<void> {
    await this.previous;
  }
}

/** Hands out all jobs at once and the outcomes in the order of the jobs, each as soon as those before it are there. */
export async function runJobs(
  runner: JobRunner,
  jobs: readonly RunJob[],
  onOutcome: (outcome: JobOutcome, at: number) => void,
): Promise<void> {
  const outcomes = jobs.map((job) => runner.run(job));
  for (let at = 0; at < outcomes.length; at++) onOutcome(await outcomes[at], at);
}
