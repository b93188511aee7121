import { repetitionSeed } from '../experiment/repetitions.ts';
import type { JobOutcome, RecordJob, RunJob } from '../experiment/run-job.ts';
import type { RunSummary } from '../experiment/summary.ts';
import { type JobRunner, runJobs } from '../experiment/worker-pool.ts';
import type { LoadedScenario } from '../scenario/load.ts';
import { EXIT, type ExitCode, worst } from './exit-codes.ts';
import { Interrupt } from './interrupt.ts';
import { jobRunner, reportJobFailure } from './job-runner.ts';
import { ProgressLine, type ProgressMode } from './progress.ts';
import { repeatLine } from './repeat-line.ts';
import { overridesOf, repeatArguments, type ScenarioOptions } from './scenario-runs.ts';
import type { Terminal } from './terminal.ts';

export interface RepetitionOptions extends ScenarioOptions {
  readonly untilNs: number | null;
  /** As written, for the repeating line. */
  readonly until?: string;
  /** Runs at a time. */
  readonly jobs: number;
  readonly progress: ProgressMode;
}

/** One run of the scenario with its repetitions, those that failed left out. */
export interface RepeatedRun {
  readonly run: string;
  readonly summaries: RunSummary[];
  /** Of a recorded run: its folders, in the order of the summaries. */
  readonly folders: string[];
}

/** Repeats all runs of a scenario, and more often when that turns out to be too few. */
export class Repetitions {
  readonly runs: readonly RepeatedRun[];
  /** Of each run. */
  made = 0;
  private readonly terminal: Terminal;
  private readonly file: string;
  private readonly loaded: LoadedScenario;
  private readonly options: RepetitionOptions;
  private readonly record: RecordJob | null;
  private readonly runner: JobRunner;
  private readonly interrupt: Interrupt;
  private readonly progress: ProgressLine;
  private readonly codes: ExitCode[] = [];

  constructor(
    terminal: Terminal,
    file: string,
    loaded: LoadedScenario,
    options: RepetitionOptions,
    record: RecordJob | null,
  ) {
    this.terminal = terminal;
    this.file = file;
    this.loaded = loaded;
    this.options = options;
    this.record = record;
    this.runs = loaded.runs.map(({ run }) => ({ run, summaries: [], folders: [] }));
    this.runner = jobRunner(terminal, options.jobs);
    this.interrupt = new Interrupt(terminal, () => this.runner.stop());
    this.progress = new ProgressLine(terminal, options.progress);
  }

  /** Worst of what happened so far. */
  get code(): ExitCode {
    return worst(this.codes);
  }

  /** Whether all runs were made to their end, so that more of them, or a look at them, make sense. */
  get areWhole(): boolean {
    return this.code === EXIT.OK || this.code === EXIT.THRESHOLD;
  }

  /** Makes repetitions until each run has so many. */
  async extendTo(count: number): Promise<void> {
    const jobs: RunJob[] = [];
    for (let repetition = this.made + 1; repetition <= count; repetition++) {
      for (const { run, seed } of this.loaded.runs)
        jobs.push(this.job(run, repetitionSeed(seed, repetition)));
    }
    await runJobs(this.runner, jobs, (outcome, at) => {
      this.take(outcome, jobs[at], at % this.runs.length);
      this.progress.show(() => `${at + 1} of ${jobs.length} runs`);
    });
    this.progress.end();
    this.made = count;
    const { code } = this.interrupt;
    if (code !== null) this.codes.push(code);
  }

  async end(): Promise<void> {
    this.interrupt.end();
    await this.runner.end();
  }

  private job(run: string, seed: string): RunJob {
    const { file, loaded, options, record } = this;
    const { seed: _, ...others } = options;
    const overrides = overridesOf(others);
    return { file, text: loaded.text, overrides, run, seed, untilNs: options.untilNs, record };
  }

  private take(outcome: JobOutcome, job: RunJob, at: number): void {
    const repeat = this.repeatOf(job, at);
    if (!outcome.ok) {
      this.codes.push(reportJobFailure(this.terminal, outcome.failure, job.seed, repeat));
      return;
    }
    const { summary, folder } = outcome;
    // What a run measured up to an interruption is no repetition of anything.
    if (summary.meta.termination === 'interrupted') return;
    const failed = [...summary.thresholds, ...summary.expectations].filter(({ fails }) => fails);
    for (const { text, reason } of failed) {
      this.terminal.err(`${job.run}, seed ${job.seed}: ${text}: ${reason}; repeat with: ${repeat}\n`);
    }
    if (failed.length > 0) this.codes.push(EXIT.THRESHOLD);
    this.runs[at].summaries.push(summary);
    this.runs[at].folders.push(folder);
  }

  private repeatOf({ seed }: RunJob, at: number): string {
    const { until } = this.options;
    const line = repeatArguments(this.file, this.options, { ...this.loaded.runs[at], seed });
    return repeatLine([...line, ...(until === undefined ? [] : ['--until', until])]);
  }
}
