import { describe, expect, test } from 'vitest';
import { loadScenarioText, type Run, runScenario } from '../../src/index.ts';

/**
 * A guest gives its devices up as soon as one report has told it that all paths are gone, and disables their subchannels.
 * The host comes to the other channel paths later, and halts each device on the path that it used last. QEMU shows the
 * status of that halt on the guest's disabled subchannel: TSCH has cc 3 there and leaves it, MSCH has cc 1 from then on.
 */
const scenario = (seed: number): string => `
seed: ${seed}
duration: 10s
machine:
  noPath: cc3
  chpids: { "0.40-0.43": {} }
  controlUnits: { lcu0: {} }
  dasd: { "0.0.1000-0.0.1003": { controlUnit: lcu0 } }
systems:
  host: { kind: kvm-host, cpus: 4 }
  guest1: { kind: guest, on: host, passthrough: "0.0.1000-0.0.1003" }
faults:
  - { at: 3s, name: outage, chpid: 0.40-0.43, do: configure-off }
  - { at: 5s, name: back, chpid: 0.40-0.43, do: configure-on }
strategies: { relay: [lazy-stsch, report-per-chpid, upstream], status: [qemu, drop-disabled] }
variants:
  native: { systems: { guest1: { dasd: "0.0.1000-0.0.1003" } } }
`;

async function allRuns(seed: number): Promise<Map<string, Run>> {
  const loaded = loadScenarioText('stranded.yaml', scenario(seed));
  if (!loaded.ok) throw new Error(loaded.errors.map(({ message }) => message).join('\n'));
  const runs = new Map<string, Run>();
  for (const run of loaded.scenario.runs) runs.set(run.run, await runScenario(run));
  return runs;
}

const figure = (run: Run, name: string, where: Record<string, string> = {}): number =>
  run.metric(name, where).value;

/** Runs of relays that tell, with a status policy. */
const told = (status: string): string[] => [`report-per-chpid.status-${status}`, `upstream.status-${status}`];

describe.each([1, 7, 42])('all paths go and come back, seed %i', (seed) => {
  test('a device is stranded if and only if its subchannel has status that no TSCH takes', async () => {
    const runs = await allRuns(seed);
    for (const name of told('qemu')) {
      const run = runs.get(name)!;
      const stranded = figure(run, 'path.stranded');
      expect(stranded > 0, name).toBe(figure(run, 'guest.msch', { cc: '1' }) > 0);
      expect(figure(run, 'guest.tsch', { cc: '3' }), name).toBeGreaterThanOrEqual(stranded);
      // All others have their four paths again.
      expect(figure(run, 'guest.path_available'), name).toBe(4 * (4 - stranded));
    }
  });

  test('none is where QEMU drops status for disabled subchannels', async () => {
    const runs = await allRuns(seed);
    for (const name of told('drop-disabled')) {
      const run = runs.get(name)!;
      expect(figure(run, 'path.stranded'), name).toBe(0);
      expect(figure(run, 'guest.msch', { cc: '1' }), name).toBe(0);
      expect(figure(run, 'guest.path_available'), name).toBe(16);
      const strandedOtherwise = figure(runs.get(name.replace('drop-disabled', 'qemu'))!, 'path.stranded');
      expect(figure(run, 'vmm.status_dropped'), name).toBe(strandedOtherwise);
    }
  });

  test('a partition has ended its halts before it disables anything', async () => {
    const native = (await allRuns(seed)).get('native.rotation')!;
    expect(figure(native, 'path.stranded')).toBe(0);
    expect(figure(native, 'host.path_available')).toBe(16);
  });
});

test('being told of the loss early is what strands devices', async () => {
  const runs = await allRuns(7);
  for (const name of told('qemu')) expect(figure(runs.get(name)!, 'path.stranded'), name).toBeGreaterThan(0);
  expect(figure(runs.get('lazy-stsch.status-qemu')!, 'path.stranded')).toBe(0);
});
