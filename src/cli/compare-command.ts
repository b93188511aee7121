import {
  askedWarmup,
  type ComparedSide,
  obstacles,
  pairsOf,
  repeatedSeed,
} from '../experiment/comparability.ts';
import { judgePrecision, nextPairs } from '../experiment/difference-precision.ts';
import { compareRepetitions } from '../experiment/paired-comparison.ts';
import { judgeLimit, type RegressionLimit } from '../experiment/regression-limits.ts';
import type { WantedPrecision } from '../experiment/repetitions.ts';
import { runMetrics } from '../experiment/run-metrics.ts';
import type { Manifest } from '../output/manifest.ts';
import type { LoadedScenario } from '../scenario/load.ts';
import { isRecorded, recordedSides } from './compare-sides.ts';
import { type CompareFormat, formatComparison, type SideComparison } from './compare-text.ts';
import { EXIT, type ExitCode, worst } from './exit-codes.ts';
import { type RepeatedRun, type RepetitionOptions, Repetitions } from './repetitions.ts';
import { loadWith } from './scenario-runs.ts';
import { paintFor, type Terminal } from './terminal.ts';
import { UsageError } from './usage-error.ts';
import { checkPhases } from './wanted-phases.ts';

export interface CompareOptions extends RepetitionOptions {
  /** Repetitions of the runs of a scenario. */
  readonly reps: number;
  /** Only these metrics; none: all. */
  readonly metric: readonly string[];
  readonly limits: readonly RegressionLimit[];
  /** Differences that are to be known well; none: `reps` repetitions are made. */
  readonly precision: readonly WantedPrecision[];
  readonly maxReps: number;
  readonly format: CompareFormat;
  /** Lists every metric of every phase. */
  readonly all: boolean;
  readonly force: boolean;
  readonly color: boolean;
}

/** `chpsim compare`: the first side is the reference of all others. */
export async function compareCommand(
  terminal: Terminal,
  program: Manifest['program'],
  targets: readonly string[],
  options: CompareOptions,
): Promise<ExitCode> {
  const found = await sidesOf(terminal, targets, options);
  if (found.sides === null) return found.code;
  const [reference, ...others] = found.sides;
  if (others.length === 0) {
    throw new UsageError(`there is only ${reference.name}: a comparison needs two runs or more`);
  }
  for (const side of found.sides) checkSeeds(side);
  for (const other of others) checkComparable(terminal, reference, other, options.force);
  const compared = others.map((other) => compareSide(reference, other, options));
  const { format, all, color } = options;
  const paint = paintFor(terminal.outIsTerminal, terminal.env, color);
  const [{ scenario }] = reference.repetitions;
  terminal.out(
    formatComparison({ scenario, reference: reference.name, compared, format, all, paint, program }),
  );
  const fails = compared.some(({ limits }) => limits.some((limit) => limit.fails));
  const isVague = compared.some(({ precisions }) => precisions.some((precision) => precision.fails));
  if (isVague) {
    terminal.err(
      'error: the repetitions do not reach the precision; raise --max-reps or make the runs longer\n',
    );
  }
  return worst([found.code, fails ? EXIT.DIFFERENT : EXIT.OK, isVague ? EXIT.THRESHOLD : EXIT.OK]);
}

type Found = { readonly sides: ComparedSide[] | null; readonly code: ExitCode };

async function sidesOf(
  terminal: Terminal,
  targets: readonly string[],
  options: CompareOptions,
): Promise<Found> {
  if (targets.every((target) => isRecorded(terminal, target))) {
    if (options.precision.length > 0) {
      throw new UsageError('--until-precision needs a scenario: recorded runs are as many as they are');
    }
    return { sides: recordedSides(terminal, targets, options.run ?? []), code: EXIT.OK };
  }
  if (targets.length > 1) {
    const odd = targets.find((target) => !isRecorded(terminal, target));
    throw new UsageError(
      `${odd} is neither a manifest nor a folder with runs; runs of a scenario are compared by naming it alone`,
    );
  }
  return simulatedSides(terminal, targets[0], options);
}

async function simulatedSides(terminal: Terminal, file: string, options: CompareOptions): Promise<Found> {
  const loaded = loadWith(terminal, file, { ...options, trace: 'none' });
  if (!loaded.ok) return { sides: null, code: loaded.code };
  checkPhases('--until-precision', options.precision, loaded.scenario.runs);
  checkPhases('--max-regression', options.limits, loaded.scenario.runs);
  const repetitions = new Repetitions(terminal, file, loaded.scenario, { ...options, trace: 'none' }, null);
  try {
    await repeatEnough(repetitions, options);
  } finally {
    await repetitions.end();
  }
  const { code, areWhole, runs } = repetitions;
  if (!areWhole) return { sides: null, code };
  const ordered = inOrder(runs, options.run ?? []);
  return { sides: ordered.map((run) => simulatedSide(run, loaded.scenario, options)), code };
}

/** Repeats until the differences are known well enough, or there are more repetitions than allowed. */
async function repeatEnough(repetitions: Repetitions, options: CompareOptions): Promise<void> {
  const { precision, reps, maxReps } = options;
  await repetitions.extendTo(precision.length === 0 ? reps : Math.min(reps, maxReps));
  while (precision.length > 0 && repetitions.areWhole && repetitions.runs.length > 1) {
    const sides = inOrder(repetitions.runs, options.run ?? []).map(({ summaries }) =>
      summaries.map(runMetrics),
    );
    const next = nextPairs(sides, precision, maxReps);
    if (next <= repetitions.made) return;
    await repetitions.extendTo(next);
  }
}

/** The first run that is named is the reference. */
const inOrder = (runs: readonly RepeatedRun[], names: readonly string[]): RepeatedRun[] =>
  names.length === 0 ? [...runs] : names.map((name) => runs.find(({ run }) => run === name)!);

function simulatedSide(
  { run, summaries }: RepeatedRun,
  { sha256, runs }: LoadedScenario,
  { untilNs }: CompareOptions,
): ComparedSide {
  const scenarioOfRun = runs.find((scenario) => scenario.run === run)!;
  return {
    name: run,
    repetitions: summaries.map((summary) => {
      const { scenario, seed, termination, fingerprint } = summary.meta;
      const metrics = runMetrics(summary);
      const span = {
        durationNs: untilNs ?? scenarioOfRun.durationNs,
        warmup: askedWarmup(scenarioOfRun),
      };
      return { seed, scenario, scenarioSha256: sha256, ...span, termination, fingerprint, metrics };
    }),
  };
}

function checkSeeds(side: ComparedSide): void {
  const seed = repeatedSeed(side);
  if (seed === null) return;
  throw new UsageError(
    `${side.name} has two runs with seed ${seed}, of different programs or with different options: leave one out`,
  );
}

function checkComparable(terminal: Terminal, one: ComparedSide, two: ComparedSide, force: boolean): void {
  const reasons = obstacles(one, two);
  if (reasons.length === 0) return;
  const what = `${two.name} is not comparable with ${one.name}: ${reasons.join('; ')}`;
  if (!force) throw new UsageError(`${what}; --force compares what can be paired`);
  terminal.err(`warning: ${what}\n`);
  if (pairsOf(one, two).other.length === 0) throw new UsageError('no seed is on both sides');
}

function compareSide(reference: ComparedSide, other: ComparedSide, options: CompareOptions): SideComparison {
  const pairs = pairsOf(reference, other);
  const { metric: wanted, limits, precision } = options;
  const named = [...wanted, ...[...limits, ...precision].map(({ metric }) => metric)];
  const isWanted = (metric: string): boolean => wanted.length === 0 || named.includes(metric);
  const metrics = compareRepetitions(pairs.reference, pairs.other, isWanted);
  return {
    name: other.name,
    pairs: pairs.other.length,
    metrics,
    limits: limits.map((limit) => judgeLimit(limit, metrics)),
    precisions: precision.map((one) => judgePrecision(pairs.reference, pairs.other, one)),
  };
}
