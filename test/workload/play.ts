import { RandomStreams } from '../../src/kernel/random.ts';
import { Simulation } from '../../src/kernel/simulation.ts';
import { NS_PER_MS, NS_PER_S } from '../../src/kernel/time.ts';
import { type ArrivalOptions, createWorkload } from '../../src/workload/create-workload.ts';
import { RequestNumbers, type RequestPattern, type Workload } from '../../src/workload/workload.ts';
import { FakeDevice, type SeenRequest } from './fake-device.ts';

export const PATTERN: RequestPattern = {
  name: '',
  share: 1,
  volumes: null,
  sizes: [{ blocks: 1, share: 1 }],
  reads: 0.75,
  addresses: { kind: 'uniform' },
  extent: [0, 1],
};

/** Blocks of each volume, which begin behind this many. */
export const BLOCKS = 120_000;
export const FIRST_BLOCK = 24;

export interface Played {
  readonly workload: Workload;
  /** What each volume was asked, by position. */
  readonly seen: readonly (readonly SeenRequest[])[];
  readonly all: readonly SeenRequest[];
}

/** Lets a workload with these patterns run on `volumes` volumes that answer in `serviceNs`. */
export function playPatterns(
  arrivals: ArrivalOptions,
  patterns: readonly Partial<RequestPattern>[],
  { volumes = 1, seconds = 10, serviceNs = NS_PER_MS, seed = '7' } = {},
): Played {
  const sim = new Simulation();
  const devices = Array.from({ length: volumes }, () => new FakeDevice(sim, serviceNs));
  const options = {
    name: 'mixed',
    volumes: devices.map((device, index) => ({
      name: `0.0.${(0x1000 + index).toString(16)}`,
      device,
      firstBlock: FIRST_BLOCK,
      blocks: BLOCKS,
    })),
    patterns: patterns.map((pattern) => ({ ...PATTERN, ...pattern })),
    fromNs: 0,
    untilNs: seconds * NS_PER_S,
  };
  const surroundings = { sim, streams: new RandomStreams(seed), numbers: new RequestNumbers() };
  const workload = createWorkload(options, arrivals, surroundings);
  workload.start();
  sim.run((seconds + 10) * NS_PER_S);
  const seen = devices.map((device) => device.seen);
  return { workload, seen, all: seen.flat() };
}

/** Part of `requests` for which `holds`. */
export const shareOf = (requests: readonly SeenRequest[], holds: (request: SeenRequest) => boolean): number =>
  requests.filter(holds).length / requests.length;

/** Pearson's chi-square of counts against what was expected of each. */
export const chiSquare = (counts: readonly number[], expected: readonly number[]): number =>
  counts.reduce(
    (sum, count, at) => sum + ((count - expected[at]) * (count - expected[at])) / expected[at],
    0,
  );
