import type { ResolvedScenario } from '../scenario/resolved.ts';
import { UsageError } from './usage-error.ts';

/** Throws a UsageError for a metric of a phase that no run of the scenario has. An empty name is the whole run. */
export function checkPhases(
  option: string,
  wanted: readonly { readonly metric: string; readonly phase: string }[],
  runs: readonly ResolvedScenario[],
): void {
  const known = [...new Set(runs.flatMap(({ phases }) => phases.map(({ name }) => name)))];
  for (const { metric, phase } of wanted) {
    if (phase === '' || known.includes(phase)) continue;
    const hint = known.length === 0 ? 'it has none' : `known: ${known.join(', ')}`;
    throw new UsageError(`${option} ${metric}@${phase}: the scenario has no such phase; ${hint}`);
  }
}
