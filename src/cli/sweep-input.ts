import path from 'node:path';
import type { SweptScenario } from '../experiment/sweep/sweep-runs.ts';
import type { Manifest } from '../output/manifest.ts';
import { ScenarioError } from '../scenario/errors.ts';
import { loadScenarioText } from '../scenario/load.ts';
import { decodeScenario, readScenarioFile } from '../scenario/scenario-file.ts';
import { planOfFile, planOfScenario, type SweepPlan } from '../scenario/sweep-plan.ts';
import { overridesOf } from './scenario-runs.ts';
import type { SweepCommandOptions } from './sweep-command.ts';
import type { Terminal } from './terminal.ts';

/** What a sweep is made of, read and checked. */
export interface SweepInput {
  readonly swept: SweptScenario;
  readonly plan: SweepPlan;
  /** Folder of the sweep below the output folder. */
  readonly folder: string;
}

/** Reads scenario and axes; prints every error and gives null when there is one. */
export function readSweep(
  terminal: Terminal,
  program: Manifest['program'],
  file: string,
  options: SweepCommandOptions,
): SweepInput | null {
  const refuse = (errors: readonly ScenarioError[]): null => {
    for (const { message } of errors) terminal.err(`error: ${message}\n`);
    return null;
  };
  const text = readText(file);
  if (text instanceof ScenarioError) return refuse([text]);
  const overrides = overridesOf({ ...options, traceFilter: [], traceFormat: [] });
  // What is wrong with the scenario itself would be wrong at every point; a point only adds to it.
  const base = loadScenarioText(file, text, { overrides });
  if (!base.ok) return refuse(base.errors);
  const { axes } = options;
  const axesText = axes === undefined ? text : readText(axes);
  if (axesText instanceof ScenarioError) return refuse([axesText]);
  const read = axes === undefined ? planOfScenario(file, text) : planOfFile(axes, axesText);
  if (!read.ok) return refuse(read.errors);
  const { plan } = read;
  const swept = { file, text, overrides, runs: options.run, repetitions: plan.repetitions, program };
  return { swept, plan, folder: path.join(options.out, base.scenario.name, folderName(axes)) };
}

/** Axes in a file of their own make a sweep of their own. */
const folderName = (axes: string | undefined): string =>
  axes === undefined
    ? 'sweep'
    : `sweep-${path.basename(axes, path.extname(axes)).replaceAll(/[^\w.+-]/g, '-')}`;

function readText(file: string): string | ScenarioError {
  const bytes = readScenarioFile(file);
  return bytes instanceof ScenarioError ? bytes : decodeScenario(file, bytes);
}
