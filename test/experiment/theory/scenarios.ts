import type { Theory } from '../../../src/experiment/theory/solution.ts';
import { theoryOf } from '../../../src/experiment/theory/theory-of.ts';
import { loadScenarioText } from '../../../src/scenario/load.ts';
import type { ResolvedScenario } from '../../../src/scenario/resolved.ts';

const FREE = `duration: 20s
warmup: 2s
systems: { lpar1: { cpus: 16, costs: { interrupt: 0s, driverPath: 0s } } }
`;
const MACHINE = 'machine:\n  costs: { ssch: 0s, tsch: 0s, stsch: 0s, msch: 0s }\n';

/** Channel paths that serve, over a control unit that takes no time. */
export const pathsServe = (paths: number, volumes: number, more = ''): string => `${FREE}${MACHINE}
  chpids:
    "0.40-0.4${paths - 1}":
      { maxOpen: 1, occupancy: { exponential: 500us }, bandwidth: 1000000GB/s, distance: 0m, switch: 0s }
  controlUnits: { lcu0: { cache: { hitRatio: 1 }, hitRead: 0s, hitWrite: 0s, control: 0s } }
  dasd: { "0.0.1000-0.0.10${(volumes - 1).toString(16).padStart(2, '0')}": {} }
strategies: { selection: pooled }
${more}`;

/** Volumes whose control unit serves, over a channel path that takes no time. */
export const volumesServe = (volumes: number, unit: string, more = ''): string => `${FREE}${MACHINE}
  chpids: { 0.40: { base: 0s, perCcw: 0s, bandwidth: 1000000GB/s, distance: 0m, switch: 0s } }
  controlUnits: { lcu0: { ${unit}, control: 0s } }
  dasd: { "0.0.1000-0.0.10${(volumes - 1).toString(16).padStart(2, '0')}": {} }
${more}`;

export const load = (workload: string): string => `workload: { load: { addresses: uniform, ${workload} } }\n`;

export function scenarioOf(text: string, overrides: readonly string[] = []): ResolvedScenario {
  const loaded = loadScenarioText('theory.yaml', text, { overrides });
  if (!loaded.ok) throw new Error(loaded.errors.map(({ message }) => message).join('\n'));
  return loaded.scenario.runs[0];
}

export function theoryOfText(text: string, overrides: readonly string[] = []): Theory {
  const scenario = scenarioOf(text, overrides);
  return theoryOf(scenario, scenario.durationNs);
}
