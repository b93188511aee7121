import { type LoadedScenario, loadScenario } from '../scenario/load.ts';
import type { ResolvedScenario } from '../scenario/resolved.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import type { Terminal } from './terminal.ts';

/** Options that change the scenario. */
export interface ScenarioOptions {
  readonly seed?: string;
  readonly set: readonly string[];
  readonly strategy: readonly string[];
  /** Names of the runs wanted; none: all. */
  readonly run?: readonly string[];
  /** A time, or `auto`. */
  readonly warmup?: string;
  /** Parts of a run for confidence intervals. */
  readonly batches?: string;
  readonly trace?: string;
  readonly traceFilter: readonly string[];
  readonly traceFormat: readonly string[];
  /** Writes response.hlog, for commands that write. */
  readonly hlog?: boolean;
}

export type Loaded =
  | { readonly ok: true; readonly scenario: LoadedScenario }
  | { readonly ok: false; readonly code: ExitCode };

/** Reads a scenario with the changes of the command line; prints every error. */
export function loadWith(terminal: Terminal, file: string, options: ScenarioOptions): Loaded {
  const result = loadScenario(file, { overrides: overridesOf(options) });
  if (result.ok) {
    for (const warning of result.scenario.warnings) terminal.err(`warning: ${warning}\n`);
    return chosenRuns(terminal, result.scenario, options.run ?? []);
  }
  for (const { message } of result.errors) terminal.err(`error: ${message}\n`);
  // A scenario that cannot be read is a mistake of the command line like any other in it; 5 is for results.
  return { ok: false, code: EXIT.USAGE };
}

/** The scenario with the runs that are asked for, in its own order. */
function chosenRuns(terminal: Terminal, scenario: LoadedScenario, wanted: readonly string[]): Loaded {
  if (wanted.length === 0) return { ok: true, scenario };
  const names = scenario.runs.map(({ run }) => run);
  const unknown = wanted.find((name) => !names.includes(name));
  if (unknown !== undefined) {
    terminal.err(`error: --run ${unknown}: the scenario has ${names.join(', ')}\n`);
    return { ok: false, code: EXIT.USAGE };
  }
  return {
    ok: true,
    scenario: { ...scenario, runs: scenario.runs.filter(({ run }) => wanted.includes(run)) },
  };
}

/** Options as assignments to the scenario, those of `--set` first, so that the more special option wins. */
export function overridesOf(options: ScenarioOptions): string[] {
  const {
    seed,
    set,
    strategy,
    warmup,
    batches,
    trace = impliedLevel(options),
    traceFilter,
    traceFormat,
    hlog,
  } = options;
  const overrides = [...set];
  if (seed !== undefined) overrides.push(`seed=${JSON.stringify(seed)}`);
  if (strategy.length > 0) overrides.push(`strategies.selection=${flowList(strategy)}`);
  if (warmup !== undefined) overrides.push(`warmup=${warmup}`);
  if (batches !== undefined) overrides.push(`report.batches=${batches}`);
  if (trace !== undefined) overrides.push(`trace.level=${trace}`);
  if (traceFilter.length > 0) overrides.push(`trace.filter=${flowList(traceFilter)}`);
  if (traceFormat.length > 0) overrides.push(`trace.formats=${flowList(traceFormat)}`);
  if (hlog === true) overrides.push('report.responseLog=true');
  return overrides;
}

/** Texts tell every instruction, so whoever asks for one asks for the level that has them. */
const impliedLevel = ({ traceFormat }: ScenarioOptions): string | undefined =>
  traceFormat.some((format) => format !== 'csv') ? 'all' : undefined;

const flowList = (items: readonly string[]): string => JSON.stringify(items);

/** The options that make one of the scenario's runs again; what the command line does not change is left out. */
export function repeatArguments(file: string, options: ScenarioOptions, run: ResolvedScenario): string[] {
  const { set, warmup, batches, trace, traceFilter, traceFormat, hlog } = options;
  return [
    'run',
    file,
    ...(run.ties === undefined ? [] : ['--ties', run.ties]),
    ...set.flatMap((assignment) => ['--set', assignment]),
    '--seed',
    run.seed,
    ...chosenBy(options, run),
    ...(warmup === undefined ? [] : ['--warmup', warmup]),
    ...(batches === undefined ? [] : ['--batches', batches]),
    ...(trace === undefined ? [] : ['--trace', trace]),
    ...traceFilter.flatMap((event) => ['--trace-filter', event]),
    ...traceFormat.flatMap((format) => ['--trace-format', format]),
    ...(hlog === true ? ['--hlog'] : []),
  ];
}

/** Most runs are named after their selection policy alone; the names of others depend on the policies and cases there are. */
function chosenBy(
  { strategy }: ScenarioOptions,
  { run, strategy: { selection, case: named } }: ResolvedScenario,
): string[] {
  if (run === selection.kind && named === undefined) return ['--strategy', selection.kind];
  return [...strategy.flatMap((policy) => ['--strategy', policy]), '--run', run];
}
