import { nextRepetitions, repetitionSeed, type WantedPrecision } from '../experiment/repetitions.ts';
import { runMetrics } from '../experiment/run-metrics.ts';
import { formatJunit } from '../output/junit.ts';
import type { Manifest } from '../output/manifest.ts';
import { writeWholeFile } from '../output/whole-file.ts';
import type { LoadedScenario } from '../scenario/load.ts';
import { EXIT, type ExitCode, worst } from './exit-codes.ts';
import { reportFailure } from './failure.ts';
import { junitSuite } from './junit-suite.ts';
import { formatRepetitions } from './repetition-text.ts';
import { Repetitions } from './repetitions.ts';
import type { RunOptions } from './run-command.ts';
import { paintFor, type Terminal } from './terminal.ts';
import { theoryOfRepetitions } from './theory-run.ts';
import { checkPhases } from './wanted-phases.ts';
import { warmupRange } from './warmup-text.ts';

/** How often `run` repeats, and how much of it at a time. */
export interface RepeatOptions {
  readonly reps: number;
  readonly jobs: number;
  /** Metrics that are to be known well; none: `reps` repetitions are made. */
  readonly precision: readonly WantedPrecision[];
  readonly maxReps: number;
}

/** The first guess at a variance when nobody says how many repetitions to begin with. */
const FIRST_REPETITIONS = 5;

/** `chpsim run --reps`: every run of the scenario with several seeds, each in a folder of its own, and what they say together. */
export async function repeatCommand(
  terminal: Terminal,
  program: Manifest['program'],
  argv: readonly string[],
  file: string,
  loaded: LoadedScenario,
  options: RunOptions,
): Promise<ExitCode> {
  const { out: outRoot, force, precision, maxReps, format } = options;
  checkPhases('--until-precision', precision, loaded.runs);
  const wanted = precision.length > 0 ? Math.max(options.reps, FIRST_REPETITIONS) : options.reps;
  const first = precision.length > 0 ? Math.min(wanted, maxReps) : wanted;
  const repetitions = new Repetitions(terminal, file, loaded, options, { outRoot, program, force, argv });
  try {
    await repetitions.extendTo(first);
    while (precision.length > 0 && repetitions.areWhole) {
      const next = nextRepetitions(metricsOf(repetitions), precision, maxReps);
      if (next <= repetitions.made) break;
      await repetitions.extendTo(next);
    }
  } finally {
    await repetitions.end();
  }
  const codes = [repetitions.code, reachedCode(terminal, repetitions, options)];
  const paint = paintFor(terminal.outIsTerminal, terminal.env, options.color);
  const runs = repetitions.runs.map(({ run, summaries }) => ({
    run,
    repetitions: summaries.map(runMetrics),
  }));
  if (runs.some((run) => run.repetitions.length > 0)) {
    const { name } = loaded;
    const [{ seed }] = loaded.runs;
    const seeds = `${seed} … ${repetitionSeed(seed, repetitions.made)}`;
    const warmups = warmupRange(repetitions.runs.flatMap(({ summaries }) => summaries));
    const { details, untilNs } = options;
    const theory = options.theory
      ? loaded.runs.map((run, at) => theoryOfRepetitions(run, untilNs, runs[at].repetitions))
      : [];
    const shown = { scenario: name, seeds, warmups, format, program, paint, details, theory };
    terminal.out(formatRepetitions(runs, shown));
  }
  if (options.junit !== undefined) codes.push(writeJunit(terminal, options.junit, repetitions));
  return worst(codes);
}

const metricsOf = ({ runs }: Repetitions) => runs.map(({ summaries }) => summaries.map(runMetrics));

/** A precision that was asked for is a threshold like any other. */
function reachedCode(terminal: Terminal, repetitions: Repetitions, options: RunOptions): ExitCode {
  const { precision } = options;
  if (precision.length === 0 || !repetitions.areWhole) return EXIT.OK;
  const more = nextRepetitions(metricsOf(repetitions), precision, Number.MAX_SAFE_INTEGER);
  if (more <= repetitions.made) return EXIT.OK;
  terminal.err(
    `error: ${repetitions.made} repetitions do not reach the precision; raise --max-reps or make the runs longer\n`,
  );
  return EXIT.THRESHOLD;
}

function writeJunit(terminal: Terminal, path: string, { runs }: Repetitions): ExitCode {
  const suites = runs.flatMap(({ summaries }) =>
    summaries.map((summary) => {
      const suite = junitSuite(summary);
      return { ...suite, name: `${suite.name}.${summary.meta.seed}` };
    }),
  );
  try {
    writeWholeFile(terminal.files, path, formatJunit(suites));
    return EXIT.OK;
  } catch (error) {
    return reportFailure(terminal, error, '');
  }
}
