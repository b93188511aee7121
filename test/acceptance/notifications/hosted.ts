import { loadScenario, loadScenarioText, type Run, runScenario } from '../../../src/index.ts';
import type { ResolvedScenario } from '../../../src/scenario/resolved.ts';

/** G guests of one host, each with N DASD behind a control unit of its own. */
export interface Hosting {
  readonly guests: number;
  readonly devices: number;
  readonly chpids?: string;
  /** Further keys of host and guests, as they stand in a scenario. */
  readonly host?: string;
  readonly guest?: string;
}

export const volumesOf = (guest: number, devices: number): string => {
  const first = 0x1000 + guest * 0x100;
  return `0.0.${first.toString(16)}-0.0.${(first + devices - 1).toString(16)}`;
};

const keys = (more: string | undefined): string => (more === undefined ? '' : `, ${more}`);

export function hosted({ guests, devices, chpids = '0.40-0.43', host, guest }: Hosting): string {
  const each = (line: (at: number) => string): string =>
    Array.from({ length: guests }, (_, at) => line(at)).join('\n');
  return `
trace: { level: none }
machine:
  chpids: { "${chpids}": {} }
  controlUnits:
${each((at) => `    lcu${at}: {}`)}
  dasd:
${each((at) => `    "${volumesOf(at, devices)}": { controlUnit: lcu${at} }`)}
systems:
  host: { kind: kvm-host, cpus: 4${keys(host)} }
${each((at) => `  guest${at + 1}: { kind: guest, on: host, passthrough: "${volumesOf(at, devices)}"${keys(guest)} }`)}
`;
}

/** All runs of a scenario, by their names. */
export async function allRuns(text: string): Promise<Map<string, Run>> {
  const loaded = loadScenarioText('notifications.yaml', text, {});
  if (!loaded.ok) throw new Error(loaded.errors.map(({ message }) => message).join('\n'));
  const runs = new Map<string, Run>();
  for (const run of loaded.scenario.runs) runs.set(run.strategy.name, await runScenario(run));
  return runs;
}

/** The runs of one of the scenario files. */
export function fileRuns(name: string, overrides: readonly string[] = []): readonly ResolvedScenario[] {
  const loaded = loadScenario(`scenarios/${name}.yaml`, { overrides });
  if (!loaded.ok) throw new Error(loaded.errors.map(({ message }) => message).join('\n'));
  return loaded.scenario.runs;
}

/**
 * N devices and G guests for which closed forms are held. They hold for 200 devices as well, of which a storm of reports
 * takes seconds, of the guest's time and of a test's.
 */
export const SIZES: readonly (readonly [devices: number, guests: number])[] = [
  [1, 1],
  [2, 4],
  [8, 2],
  [42, 1],
];
