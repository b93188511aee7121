import { fileURLToPath } from 'node:url';
import { loadScenario, loadScenarioText } from '../../dist/index.js';

/** The only run of a scenario of scenarios/, with values changed as by `--set`. */
export function namedRun(name, overrides) {
  const file = fileURLToPath(new URL(`../../scenarios/${name}.yaml`, import.meta.url));
  return onlyRun(loadScenario(file, { overrides }));
}

/** The only run of a scenario that was put together here. */
export const textRun = (name, lines) => onlyRun(loadScenarioText(name, lines.join('\n')));

function onlyRun(loaded) {
  if (!loaded.ok) throw loaded.errors[0];
  return loaded.scenario.runs[0];
}
