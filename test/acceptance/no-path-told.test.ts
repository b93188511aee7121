import { describe, expect, test } from 'vitest';
import { loadScenarioText, type Run, runScenario, type SpanSummary } from '../../src/index.ts';

/** Paths to two volumes go while an application in a guest, or in a partition of the same name, uses them. */
const scenario = (lost: string): string => `
seed: 3
duration: 8s
machine:
  noPath: cc3
  chpids: { "0.40-0.41": {} }
  controlUnits: { lcu0: { paths: "0.40-0.41" } }
  dasd: { "0.0.1000-0.0.1001": { controlUnit: lcu0 } }
systems:
  host: { kind: kvm-host }
  guest1: { kind: guest, on: host, passthrough: "0.0.1000-0.0.1001" }
workload:
  some: { on: guest1, arrivals: poisson, ratePerVolume: 4/s }
faults:
  - { at: 3s, name: outage, chpid: ${lost}, do: configure-off }
strategies: { relay: [static, lazy-stsch, report-per-chpid, upstream, suppress] }
variants:
  native: { systems: { guest1: { dasd: "0.0.1000-0.0.1001" } } }
`;

async function allRuns(text: string): Promise<Map<string, Run>> {
  const loaded = loadScenarioText('no-path.yaml', text);
  if (!loaded.ok) throw new Error(loaded.errors.map(({ message }) => message).join('\n'));
  const runs = new Map<string, Run>();
  for (const run of loaded.scenario.runs) runs.set(run.run, await runScenario(run));
  return runs;
}

const duringOutage = ({ summary: { phases } }: Run): SpanSummary => {
  const { outage } = phases;
  return outage;
};

describe('my I/O failed because no path was left: can I tell, as in a partition?', () => {
  test('yes, where the SCHIB tells the truth; the condition code of a refused start alone does not', async () => {
    const runs = await allRuns(scenario('0.40-0.41'));
    const answers = [...runs].map(([name, run]) => [name, duringOutage(run).noPathTold]);
    expect(Object.fromEntries(answers)).toEqual({
      static: 'no',
      'lazy-stsch': 'yes',
      'report-per-chpid': 'yes',
      upstream: 'yes',
      suppress: 'no',
      'native.rotation': 'yes',
    });
  });

  test('a path that goes while another is left raises no such question', async () => {
    const runs = await allRuns(scenario('0.40'));
    for (const run of runs.values()) expect(duringOutage(run)).not.toHaveProperty('noPathTold');
  });
});
