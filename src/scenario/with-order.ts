import { resolve } from 'node:path';
import { canonicalJson } from './canonical.ts';
import { ScenarioDocument } from './document.ts';
import type { Path } from './errors.ts';
import { loadScenarioText } from './load.ts';
import type { Move, ResolvedScenario } from './resolved.ts';

/** A scenario as it was read, and what the command line changed in it. */
export interface ScenarioSource {
  /** Where it lies; default: the working directory. */
  readonly folder?: string;
  readonly text: string;
  readonly overrides: readonly string[];
}

/**
 * The text of a scenario in which one of its runs takes an order of events: variants and strategies of other runs are
 * left out, changes of the command line written in.
 */
export function scenarioWithOrder(
  { folder = '', text, overrides }: ScenarioSource,
  run: ResolvedScenario,
  order: readonly Move[],
): string {
  const document = ScenarioDocument.parse('scenario', text) as ScenarioDocument;
  for (const override of overrides) document.override(override);
  document.set(['name'], run.name);
  document.set(['seed'], run.seed);
  for (const workload of run.workloads) {
    // The new file lies elsewhere.
    if ('replay' in workload) {
      document.set(['workload', workload.name, 'replay', 'file'], resolve(folder, workload.replay.file));
    }
  }
  document.set(
    ['explore', 'order'],
    order.map(({ event, rank }) => [String(event), String(rank)]),
  );
  if (run.program !== undefined && Array.isArray(document.get(['machine']))) {
    document.set(['machine'], run.program.machine);
  }
  const others = document.get(['variants', run.variant, 'systems']);
  if (others !== undefined) document.set(['systems'], others);
  document.remove(['variants']);
  chooseStrategies(document, run);
  return document.text();
}

/** Of cases and of each list of strategies only the one that the run has stays. */
function chooseStrategies(document: ScenarioDocument, run: ResolvedScenario): void {
  const wanted = policiesOf(run);
  const { case: name } = run.strategy;
  for (const other of Object.keys(mappingAt(document, CASES))) {
    if (other !== name) document.remove([...CASES, other]);
  }
  const places = name === undefined ? [STRATEGIES] : [[...CASES, name], STRATEGIES];
  for (const place of places) {
    for (const [kind, choices] of Object.entries(mappingAt(document, place))) {
      if (Array.isArray(choices)) chooseOne(document, [...place, kind], choices, wanted);
    }
  }
}

function chooseOne(
  document: ScenarioDocument,
  path: Path,
  choices: readonly unknown[],
  wanted: string,
): void {
  for (const choice of choices) {
    document.set(path, choice);
    const loaded = loadScenarioText('scenario', document.text());
    if (loaded.ok && loaded.scenario.runs.some((run) => policiesOf(run) === wanted)) return;
  }
}

const STRATEGIES = ['strategies'];
const CASES = [...STRATEGIES, 'cases'];

const mappingAt = (document: ScenarioDocument, path: Path): object => document.get(path) ?? {};

/** A run's name tells its policies only as long as there are lists of them. */
const policiesOf = ({ strategy: { name: _name, ...policies } }: ResolvedScenario): string =>
  canonicalJson(policies);
