import { describe, expect, it } from 'vitest';
import { NS_PER_MS } from '../../src/kernel/time.ts';
import type { ArrivalOptions } from '../../src/workload/create-workload.ts';
import type { SeenRequest } from './fake-device.ts';
import { BLOCKS, chiSquare, FIRST_BLOCK, playPatterns, shareOf } from './play.ts';

const POISSON: ArrivalOptions = { kind: 'poisson', perSecond: 1_000 };
const CLOSED: ArrivalOptions = { kind: 'closed', applicationsPerVolume: 2, think: () => NS_PER_MS };

/** What a request asks for, apart from its number, its time and the draws of its source. */
const wish = ({ firstBlock, blockCount, write }: SeenRequest) => ({ firstBlock, blockCount, write });

const ROWS = { name: 'rows', share: 3, sizes: [{ blocks: 1, share: 1 }] } as const;
const SCANS = {
  name: 'scans',
  share: 1,
  sizes: [{ blocks: 7, share: 1 }],
  reads: 1,
  addresses: { kind: 'sequential' },
} as const;
const LOG = { name: 'log', share: 2, sizes: [{ blocks: 2, share: 1 }], reads: 0 } as const;

describe('a mix of patterns', () => {
  it('gives each its share of the requests', () => {
    const { all } = playPatterns(POISSON, [ROWS, SCANS, LOG]);
    const counts = [1, 7, 2].map((blocks) => all.filter(({ blockCount }) => blockCount === blocks).length);
    const expected = [3, 1, 2].map((share) => (all.length * share) / 6);
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(all.length);
    // 99.9th percentile with two degrees of freedom.
    expect(chiSquare(counts, expected)).toBeLessThan(13.8);
    expect(all.filter(({ blockCount }) => blockCount === 7).every(({ write }) => !write)).toBe(true);
    expect(all.filter(({ blockCount }) => blockCount === 2).every(({ write }) => write)).toBe(true);
  });

  it.each([
    ['open', POISSON],
    ['closed', CLOSED],
  ])('has the same requests of a pattern whatever else is in it (%s)', (_, arrivals) => {
    const of = (patterns: Parameters<typeof playPatterns>[1], blocks: number): unknown[] =>
      playPatterns(arrivals, patterns)
        .all.filter(({ blockCount, application }) => blockCount === blocks && application === 0)
        .map(wish);
    const two = of([ROWS, SCANS], 7);
    const three = of([LOG, ROWS, { ...SCANS, share: 4 }], 7);
    const common = Math.min(two.length, three.length);
    expect(common).toBeGreaterThan(300);
    expect(three.slice(0, common)).toEqual(two.slice(0, common));
  });

  it('moves no arrival, no hit draw and no service draw', () => {
    const draws = (patterns: Parameters<typeof playPatterns>[1]): unknown[] =>
      playPatterns(POISSON, patterns).all.map(({ arrivalNs, hitDraw, serviceDraw }) => [
        arrivalNs,
        hitDraw,
        serviceDraw,
      ]);
    expect(draws([ROWS, SCANS, LOG])).toEqual(draws([{}]));
  });

  it('leaves volumes alone that no pattern is for', () => {
    const { seen, workload } = playPatterns(CLOSED, [{ ...ROWS, volumes: [1] }], { volumes: 3, seconds: 1 });
    expect(seen.map((requests) => requests.length > 0)).toEqual([false, true, false]);
    expect(workload.ended).toBe(workload.issued);
  });

  it('sends the requests of a pattern to its volumes, at the mean rate of all', () => {
    const log = { ...LOG, share: 1, volumes: [0] };
    const rows = { ...ROWS, share: 3 };
    const { seen, all } = playPatterns(POISSON, [rows, log], { volumes: 5 });
    // 5,000 per second in all, a quarter of them on the log volume besides its fifth of the rest.
    expect(Math.abs(all.length - 50_000)).toBeLessThan(900);
    expect(shareOf(all, ({ blockCount }) => blockCount === 2)).toBeCloseTo(0.25, 2);
    expect(
      seen
        .slice(1)
        .flat()
        .every(({ blockCount }) => blockCount === 1),
    ).toBe(true);
    expect(seen[0].length / all.length).toBeCloseTo(0.25 + 0.75 / 5, 2);
  });

  it('leaves a volume alone that no pattern is for', () => {
    const { seen } = playPatterns(POISSON, [{ ...ROWS, volumes: [1] }], { volumes: 2 });
    expect(seen[0]).toHaveLength(0);
    expect(Math.abs(seen[1].length - 20_000)).toBeLessThan(600);
  });
});

describe('sizes', () => {
  const sizes = [
    { blocks: 1, share: 4 },
    { blocks: 2, share: 2.4 },
    { blocks: 16, share: 0.8 },
  ];

  it('come in their shares', () => {
    const { all } = playPatterns(POISSON, [{ sizes }]);
    const counts = sizes.map(({ blocks }) => all.filter(({ blockCount }) => blockCount === blocks).length);
    const expected = sizes.map(({ share }) => (all.length * share) / 7.2);
    expect(chiSquare(counts, expected)).toBeLessThan(13.8);
  });

  it('follow each other without a gap in a sequence, up to the end of the extent', () => {
    const { all } = playPatterns(POISSON, [{ sizes, addresses: { kind: 'sequential' }, extent: [0.5, 0.6] }]);
    const [low, high] = [FIRST_BLOCK + BLOCKS * 0.5, FIRST_BLOCK + BLOCKS * 0.6];
    let wraps = 0;
    for (const [at, { firstBlock, blockCount }] of all.entries()) {
      expect(firstBlock).toBeGreaterThanOrEqual(low);
      expect(firstBlock + blockCount).toBeLessThanOrEqual(high);
      if (at === 0) continue;
      const before = all[at - 1];
      if (firstBlock === low) wraps++;
      else expect(firstBlock).toBe(before.firstBlock + before.blockCount);
    }
    // 10,000 requests of 2.5 blocks in the mean, round and round in 12,000 blocks.
    expect(wraps).toBeGreaterThanOrEqual(1);
    expect(wraps).toBeLessThanOrEqual(4);
  });
});

describe('sequences', () => {
  it('begin where they are told', () => {
    const [first] = playPatterns(POISSON, [{ addresses: { kind: 'sequential', start: 0.25 } }]).all;
    expect(first.firstBlock).toBe(FIRST_BLOCK + BLOCKS / 4);
  });

  it('jump after runs of the mean length', () => {
    const { all } = playPatterns(POISSON, [{ addresses: { kind: 'sequential', run: 20 } }]);
    const jumps = all.filter(
      ({ firstBlock }, at) => at > 0 && firstBlock !== all[at - 1].firstBlock + 1,
    ).length;
    // Every twentieth of 10,000 requests: 500, standard deviation 22.
    expect(Math.abs(jumps - all.length / 20)).toBeLessThan(90);
  });
});

describe('hot data sets', () => {
  const hot = { kind: 'hot', share: 0.9, of: 0.1, extents: 5 } as const;
  const { all } = playPatterns({ kind: 'poisson', perSecond: 5_000 }, [{ addresses: hot }]);

  it('get their share of the requests, in as many pieces', () => {
    const hits = new Array<number>(600).fill(0);
    for (const { firstBlock } of all) hits[Math.floor((firstBlock - FIRST_BLOCK) / (BLOCKS / 600))]++;
    // In each of 600 slices 83 requests in the mean: 750 in a hot one, 9 in a cold one, and pieces do not end at slices.
    const busy = hits.map((count) => count > 200);
    const pieces = busy.filter((is, at) => is && !busy[(at + busy.length - 1) % busy.length]).length;
    expect(pieces).toBe(5);
    const slices = busy.filter((is) => is).length;
    expect(slices).toBeGreaterThanOrEqual(60);
    expect(slices).toBeLessThanOrEqual(65);
    const inside = hits.reduce((sum, count, at) => (busy[at] ? sum + count : sum), 0);
    expect(inside / all.length).toBeGreaterThan(0.885);
    expect(inside / all.length).toBeLessThan(0.912);
  });

  it('can be all that is used', () => {
    const only = { kind: 'hot', share: 1, of: 0.01, extents: 2 } as const;
    const places = new Set(
      playPatterns(POISSON, [{ addresses: only }]).all.map(({ firstBlock }) => firstBlock),
    );
    expect(places.size).toBeLessThanOrEqual(1_200);
    expect(places.size).toBeGreaterThan(1_150);
  });
});

describe('busy volumes', () => {
  const skewed = (seed: string): number[] =>
    playPatterns({ ...POISSON, skew: 1 }, [{}], { volumes: 8, seed }).seen.map((requests) => requests.length);

  it('get requests by their rank, and all together as many as without skew', () => {
    const counts = skewed('7').sort((left, right) => right - left);
    const total = counts.reduce((sum, count) => sum + count, 0);
    expect(Math.abs(total - 80_000)).toBeLessThan(1_200);
    const harmonic = [1, 2, 3, 4, 5, 6, 7, 8].reduce((sum, rank) => sum + 1 / rank, 0);
    const expected = counts.map((_, at) => total / (at + 1) / harmonic);
    // 99.9th percentile with seven degrees of freedom.
    expect(chiSquare(counts, expected)).toBeLessThan(24.4);
  });

  it('are others with another seed', () => {
    const busiest = (counts: readonly number[]): number => counts.indexOf(Math.max(...counts));
    expect(new Set(['a', 'b', 'c', 'd'].map((seed) => busiest(skewed(seed)))).size).toBeGreaterThan(1);
  });
});
