import type { Manifest } from '../../output/manifest.ts';
import { canonicalJson, sha256 } from '../../scenario/canonical.ts';
import { ScenarioError } from '../../scenario/errors.ts';
import { loadScenarioText } from '../../scenario/load.ts';
import type { ResolvedScenario } from '../../scenario/resolved.ts';
import { repetitionSeed } from '../repetitions.ts';
import type { RunJob } from '../run-job.ts';
import type { SweepPoint } from './points.ts';

/** One run of a sweep: a point, one of the scenario's runs there, and a repetition. */
export interface SweepRun {
  readonly point: SweepPoint;
  readonly run: string;
  /** From 1. */
  readonly repetition: number;
  /** Digest of everything that decides what comes of the run: equal keys, equal results. */
  readonly key: string;
  readonly job: RunJob;
}

/** A point at which there is no valid scenario. */
export interface BadPoint {
  readonly point: SweepPoint;
  readonly errors: readonly ScenarioError[];
}

/** The scenario that a sweep varies. */
export interface SweptScenario {
  readonly file: string;
  readonly text: string;
  /** What the command line changes at every point. */
  readonly overrides: readonly string[];
  /** Names of the runs wanted; none: all. */
  readonly runs: readonly string[];
  readonly repetitions: number;
  readonly program: Manifest['program'];
}

/** The runs at one point, or what is wrong there. */
export function runsAt(swept: SweptScenario, point: SweepPoint): SweepRun[] | BadPoint {
  const { file, text, runs: wanted, repetitions, program } = swept;
  const overrides = [...swept.overrides, ...point.values.map(({ assignment }) => assignment)];
  const loaded = loadScenarioText(file, text, { overrides });
  if (!loaded.ok) return { point, errors: loaded.errors.map((error) => atItsAxis(error, point)) };
  const found = loaded.scenario.runs.filter(({ run }) => wanted.length === 0 || wanted.includes(run));
  return found.flatMap((scenario) =>
    Array.from({ length: repetitions }, (_, at) => {
      const repetition = at + 1;
      const seed = repetitionSeed(scenario.seed, repetition);
      const { run } = scenario;
      const job: RunJob = { file, text, overrides, run, seed, untilNs: null, record: null };
      return { point, run, repetition, key: keyOf({ ...scenario, seed }, program), job };
    }),
  );
}

/**
 * Names a file, and a job in a queue: no colon, which separates the parts of keys there, and not all digits. What is
 * recorded of a run has no part in it, and the scenario's name and purpose are for people.
 */
function keyOf(scenario: ResolvedScenario, program: Manifest['program']): string {
  const { name: _name, about: _about, trace: _trace, ...model } = scenario;
  return `run-${sha256(canonicalJson({ model, program })).slice(0, 32)}`;
}

/** A mistake that an axis brought in stands where its value is written, not on the command line. */
function atItsAxis(error: ScenarioError, { values }: SweepPoint): ScenarioError {
  const value = values.find(({ assignment }) => error.file === `--set ${assignment}`);
  if (value === undefined) return error;
  return new ScenarioError(error.kind, value.place, error.path, error.problem, error.hint);
}
