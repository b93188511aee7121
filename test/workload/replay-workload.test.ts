import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { RandomStreams } from '../../src/kernel/random.ts';
import { Simulation } from '../../src/kernel/simulation.ts';
import { ReplayLayout } from '../../src/workload/replay-layout.ts';
import { type ReplayOptions, ReplayWorkload } from '../../src/workload/replay-workload.ts';
import { TraceReader } from '../../src/workload/traces/trace-reader.ts';
import { RequestNumbers, type WorkloadVolume } from '../../src/workload/workload.ts';
import { FakeDevice } from './fake-device.ts';
import { optionsFor, textTrace } from './traces/text-trace.ts';

const S = 1_000_000_000;
const MS = 1_000_000;
/** Blocks of each volume; the first 24 of a volume are not the workload's. */
const BLOCKS = 1000;
const FIRST = 24;
const SECTORS_PER_BLOCK = 8;

/** A row of an SPC trace: device, seconds, first block, blocks, `r` or `w`. */
const row = (device: number, seconds: number, block: number, blocks: number, kind = 'r'): string =>
  `${device},${block * SECTORS_PER_BLOCK},${blocks * 4096},${kind},${seconds}\n`;

interface Replayed {
  readonly workload: ReplayWorkload;
  /** Requests of all volumes: `ms volume first+count r|w`. */
  readonly requests: readonly string[];
  readonly mostInFlight: number;
}

/** Replays a trace on `volumes` small volumes that answer after 1 ms each. */
function replay(
  text: string,
  others: Partial<ReplayOptions> = {},
  layoutOf: (volumes: readonly WorkloadVolume[]) => (ReplayLayout | null)[] = (volumes) =>
    volumes.map((_, position) => new ReplayLayout(volumes, [position], null)),
  stopAt = Number.POSITIVE_INFINITY,
): Replayed {
  const sim = new Simulation();
  const devices = [0, 1, 2].map(() => new FakeDevice(sim, MS));
  const volumes = devices.map((device, at) => ({
    name: `0.0.100${at}`,
    device,
    firstBlock: FIRST,
    blocks: BLOCKS,
  }));
  const options = {
    name: 'replayed',
    volumes,
    trace: new TraceReader(textTrace(text), optionsFor('spc')),
    layouts: layoutOf(volumes),
    fromNs: S,
    untilNs: 10 * S,
    startNs: 0,
    speed: 1,
    outstanding: 100,
    maxBlocks: 190,
    ...others,
  };
  const surroundings = { sim, streams: new RandomStreams('1'), numbers: new RequestNumbers() };
  const workload = new ReplayWorkload(options, surroundings);
  workload.start();
  sim.run(Math.min(stopAt, 20 * S));
  if (stopAt < 20 * S) {
    workload.stop();
    sim.run(20 * S);
  }
  const seen = devices.flatMap((device, volume) => device.seen.map((request) => ({ ...request, volume })));
  return {
    workload,
    requests: seen
      .sort((one, other) => one.id - other.id)
      .map(
        ({ arrivalNs, volume, firstBlock, blockCount, write }) =>
          `${arrivalNs / MS} ${volume} ${firstBlock - FIRST}+${blockCount} ${write ? 'w' : 'r'}`,
      ),
    mostInFlight: Math.max(...devices.map((device) => device.mostInFlight)),
  };
}

describe('a replayed trace', () => {
  const TEXT = row(0, 100, 5, 1) + row(1, 100.25, 7, 2, 'w') + row(0, 100.5, 9, 1);

  test('keeps its times, begun where the workload begins', () => {
    expect(replay(TEXT).requests).toEqual(['1000 0 5+1 r', '1250 1 7+2 w', '1500 0 9+1 r']);
  });

  test('can run faster or slower', () => {
    expect(replay(TEXT, { speed: 2 }).requests.map((text) => text.split(' ')[0])).toEqual([
      '1000',
      '1125',
      '1250',
    ]);
    expect(replay(TEXT, { speed: 0.5 }).requests[2]).toBe('2000 0 9+1 r');
  });

  test('can begin later in the trace', () => {
    const { requests, workload } = replay(TEXT, { startNs: 250 * MS });
    expect(requests).toEqual(['1000 1 7+2 w', '1250 0 9+1 r']);
    expect(workload.report()).toMatchObject({ replayed: 2, skipped: { 'before-start': 1 } });
  });

  test('ends with the workload', () => {
    const { requests, workload } = replay(TEXT, { untilNs: 1.5 * S });
    expect(requests).toHaveLength(2);
    expect(workload.report()).toMatchObject({ replayed: 2, reads: 1, writes: 1, requests: 2 });
    expect(replay(TEXT, {}, undefined, 1.1 * S).requests).toHaveLength(1);
  });

  test('leaves out devices that are mapped nowhere', () => {
    const { requests, workload } = replay(TEXT, {}, (volumes) => [
      null,
      new ReplayLayout(volumes, [2], null),
    ]);
    expect(requests).toEqual(['1250 2 7+2 w']);
    expect(workload.report().skipped).toEqual({ unmapped: 2 });
  });

  test('moves every block that a request touches', () => {
    expect(replay('0,7,1024,r,0\n').requests).toEqual(['1000 0 0+2 r']);
  });

  test('splits what no request can hold', () => {
    const { requests, workload } = replay(row(0, 0, 10, 400));
    expect(requests).toEqual(['1000 0 10+190 r', '1000 0 200+190 r', '1000 0 390+20 r']);
    expect(workload.report()).toMatchObject({ replayed: 1, reads: 1, requests: 3, heldBack: 0 });
  });

  test('holds requests back while too many are outstanding, and loses none', () => {
    const text = Array.from({ length: 7 }, (_, at) => row(0, 0, at, 1)).join('');
    const { requests, workload, mostInFlight } = replay(text, { outstanding: 3 });
    expect(mostInFlight).toBe(3);
    expect(requests.map((request) => request.split(' ')[0])).toEqual([
      ...['1000', '1000', '1000', '1001', '1001', '1001', '1002'],
    ]);
    expect(workload.issued).toBe(7);
    expect(workload.ended).toBe(7);
    expect(workload.report().heldBack).toBeGreaterThan(0);
  });

  test('draws for each volume what no other volume disturbs', () => {
    const drawsOf = (text: string): number[] => {
      const sim = new Simulation();
      const device = new FakeDevice(sim, MS);
      const volumes = [{ name: 'v', device, firstBlock: 0, blocks: 9 }];
      const other = new FakeDevice(sim, MS);
      volumes.push({ name: 'w', device: other, firstBlock: 0, blocks: 9 });
      const workload = new ReplayWorkload(
        {
          name: 'r',
          volumes,
          trace: new TraceReader(textTrace(text), optionsFor('spc')),
          layouts: volumes.map((_, position) => new ReplayLayout(volumes, [position], null)),
          fromNs: 0,
          untilNs: S,
          startNs: 0,
          speed: 1,
          outstanding: 10,
          maxBlocks: 190,
        },
        { sim, streams: new RandomStreams('1'), numbers: new RequestNumbers() },
      );
      workload.start();
      sim.run(S);
      return device.seen.map(({ hitDraw }) => hitDraw);
    };
    expect(drawsOf(row(0, 0, 1, 1) + row(0, 0.1, 1, 1))).toEqual(
      drawsOf(row(0, 0, 1, 1) + row(1, 0.05, 2, 1) + row(0, 0.1, 1, 1)),
    );
  });
});

describe('addresses', () => {
  test('behind the end begin again at the front', () => {
    expect(replay(row(0, 0, 2003, 2)).requests).toEqual(['1000 0 3+2 r']);
    expect(replay(row(0, 0, 998, 4)).requests).toEqual(['1000 0 998+2 r', '1000 0 0+2 r']);
  });

  test('go on on the next volume where a device lies on several', () => {
    const onTwo = (volumes: readonly WorkloadVolume[]) => [new ReplayLayout(volumes, [0, 2], null)];
    expect(replay(row(0, 0, 998, 4), {}, onTwo).requests).toEqual(['1000 0 998+2 r', '1000 2 0+2 r']);
    expect(replay(row(0, 0, 2001, 1), {}, onTwo).requests).toEqual(['1000 0 1+1 r']);
  });

  test('of a larger device can be scaled down, those of a smaller one stay', () => {
    const sized = (blocks: number) => (volumes: readonly WorkloadVolume[]) => [
      new ReplayLayout(volumes, [0], blocks),
    ];
    expect(replay(row(0, 0, 2000, 1), {}, sized(4000)).requests).toEqual(['1000 0 500+1 r']);
    expect(replay(row(0, 0, 500, 1), {}, sized(600)).requests).toEqual(['1000 0 500+1 r']);
  });

  test('whatever the trace says, every block lies on a volume of the device, and none is left out', () => {
    const places = fc.record({
      block: fc.nat(2 ** 40),
      count: fc.integer({ min: 1, max: 5000 }),
      sizes: fc.array(fc.integer({ min: 1, max: 700 }), { minLength: 1, maxLength: 4 }),
      deviceBlocks: fc.option(fc.integer({ min: 1, max: 2 ** 41 })),
    });
    fc.assert(
      fc.property(places, ({ block, count, sizes, deviceBlocks }) => {
        const sim = new Simulation();
        const device = new FakeDevice(sim, MS);
        const volumes = sizes.map((blocks, at) => ({ name: `v${at}`, device, firstBlock: FIRST, blocks }));
        const layout = new ReplayLayout(volumes, [...volumes.keys()], deviceBlocks);
        const placed = { volume: 0, firstBlock: 0, blockCount: 0 };
        let at = layout.startOf(block);
        expect(at).toBeLessThan(layout.blocks);
        for (let left = count; left > 0; left -= placed.blockCount) {
          layout.place(at, left, 190, placed);
          const offset = placed.firstBlock - FIRST;
          const before = sizes.slice(0, placed.volume).reduce((sum, size) => sum + size, 0);
          expect(before + offset).toBe(at % layout.blocks);
          expect(placed.blockCount).toBeGreaterThan(0);
          expect(placed.blockCount).toBeLessThanOrEqual(Math.min(190, left));
          expect(offset + placed.blockCount).toBeLessThanOrEqual(sizes[placed.volume]);
          at += placed.blockCount;
        }
      }),
    );
  });
});
