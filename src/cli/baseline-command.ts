import path from 'node:path';
import {
  type BaselineCheck,
  checkRun,
  formatBaseline,
  parseBaseline,
  runBaseline,
  type ScenarioBaseline,
} from '../experiment/baseline.ts';
import { writeWholeFile } from '../output/whole-file.ts';
import { formatValue } from './estimate-text.ts';
import { EXIT, type ExitCode, worst } from './exit-codes.ts';
import { readText } from './manifest-file.ts';
import type { ProgressMode } from './progress.ts';
import { Repetitions } from './repetitions.ts';
import { loadWith, type ScenarioOptions } from './scenario-runs.ts';
import type { Terminal } from './terminal.ts';
import { UsageError } from './usage-error.ts';

export interface BaselineOptions {
  readonly jobs: number;
  readonly progress: ProgressMode;
}

export interface SaveOptions extends BaselineOptions {
  readonly reps: number;
  readonly set: readonly string[];
}

export interface CheckOptions extends BaselineOptions {
  /** Other events fail even where they measure the same. */
  readonly strict: boolean;
}

/** `chpsim baseline save`: measures scenarios and writes down what they measure. */
export async function saveBaseline(
  terminal: Terminal,
  file: string,
  scenarios: readonly string[],
  options: SaveOptions,
): Promise<ExitCode> {
  const saved: ScenarioBaseline[] = [];
  for (const scenario of scenarios) {
    const made = await repeat(terminal, scenario, options.set, options.reps, options);
    if (made.repetitions === null) return made.code;
    const { loaded, repetitions } = made;
    if (saved.some(({ name }) => name === loaded.name)) {
      throw new UsageError(`two scenarios have the name ${loaded.name}: give each its own baseline`);
    }
    saved.push({
      name: loaded.name,
      file: path.relative(path.dirname(file), scenario).replaceAll(path.sep, '/'),
      sha256: loaded.sha256,
      overrides: options.set,
      reps: options.reps,
      runs: repetitions.runs.map(({ run, summaries }) => runBaseline(run, summaries)),
    });
  }
  writeWholeFile(terminal.files, file, formatBaseline({ schemaVersion: 1, scenarios: saved }));
  terminal.out(`${file}: ${saved.map(({ name, runs }) => `${name} (${runs.length} runs)`).join(', ')}\n`);
  return EXIT.OK;
}

/** `chpsim baseline check`: measures again what a baseline holds, all of it or the scenarios that are named. */
export async function checkBaseline(
  terminal: Terminal,
  file: string,
  scenarios: readonly string[],
  options: CheckOptions,
): Promise<ExitCode> {
  const baseline = parseBaseline(readText(terminal, file));
  if (baseline === null) throw new UsageError(`${file} is no baseline; chpsim baseline save writes one`);
  const folder = path.dirname(file);
  const placed = baseline.scenarios.map((known) => ({ known, place: path.join(folder, known.file) }));
  const codes: ExitCode[] = [];
  for (const scenario of scenarios) {
    if (placed.some(({ place }) => path.relative(place, scenario) === '')) continue;
    throw new UsageError(
      `${file} holds nothing of ${scenario}, only ${placed.map(({ place }) => place).join(', ')}`,
    );
  }
  for (const { known, place } of placed) {
    const isWanted = scenarios.some((scenario) => path.relative(place, scenario) === '');
    if (scenarios.length === 0 || isWanted) codes.push(await checkScenario(terminal, known, place, options));
  }
  return worst(codes);
}

async function checkScenario(
  terminal: Terminal,
  known: ScenarioBaseline,
  file: string,
  options: CheckOptions,
): Promise<ExitCode> {
  const made = await repeat(terminal, file, known.overrides, known.reps, options, known.sha256);
  if (made.repetitions === null) return made.code;
  const { runs } = made.repetitions;
  const names = runs.map(({ run }) => run);
  const gone = known.runs.filter(({ run }) => !names.includes(run)).map(({ run }) => run);
  if (gone.length > 0) {
    terminal.out(`${known.name}: changed: there is no run ${gone.join(', ')} any more\n`);
    return EXIT.DIFFERENT;
  }
  const checks = known.runs.map((run) => checkRun(run, runs[names.indexOf(run.run)].summaries));
  for (const check of checks) terminal.out(checkText(known.name, check));
  const isWorse = checks.some(
    ({ outcome }) => outcome === 'changed' || (options.strict && outcome === 'events'),
  );
  return isWorse ? EXIT.DIFFERENT : EXIT.OK;
}

const OUTCOMES: Readonly<Record<BaselineCheck['outcome'], string>> = {
  same: 'same events, same figures',
  events: 'other events (the fingerprint changed), but no figure differs beyond chance',
  changed: 'changed',
};

function checkText(scenario: string, { run, outcome, changed }: BaselineCheck): string {
  const lines = changed.map(({ metric, reference, value, verdict }) => {
    const judged = verdict === 'better' || verdict === 'worse' ? ` (${verdict})` : '';
    return `  ${metric}: ${formatValue(metric, reference)}, now ${formatValue(metric, value)}${judged}\n`;
  });
  return `${scenario} ${run}: ${OUTCOMES[outcome]}\n${lines.join('')}`;
}

const NO_CHOICE = { strategy: [], trace: 'none', traceFilter: [], traceFormat: [] } as const;

/** Makes the repetitions; `null` when they cannot be had, or `sha256` is wanted and the scenario is another. */
async function repeat(
  terminal: Terminal,
  file: string,
  set: readonly string[],
  reps: number,
  { jobs, progress }: BaselineOptions,
  sha256?: string,
) {
  const choice: ScenarioOptions = { ...NO_CHOICE, set };
  const result = loadWith(terminal, file, choice);
  if (!result.ok) return { repetitions: null, code: result.code } as const;
  const { scenario: loaded } = result;
  if (sha256 !== undefined && loaded.sha256 !== sha256) {
    terminal.out(`${loaded.name}: the scenario has changed since its baseline; save the baseline again\n`);
    return { repetitions: null, code: EXIT.DIFFERENT } as const;
  }
  const repetitions = new Repetitions(
    terminal,
    file,
    loaded,
    { ...choice, untilNs: null, jobs, progress },
    null,
  );
  try {
    await repetitions.extendTo(reps);
  } finally {
    await repetitions.end();
  }
  // A threshold that fails is told, and is a matter of the scenario: what is asked here is whether anything changed.
  return repetitions.areWhole
    ? ({ repetitions, loaded } as const)
    : ({ repetitions: null, code: repetitions.code } as const);
}
