import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Manifest } from '../../output/manifest.ts';
import type { JobFailure, RunJob } from '../run-job.ts';
import type { OnOutcome, SweepEngine } from './engine.ts';
import { openQueue, type RunQueue } from './job-queue.ts';
import type { SweepOutcome } from './run-record.ts';
import type { SweepRun } from './sweep-runs.ts';

/** Runs handed to the queue and not yet told of: enough for many workers, few enough for Redis's memory. */
const MOST_OUTSTANDING = 256;
/** Between two looks at what has become of them, ms. */
const LOOK_MS = 200;
/** Time without any result after which the lack of workers is worth a word, ms. */
const SILENCE_MS = 3_000;
/** Time that removing what no worker has begun may take, ms. */
const WITHDRAW_MS = 2_000;

/**
 * Has runs done by workers behind a queue. A run's key is the identity of its job, so adding one that is there already changes
 * nothing: whatever Redis or a worker has forgotten is added again, and what was done for a sweep that has died is found.
 * The queue is asked for the state of each run rather than listened to, since news can be lost with a connection.
 */
export class QueueEngine implements SweepEngine {
  private readonly queue: RunQueue;
  private readonly warn: (message: string) => void;
  private readonly outstanding = new Map<string, SweepRun>();
  private isStopped = false;
  private leave!: () => void;
  private readonly left = new Promise<void>((resolve) => {
    this.leave = resolve;
  });

  private constructor(queue: RunQueue, warn: (message: string) => void) {
    this.queue = queue;
    this.warn = warn;
  }

  static async connect(
    url: string,
    program: Manifest['program'],
    warn: (message: string) => void,
  ): Promise<QueueEngine> {
    const queue = await openQueue(url, program, (problem) =>
      warn(`warning: no connection to Redis (${problem}); waiting for it`),
    );
    return new QueueEngine(queue, warn);
  }

  async perform(runs: readonly SweepRun[], onOutcome: OnOutcome): Promise<void> {
    // Redis may be away when the sweep is told to stop, and then no command ever ends.
    await Promise.race([this.performAll(runs, onOutcome), this.left]);
  }

  stop(): void {
    this.isStopped = true;
    this.leave();
  }

  async end(): Promise<void> {
    if (!this.isStopped) {
      await this.queue.close();
      return;
    }
    await Promise.race([this.withdraw(), sleep(WITHDRAW_MS)]);
    await this.queue.disconnect();
  }

  private async performAll(runs: readonly SweepRun[], onOutcome: OnOutcome): Promise<void> {
    const waiting = runs.values();
    let silentMs = 0;
    await this.fill(waiting);
    while (this.outstanding.size > 0 && !this.isStopped) {
      const ended = await this.look(onOutcome);
      await this.fill(waiting);
      if (ended > 0) silentMs = 0;
      else await sleep(LOOK_MS);
      if (silentMs < SILENCE_MS && silentMs + LOOK_MS >= SILENCE_MS) await this.checkWorkers();
      silentMs += LOOK_MS;
    }
  }

  private async fill(waiting: IterableIterator<SweepRun>): Promise<void> {
    while (this.outstanding.size < MOST_OUTSTANDING && !this.isStopped) {
      const next = waiting.next();
      if (next.done === true) return;
      await this.add(next.value);
    }
  }

  private async add(run: SweepRun): Promise<void> {
    this.outstanding.set(run.key, run);
    await this.queue.add('run', withWholePath(run.job), { jobId: run.key, attempts: 1 });
  }

  /** Returns how many runs have ended since the last look. */
  private async look(onOutcome: OnOutcome): Promise<number> {
    const runs = [...this.outstanding.values()];
    const states = await Promise.all(runs.map(({ key }) => this.queue.getJobState(key)));
    let ended = 0;
    for (const [at, run] of runs.entries()) {
      const state = states[at];
      if (state === 'unknown') await this.add(run);
      if (state !== 'completed' && state !== 'failed') continue;
      await this.collect(run, onOutcome);
      ended++;
    }
    return ended;
  }

  /** What was told is on disk, so Redis need not keep it. */
  private async collect(run: SweepRun, onOutcome: OnOutcome): Promise<void> {
    const job = await this.queue.getJob(run.key);
    // Another sweep that wants the same run was faster; the next look adds it again.
    if (job === undefined || this.isStopped) return;
    this.outstanding.delete(run.key);
    onOutcome(run, job.returnvalue ?? givenUp(job.failedReason));
    await this.queue.remove(run.key);
  }

  private async checkWorkers(): Promise<void> {
    if ((await this.queue.getWorkersCount()) > 0) return;
    this.warn('warning: no worker of this program is connected; start one with chpsim worker --redis URL');
  }

  /** Workers finish what they are at, and what comes of it waits for the sweep to be resumed. */
  private async withdraw(): Promise<void> {
    // One that a worker is at is locked, and is not removed.
    await Promise.all([...this.outstanding.keys()].map((key) => this.queue.remove(key)));
  }
}

/** A worker's working directory is another one. */
const withWholePath = (job: RunJob): RunJob =>
  job.file === '-' ? { ...job, file: path.resolve('stdin') } : { ...job, file: path.resolve(job.file) };

/** Workers report what goes wrong in a run; what they cannot report is their own end. */
function givenUp(reason: string): SweepOutcome {
  const failure: JobFailure = {
    kind: 'defect',
    message: `no worker could finish it: ${reason}`,
    eventCount: 0,
    nowNs: 0,
    stack: '',
  };
  return { ok: false, failure };
}
