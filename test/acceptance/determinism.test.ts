import { describe, expect, test } from 'vitest';
import { recordRun } from '../../src/experiment/recorded-run.ts';
import { simulate } from '../../src/experiment/simulate.ts';
import { summarize } from '../../src/experiment/summary.ts';
import type { RunRequest } from '../../src/index.ts';
import { HeapQueue } from '../../src/kernel/heap-queue.ts';
import type { Simulation } from '../../src/kernel/simulation.ts';
import { RunObserver } from '../../src/observe/recorder.ts';
import { buildSimulation } from '../../src/scenario/build.ts';
import type { ResolvedScenario } from '../../src/scenario/resolved.ts';
import { MemoryFiles } from '../output/memory-files.ts';
import { count, lossAndReturn, resolve, simulated, volumesOnPaths } from './scenario.ts';

/** Something of everything: load of three kinds, a path that goes, one that flaps, errors, operators. */
const LIVELY = `duration: 6s
warmup: 1s
${volumesOnPaths(12, 4)}
workload:
  open: { ratePerVolume: 60/s }
  bursts: { arrivals: mmpp, ratePerVolume: 10/s, burst: { ratePerVolume: 500/s, length: 50ms, every: 500ms } }
  closed: { arrivals: closed, applications: 2, think: { exponential: 5ms }, block: 16KiB, addresses: sequential }
faults:
  - { at: 2s, name: loss, chpid: 0.40, do: configure-off }
  - { at: 2500ms, chpid: 0.42, do: error-rate, probability: 1%, until: 3s }
  - { at: 3s, chpid: 0.41, do: flap, what: link, down: 150ms, up: 250ms, count: 3, spacing: exponential }
  - { at: 5s, name: return, chpid: 0.40, do: configure-on }
actions:
  - { at: 4s, name: vary, do: vary-path, chpid: 0.43, to: off }
  - { at: 4500ms, do: vary-path, chpid: 0.43, to: on }
`;
const OTHER = volumesOnPaths(30, 2) + lossAndReturn();

const PROGRAM = { name: 'chpsim', version: '0', commit: null, build: null };
/** The manifest tells where a run was made; everything else in it must be equal too. */
const NOWHERE = {
  node: '',
  v8: '',
  platform: '',
  argv: [],
  started: '',
  wallSeconds: 0,
  eventsPerSecond: 0,
  peakMemoryBytes: 0,
};

function started(scenario: ResolvedScenario): { sim: Simulation; endNs: number } {
  const systems = scenario.systems.map(({ name }) => ({ name, layer: 'host' }) as const);
  const observer = new RunObserver({ systems, trace: 'none', filter: [], sink: null, patterns: [] });
  const { sim, subchannels } = buildSimulation(scenario, observer);
  observer.attach(sim, subchannels);
  return { sim, endNs: scenario.durationNs };
}

describe('the same scenario and seed', () => {
  test('give the same run, and another seed another one', async () => {
    const first = await simulated(LIVELY);
    const second = await simulated(LIVELY);
    expect(second.summary).toEqual(first.summary);
    expect(count(first, 'io.completed')).toBeGreaterThan(5_000);
    const other = await simulated(LIVELY, ['seed=43']);
    expect(other.fingerprint).not.toBe(first.fingerprint);
  });

  test('give the same run beside another simulation, in small alternating steps', async () => {
    const alone = await simulated(LIVELY);
    const otherAlone = await simulated(OTHER);
    const one = started(resolve(LIVELY));
    const two = started(resolve(OTHER));
    let left = 2;
    while (left > 0) {
      left = one.sim.run(one.endNs, 37) ? 0 : 1;
      left += two.sim.run(two.endNs, 11) ? 0 : 1;
    }
    expect(one.sim.fingerprint.toString()).toBe(alone.fingerprint);
    expect(two.sim.fingerprint.toString()).toBe(otherAlone.fingerprint);
  });

  test('give the same run with the reference queue', async () => {
    const scenario = resolve(LIVELY);
    const ladder = await simulate(scenario, buildSimulation);
    const heap = await simulate(scenario, (resolved, observer) =>
      buildSimulation(resolved, observer, { queue: (events) => new HeapQueue(events) }),
    );
    expect(heap.checkpoints).toEqual(ladder.checkpoints);
    expect(summarize(heap)).toEqual(summarize(ladder));
  });

  test('give the same run and the same figures at every trace level', async () => {
    const plain = await simulated(LIVELY);
    for (const level of ['events', 'all']) {
      let events = 0;
      const traced = await simulated(LIVELY, [`trace.level=${level}`], { onEvent: () => events++ });
      expect(events).toBeGreaterThan(500);
      expect(traced.summary).toEqual(plain.summary);
    }
  });

  test('write the same bytes', async () => {
    const written = async (): Promise<Map<string, Uint8Array>> => {
      const files = new MemoryFiles();
      const scenario = resolve(LIVELY, ['trace.level=all']);
      await recordRun(
        { scenario, textSha256: '', overrides: [], untilNs: 3_000_000_000, program: PROGRAM },
        {
          files,
          outRoot: 'out',
          build: buildSimulation,
          isAlive: () => false,
          execution: () => NOWHERE,
        },
      );
      return files.files;
    };
    const first = await written();
    const second = await written();
    const names = [...first.keys()].map((name) => name.slice(name.lastIndexOf('/') + 1));
    for (const name of ['events.csv', 'io.csv', 'intervals.csv', 'counts.csv']) expect(names).toContain(name);
    expect([...second.keys()]).toEqual([...first.keys()]);
    for (const [name, bytes] of first) expect(Buffer.compare(second.get(name)!, bytes), name).toBe(0);
  });
});

describe('common random numbers', () => {
  /** What applications asked of each volume, in the order of its requests. */
  async function asked(text: string, overrides: readonly string[]): Promise<Map<string, string[]>> {
    const requests: RunRequest[] = [];
    await simulated(text, ['trace.level=events', 'trace.filter=[fault]', ...overrides], {
      onRequest: (request) => requests.push(request),
    });
    requests.sort((a, b) => a.arrivalNs - b.arrivalNs);
    const byVolume = new Map<string, string[]>();
    for (const { subchannel, arrivalNs, write, block } of requests) {
      const list = byVolume.get(subchannel) ?? [];
      list.push(`${arrivalNs} ${write} ${block}`);
      byVolume.set(subchannel, list);
    }
    return byVolume;
  }
  const open = (volumes: number): string => `duration: 4s
${volumesOnPaths(volumes, 4)}
workload: { open: { ratePerVolume: 100/s, until: 3900ms } }
`;

  test('a volume more moves nothing on the others', async () => {
    const five = await asked(open(5), []);
    const six = await asked(open(6), []);
    expect(six.size).toBe(6);
    for (const [volume, requests] of five) {
      expect(requests.length).toBeGreaterThan(200);
      expect(six.get(volume)).toEqual(requests);
    }
  });

  test('another selection policy, a lost path and a slower machine see the same requests', async () => {
    const plain = await asked(open(5), []);
    expect(await asked(open(5), ['strategies.selection=pooled'])).toEqual(plain);
    expect(await asked(open(5), ['machine.controlUnits.lcu0.hitRead=1ms'])).toEqual(plain);
    const fault = 'faults: [{ at: 2s, name: loss, chpid: 0.40, do: configure-off }]\n';
    expect(await asked(open(5) + fault, [])).toEqual(plain);
  });
});
