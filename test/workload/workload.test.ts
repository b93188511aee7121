import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RandomStreams } from '../../src/kernel/random.ts';
import { Simulation } from '../../src/kernel/simulation.ts';
import { NS_PER_MS, NS_PER_S } from '../../src/kernel/time.ts';
import { BlockRequest } from '../../src/observe/block-request.ts';
import { type ArrivalOptions, createWorkload } from '../../src/workload/create-workload.ts';
import {
  type AddressOptions,
  RequestNumbers,
  type RequestPattern,
  type Workload,
  type WorkloadOptions,
} from '../../src/workload/workload.ts';
import { FakeDevice, type SeenRequest } from './fake-device.ts';

const POISSON: ArrivalOptions = { kind: 'poisson', perSecond: 500 };
const closed = (applicationsPerVolume: number, thinkNs: number): ArrivalOptions => ({
  kind: 'closed',
  applicationsPerVolume,
  think: (uniform) => Math.round(2 * uniform * thinkNs),
});

const PATTERN: RequestPattern = {
  name: '',
  share: 1,
  volumes: null,
  sizes: [{ blocks: 1, share: 1 }],
  reads: 0.75,
  addresses: { kind: 'uniform' },
  extent: [0, 1],
};

interface Setup {
  arrivals?: ArrivalOptions;
  volumes?: readonly string[];
  serviceNs?: number;
  options?: Partial<WorkloadOptions>;
  pattern?: Partial<RequestPattern>;
  durationNs?: number;
}

interface Played {
  workload: Workload;
  devices: FakeDevice[];
  /** What each volume was asked, by its name. */
  seen: Record<string, SeenRequest[]>;
}

/** Lets a workload run against devices that answer in a fixed time. */
function play({ arrivals = POISSON, volumes = ['0.0.1000'], serviceNs = NS_PER_MS, ...rest }: Setup): Played {
  const sim = new Simulation();
  const devices = volumes.map(() => new FakeDevice(sim, serviceNs));
  const options: WorkloadOptions = {
    name: 'oltp',
    volumes: volumes.map((name, index) => ({
      name,
      device: devices[index],
      firstBlock: 24,
      blocks: 120_000,
    })),
    patterns: [{ ...PATTERN, ...rest.pattern }],
    fromNs: 0,
    untilNs: 10 * NS_PER_S,
    ...rest.options,
  };
  const surroundings = { sim, streams: new RandomStreams('7'), numbers: new RequestNumbers() };
  const workload = createWorkload(options, arrivals, surroundings);
  workload.start();
  sim.run(rest.durationNs ?? 20 * NS_PER_S);
  return {
    workload,
    devices,
    seen: Object.fromEntries(volumes.map((name, index) => [name, devices[index].seen])),
  };
}

/** What a request asks for, apart from its number and time. */
const wish = ({ firstBlock, write, hitDraw, serviceDraw }: SeenRequest): unknown => ({
  firstBlock,
  write,
  hitDraw,
  serviceDraw,
});

describe('an open workload', () => {
  it('issues requests at its rate and gets each of them back', () => {
    const { workload, seen } = play({});
    // 5,000 expected, standard deviation 71.
    expect(Math.abs(workload.issued - 5_000)).toBeLessThan(280);
    expect(workload.ended).toBe(workload.issued);
    expect(seen['0.0.1000'].map(({ id }) => id)).toEqual(seen['0.0.1000'].map((_, index) => index));
  });

  it('reads with the wanted probability', () => {
    const requests = play({}).seen['0.0.1000'];
    const reads = requests.filter(({ write }) => !write).length;
    expect(Math.abs(reads / requests.length - 0.75)).toBeLessThan(0.03);
  });

  it.each([
    [1, 0],
    [0, 1],
  ])('with a share of reads of %d has a share of writes of %d', (reads, writes) => {
    const requests = play({ pattern: { reads } }).seen['0.0.1000'];
    expect(requests.every(({ write }) => write === (writes === 1))).toBe(true);
  });

  it('keeps off the labels and inside the volume', () => {
    fc.assert(
      fc.property(
        fc.constantFrom<AddressOptions>(
          { kind: 'uniform' },
          { kind: 'zipf', theta: 0.9 },
          { kind: 'sequential' },
        ),
        fc.integer({ min: 1, max: 190 }),
        (addresses, blockCount) => {
          const pattern = { addresses, sizes: [{ blocks: blockCount, share: 1 }] };
          for (const request of play({ pattern, durationNs: NS_PER_S / 5 }).seen['0.0.1000']) {
            expect(request.blockCount).toBe(blockCount);
            expect(request.firstBlock).toBeGreaterThanOrEqual(24);
            expect(request.firstBlock + blockCount).toBeLessThanOrEqual(24 + 120_000);
          }
        },
      ),
      { numRuns: 30 },
    );
  });

  it('reads several tracks after each other when it is sequential', () => {
    const pattern: Partial<RequestPattern> = {
      addresses: { kind: 'sequential' },
      sizes: [{ blocks: 6 * 12, share: 1 }],
    };
    const blocks = play({ pattern }).seen['0.0.1000'].map(({ firstBlock }) => firstBlock);
    const steps = blocks.slice(1).map((block, index) => block - blocks[index]);
    expect(steps.filter((step) => step !== 72).length).toBeLessThanOrEqual(3); // once around the volume each
  });

  it('keeps to its time', () => {
    const options = { fromNs: 2 * NS_PER_S, untilNs: 3 * NS_PER_S };
    const times = play({ options }).seen['0.0.1000'].map(({ arrivalNs }) => arrivalNs);
    expect(Math.min(...times)).toBeGreaterThanOrEqual(2 * NS_PER_S);
    expect(Math.max(...times)).toBeLessThan(3 * NS_PER_S);
    expect(Math.abs(times.length - 500)).toBeLessThan(100);
  });

  it('uses its request objects again', () => {
    const { workload, devices } = play({});
    expect(workload.issued).toBeGreaterThan(4_000);
    expect(devices[0].objects.size).toBe(devices[0].mostInFlight);
  });

  it('turns arrivals away when too many requests are outstanding, and draws for them all the same', () => {
    const stuck = play({ serviceNs: 15 * NS_PER_S, options: { inFlightLimit: 100 } });
    expect(stuck.workload.issued).toBe(100);
    expect(stuck.workload.turnedAway).toBeGreaterThan(4_000);
    expect(stuck.devices[0].mostInFlight).toBe(100);

    const slow = play({ serviceNs: 40 * NS_PER_MS, options: { inFlightLimit: 10 } });
    const fast = play({});
    const byTime = new Map(fast.seen['0.0.1000'].map((request) => [request.arrivalNs, wish(request)]));
    expect(slow.workload.turnedAway).toBeGreaterThan(0);
    for (const request of slow.seen['0.0.1000']) expect(wish(request)).toEqual(byTime.get(request.arrivalNs));
  });
});

describe('a closed workload', () => {
  it('has at most one request per application under way', () => {
    const { devices, workload } = play({ arrivals: closed(8, NS_PER_MS), serviceNs: 20 * NS_PER_MS });
    expect(devices[0].mostInFlight).toBe(8);
    expect(new Set(devices[0].seen.map(({ application }) => application)).size).toBe(8);
    expect(workload.ended).toBe(workload.issued);
  });

  it('obeys the response-time law: applications = throughput · (think + response)', () => {
    const { workload } = play({
      arrivals: closed(4, 3 * NS_PER_MS),
      volumes: ['0.0.1000', '0.0.1001'],
      serviceNs: 2 * NS_PER_MS,
    });
    const perSecond = workload.issued / 10;
    expect((perSecond * 5) / 1_000 / 8).toBeCloseTo(1, 2);
  });

  it('with constant times asks like clockwork', () => {
    const arrivals: ArrivalOptions = { kind: 'closed', applicationsPerVolume: 1, think: () => 3_000_000 };
    const times = play({ arrivals, serviceNs: 2_000_000 }).seen['0.0.1000'].map(({ arrivalNs }) => arrivalNs);
    expect(times.slice(0, 4)).toEqual([3_000_000, 8_000_000, 13_000_000, 18_000_000]);
    expect(times).toHaveLength(2_000);
  });
});

describe('what a request asks for', () => {
  const kinds: [string, ArrivalOptions][] = [
    ['open', POISSON],
    [
      'bursty',
      { kind: 'mmpp', quietPerSecond: 100, burstPerSecond: 2_000, quietNs: NS_PER_S, burstNs: NS_PER_S / 4 },
    ],
    ['closed', closed(3, 5 * NS_PER_MS)],
  ];

  it.each(kinds)('does not depend on other volumes (%s)', (_, arrivals) => {
    const strip = ({ id, ...request }: SeenRequest): unknown => request;
    const one = play({ arrivals, volumes: ['0.0.1001'] }).seen;
    const three = play({ arrivals, volumes: ['0.0.1000', '0.0.1001', '0.0.1002'] }).seen;
    expect(three['0.0.1001'].map(strip)).toEqual(one['0.0.1001'].map(strip));
    expect(three['0.0.1000'].map(wish)).not.toEqual(three['0.0.1001'].map(wish));
  });

  it.each(kinds)('does not depend on how fast the device answers (%s)', (_, arrivals) => {
    const requestsOf = (serviceNs: number): unknown[][] => {
      const { seen } = play({ arrivals, serviceNs });
      return [0, 1, 2].map((application) =>
        seen['0.0.1000'].filter((request) => request.application === application).map(wish),
      );
    };
    const fast = requestsOf(NS_PER_MS);
    const slow = requestsOf(30 * NS_PER_MS);
    for (const application of [0, 1, 2]) {
      const common = Math.min(fast[application].length, slow[application].length);
      expect(fast[application].slice(0, common)).toEqual(slow[application].slice(0, common));
    }
  });

  it('does not depend on the read ratio, apart from the direction', () => {
    const blocks = (reads: number): number[] =>
      play({ pattern: { reads } }).seen['0.0.1000'].map((r) => r.firstBlock);
    expect(blocks(0.2)).toEqual(blocks(0.9));
  });
});

describe('a request', () => {
  it('ends once', () => {
    const { workload, devices } = play({});
    const [request] = devices[0].objects;
    expect(() => workload.completed(request)).toThrow('a request ends once');
  });

  it('must have an outcome when it comes back', () => {
    const { workload } = play({ durationNs: 0 });
    const request = new BlockRequest(workload, 1);
    request.id = 3;
    expect(() => workload.completed(request)).toThrow('request 3 came back without an outcome');
  });
});

describe('a volume that is too small for one request', () => {
  it('is a defect, which a scenario must have excluded', () => {
    expect(() => play({ pattern: { sizes: [{ blocks: 120_001, share: 1 }] } })).toThrow(
      '0.0.1000 has no room',
    );
  });
});
