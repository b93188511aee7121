import { loadScenarioText } from '../../src/scenario/load.ts';
import type { ResolvedScenario } from '../../src/scenario/resolved.ts';

/** The runs of a scenario that must be valid. */
export function runsOf(text: string, overrides: readonly string[] = []): readonly ResolvedScenario[] {
  const result = loadScenarioText('s.yaml', text, { overrides });
  if (!result.ok) throw new Error(result.errors.map(({ message }) => message).join('\n'));
  return result.scenario.runs;
}

/** Its only run. */
export const resolve = (text: string, overrides: readonly string[] = []): ResolvedScenario =>
  runsOf(text, overrides)[0];

/** What is wrong with a scenario, one line for each mistake. */
export function errorsOf(text: string, overrides: readonly string[] = []): string[] {
  const result = loadScenarioText('s.yaml', text, { overrides });
  return result.ok ? [] : result.errors.map(({ message }) => message);
}
