import { resolve } from 'node:path';
import { canonicalJson } from './canonical.ts';
import { ScenarioDocument } from './document.ts';
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

/** Of each list of strategies only the one that the run has stays. */
function chooseStrategies(document: ScenarioDocument, run: ResolvedScenario): void {
  const wanted = canonicalJson(run.strategy);
  const strategies = (document.get(['strategies']) ?? {}) as Readonly<Record<string, unknown>>;
  for (const [kind, choices] of Object.entries(strategies)) {
    if (!Array.isArray(choices)) continue;
    const path = ['strategies', kind];
    for (const choice of choices) {
      document.set(path, choice);
      const loaded = loadScenarioText('scenario', document.text());
      if (loaded.ok && loaded.scenario.runs.some(({ strategy }) => canonicalJson(strategy) === wanted)) break;
    }
  }
}
