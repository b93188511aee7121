import { loadScenarioText, type Run, type RunOptions, runScenario } from '../../src/index.ts';
import type { ResolvedScenario } from '../../src/scenario/resolved.ts';

/** The only run of a scenario that must be valid. */
export function resolve(text: string, overrides: readonly string[] = []): ResolvedScenario {
  const loaded = loadScenarioText('acceptance.yaml', text, { overrides });
  if (!loaded.ok) throw new Error(loaded.errors.map(({ message }) => message).join('\n'));
  return loaded.scenario.runs[0];
}

export const simulated = (
  text: string,
  overrides: readonly string[] = [],
  options: RunOptions = {},
): Promise<Run> => runScenario(resolve(text, overrides), options);

/** Names of counts may carry a condition code, as in scenarios: `host.stsch{cc=0}`. */
export function count(run: Run, name: string, phase = ''): number {
  const [, metric, cc] = /^([^{]*)(?:\{cc=(\d)\})?$/.exec(name)!;
  return run.metric(metric, cc === undefined ? {} : { cc }, phase).value;
}

/** The counts of a phase by the names that are asked for: compared as one object, so that a failure shows all. */
export const counts = (run: Run, phase: string, names: readonly string[]): Record<string, number> =>
  Object.fromEntries(names.map((name) => [name, count(run, name, phase)]));

const VOLUMES_PER_UNIT = 128;

/** A machine of N volumes that all have the same P channel paths, 0.40 and up. */
export function volumesOnPaths(volumes: number, paths: number): string {
  const chpids = paths === 1 ? '0.40' : `0.40-0.4${paths - 1}`;
  const units = Array.from({ length: Math.ceil(volumes / VOLUMES_PER_UNIT) }, (_, at) => at);
  const dasd = units.map((unit) => {
    const first = 0x1000 + unit * 0x100;
    const last = first + Math.min(VOLUMES_PER_UNIT, volumes - unit * VOLUMES_PER_UNIT) - 1;
    return `    "0.0.${first.toString(16)}-0.0.${last.toString(16)}": { controlUnit: lcu${unit} }`;
  });
  return `machine:
  chpids: { "${chpids}": {} }
  controlUnits: { ${units.map((unit) => `lcu${unit}: {}`).join(', ')} }
  dasd:
${dasd.join('\n')}
`;
}

/** CHPID 0.40 goes at 2 s and comes back at 12 s, unless other CHPIDs are named. */
export const lossAndReturn = (chpids = '0.40'): string => `faults:
  - { at: 2s, name: loss, chpid: "${chpids}", do: configure-off }
  - { at: 12s, name: return, chpid: "${chpids}", do: configure-on }
`;
