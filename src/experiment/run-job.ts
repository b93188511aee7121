import type { FileSystem } from '../output/file-system.ts';
import type { Execution, Manifest } from '../output/manifest.ts';
import { OutputError } from '../output/output-error.ts';
import { ScenarioError } from '../scenario/errors.ts';
import { type LoadedScenario, loadScenarioText } from '../scenario/load.ts';
import type { ResolvedScenario } from '../scenario/resolved.ts';
import { type BuildSimulation, buildIn } from './built-run.ts';
import { finishedRun, type RunRequest, recordRun } from './recorded-run.ts';
import { RunDefect } from './run-defect.ts';
import { type RunResult, simulate } from './simulate.ts';
import { type RunSummary, summarize } from './summary.ts';

/**
 * One run as data that any thread or machine can be handed: the scenario's text, what the command line changed in it, which
 * of its runs, and the seed. `run-metrics.ts` turns the summary that comes back into numbers.
 */
export interface RunJob {
  /** Names the scenario in errors; its folder is where traces are looked for. */
  readonly file: string;
  readonly text: string;
  /** Assignments in the order in which they apply; one to `seed` is useless here. */
  readonly overrides: readonly string[];
  readonly run: string;
  readonly seed: string;
  /** End asked for besides the scenario's, ns; null: none. */
  readonly untilNs: number | null;
  /** Where a run folder is written; null: nothing but the summary is wanted. */
  readonly record: RecordJob | null;
}

export interface RecordJob {
  readonly outRoot: string;
  readonly program: Manifest['program'];
  /** Runs again what a folder holds already. */
  readonly force: boolean;
  /** The command line that wanted the run. */
  readonly argv: readonly string[];
}

export type JobOutcome =
  /** `folder` is empty when nothing was recorded. */
  | { readonly ok: true; readonly summary: RunSummary; readonly folder: string }
  | { readonly ok: false; readonly failure: JobFailure };

/** What made a job fail: the classes of errors do not survive the way between threads, their kinds do. */
export interface JobFailure {
  /** `stopped`: somebody wanted no more runs before this one began. */
  readonly kind: 'defect' | 'files' | 'scenario' | 'stopped';
  readonly message: string;
  /** Of a defect: where it came about, and the stack. */
  readonly eventCount: number;
  readonly nowNs: number;
  readonly stack: string;
}

/** What a thread that does jobs has around it. */
export interface JobEnvironment {
  readonly build: BuildSimulation;
  readonly files: FileSystem;
  readonly isAlive: (pid: number) => boolean;
  readonly shouldStop: () => boolean;
  /** Called when a run begins, with the scenario's folder and the command line; what it gives is called when it has ended. */
  readonly execution: (folder: string, argv: readonly string[]) => (result: RunResult) => Execution;
}

/** Does jobs one at a time. Most jobs in a row are of one scenario, so the last one is kept. */
export class JobPerformer {
  private text = '';
  private overrides = '';
  private loaded: LoadedScenario | null = null;

  /** Never rejects: whatever goes wrong is the outcome. */
  async perform(job: RunJob, environment: JobEnvironment): Promise<JobOutcome> {
    if (environment.shouldStop()) return failed(STOPPED);
    try {
      return { ok: true, ...(await this.run(job, environment)) };
    } catch (error) {
      return failed(describeFailure(error));
    }
  }

  private async run(
    job: RunJob,
    environment: JobEnvironment,
  ): Promise<{ summary: RunSummary; folder: string }> {
    const loaded = this.load(job);
    const scenario = seeded(loaded, job);
    const { build, files, isAlive, shouldStop } = environment;
    const { record, untilNs } = job;
    const options = { build: buildIn(build, loaded.folder), shouldStop };
    if (record === null) {
      const until = untilNs === null ? {} : { until: untilNs };
      const result = await simulate(scenario, options.build, { shouldStop, ...until });
      return { summary: summarize(result), folder: '' };
    }
    const request = requestOf(job, record, loaded, scenario);
    const { outRoot, force, argv } = record;
    const finished = force ? null : finishedRun(request, files, outRoot);
    if (finished !== null) return { summary: finished.summary, folder: finished.folder };
    const execution = environment.execution(loaded.folder, argv);
    const run = await recordRun(request, { ...options, files, outRoot, isAlive, execution });
    return { summary: run.summary, folder: run.folder };
  }

  private load({ file, text, overrides }: RunJob): LoadedScenario {
    const changes = JSON.stringify([file, ...overrides]);
    if (this.loaded !== null && this.text === text && this.overrides === changes) return this.loaded;
    const result = loadScenarioText(file, text, { overrides });
    if (!result.ok) throw result.errors[0];
    this.text = text;
    this.overrides = changes;
    this.loaded = result.scenario;
    return result.scenario;
  }
}

/** Nothing in a scenario is made of the seed before a run begins, so that another one needs no second reading. */
function seeded({ runs }: LoadedScenario, { run, seed }: RunJob): ResolvedScenario {
  const found = runs.find((scenario) => scenario.run === run);
  if (found === undefined) {
    throw new Error(
      `the scenario has no run ${run}, only ${runs.map((scenario) => scenario.run).join(', ')}`,
    );
  }
  return { ...found, seed };
}

/** The request that `chpsim run --seed` makes: both write the same folder. */
const requestOf = (
  { overrides, seed, untilNs }: RunJob,
  { program }: RecordJob,
  { sha256 }: LoadedScenario,
  scenario: ResolvedScenario,
): RunRequest => ({
  scenario,
  textSha256: sha256,
  overrides: [...overrides, `seed=${JSON.stringify(seed)}`],
  untilNs,
  program,
});

const failed = (failure: JobFailure): JobOutcome => ({ ok: false, failure });

const NOWHERE = { eventCount: 0, nowNs: 0, stack: '' } as const;
const STOPPED: JobFailure = { kind: 'stopped', message: 'stopped before it began', ...NOWHERE };

export function describeFailure(error: unknown): JobFailure {
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof OutputError) return { kind: 'files', message, ...NOWHERE };
  if (error instanceof ScenarioError) {
    return { kind: error.kind === 'unreadable' ? 'files' : 'scenario', message, ...NOWHERE };
  }
  const origin = error instanceof RunDefect ? error.cause : error;
  const stack = origin instanceof Error ? (origin.stack ?? '') : '';
  const { eventCount, nowNs } = error instanceof RunDefect ? error : NOWHERE;
  return { kind: 'defect', message, eventCount, nowNs, stack };
}
