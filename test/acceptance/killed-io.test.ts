import { describe, expect, test } from 'vitest';
import { runScenario } from '../../src/index.ts';
import { count, resolve } from './scenario.ts';

/*
 * How many operations die when a path vanishes (E07): of N volumes, each served for S at l requests per second, a share
 * l · S is in service at any time, and of these one in P is on the path. With paths chosen at random that is one
 * Bernoulli trial for each volume.
 */
const SEEDS = 32;

interface Load {
  readonly volumes: number;
  readonly perSecond: number;
  readonly service: string;
  readonly serviceMs: number;
  readonly paths: number;
}

const scenario = ({ volumes, perSecond, service, paths }: Load): string => `duration: 1201ms
machine:
  costs: { ssch: 0s, tsch: 0s, stsch: 0s, msch: 0s }
  detect: { configure: 0s }
  chpids: { "0.40-0.4${paths - 1}": { base: 0s, perCcw: 0s, bandwidth: 1000000GB/s, distance: 0m, switch: 0s } }
  controlUnits: { lcu0: { cache: { hitRatio: 1 }, hitRead: ${service}, control: 0s } }
  dasd: { "0.0.1000-0.0.${(0xfff + volumes).toString(16)}": {} }
systems: { lpar1: { cpus: 64, costs: { interrupt: 0s, driverPath: 0s } } }
workload: { readers: { from: 1s, ratePerVolume: ${perSecond}/s, reads: 1, addresses: uniform } }
faults: [{ at: 1200ms, chpid: 0.40, do: configure-off }]
strategies: { selection: random }
trace: { level: none }
`;

describe.each<Load>([
  { volumes: 40, perSecond: 100, service: '5ms', serviceMs: 5, paths: 4 },
  { volumes: 32, perSecond: 40, service: '10ms', serviceMs: 10, paths: 2 },
  { volumes: 48, perSecond: 30, service: '10ms', serviceMs: 10, paths: 8 },
  { volumes: 24, perSecond: 60, service: '{ exponential: 4ms }', serviceMs: 4, paths: 3 },
])('$volumes volumes with $perSecond requests per second of $service on $paths paths', (load) => {
  test('lose N·l·S/P of them with one path, with binomial spread', async () => {
    const share = (load.perSecond * load.serviceMs) / 1_000 / load.paths;
    const mean = load.volumes * share;
    const variance = mean * (1 - share);
    const killed: number[] = [];
    const resolved = resolve(scenario(load));
    for (let seed = 1; seed <= SEEDS; seed++) {
      const run = await runScenario({ ...resolved, seed: `${seed}` });
      killed.push(count(run, 'machine.io_path_lost'));
    }
    const average = killed.reduce((sum, it) => sum + it, 0) / SEEDS;
    const spread = killed.reduce((sum, it) => sum + (it - average) * (it - average), 0) / (SEEDS - 1);
    expect(Math.abs(average - mean)).toBeLessThan(3 * Math.sqrt(variance / SEEDS));
    // The variance of 32 values varies itself: by a quarter of it, for a distribution near the normal one.
    expect(Math.abs(spread / variance - 1)).toBeLessThan(3 * Math.sqrt(2 / (SEEDS - 1)));
    for (const it of killed) expect(Math.abs(it - mean)).toBeLessThan(4 * Math.sqrt(variance) + 1);
  });
});
