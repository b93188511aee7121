import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RandomStreams, type Stream } from '../../src/kernel/random.ts';
import { createAddressPattern } from '../../src/workload/addresses.ts';
import { Scatter } from '../../src/workload/scatter.ts';
import { ZipfRanks } from '../../src/workload/zipf.ts';

const stream = (seed = '7'): Stream => new RandomStreams(seed).stream('address');

describe('uniform addresses', () => {
  it('reach every place about equally often', () => {
    const pattern = createAddressPattern({ kind: 'uniform' }, 50, 1, stream());
    const hits = new Array<number>(50).fill(0);
    for (let draw = 0; draw < 50_000; draw++) hits[pattern.next(1)]++;
    // 1,000 each, standard deviation 31.
    expect(Math.min(...hits)).toBeGreaterThan(860);
    expect(Math.max(...hits)).toBeLessThan(1140);
  });
});

describe('sequential addresses', () => {
  it('go on from a random place, over the end to the beginning', () => {
    const pattern = createAddressPattern({ kind: 'sequential' }, 10, 1, stream());
    const places = Array.from({ length: 25 }, () => pattern.next(1));
    expect(places).toEqual(places.map((_, index) => (places[0] + index) % 10));
  });
});

describe('Zipf ranks', () => {
  it.each([
    { theta: 0.5, ranks: 10 },
    { theta: 0.9, ranks: 1_000 },
    { theta: 1, ranks: 1_000 },
    { theta: 1.2, ranks: 50 },
    { theta: 1.9, ranks: 3 },
    { theta: 0.99, ranks: 1 },
  ])('have probabilities k^-$theta over $ranks ranks', ({ theta, ranks }) => {
    const draws = 100_000;
    const hits = new Array<number>(ranks).fill(0);
    const zipf = new ZipfRanks(ranks, theta);
    const source = stream();
    for (let draw = 0; draw < draws; draw++) hits[zipf.draw(source)]++;
    const weights = hits.map((_, rank) => (rank + 1) ** -theta);
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    for (const [rank, weight] of weights.entries()) {
      const probability = weight / total;
      const deviation = Math.sqrt(draws * probability * (1 - probability));
      expect(Math.abs(hits[rank] - draws * probability), `rank ${rank}`).toBeLessThanOrEqual(
        4.5 * deviation + 1,
      );
    }
  });

  it('stay in range over two thousand million ranks', () => {
    const ranks = 2 ** 31 - 1;
    const zipf = new ZipfRanks(ranks, 0.8);
    const source = stream();
    const drawn = Array.from({ length: 10_000 }, () => zipf.draw(source));
    expect(drawn.every((rank) => Number.isInteger(rank) && rank >= 0 && rank < ranks)).toBe(true);
    // (x / n)^(1 − theta) of all requests go to the first x ranks: half of them to the first 3 %.
    const half = drawn.filter((rank) => rank < ranks / 32).length / drawn.length;
    expect(Math.abs(half - 0.5)).toBeLessThan(0.02);
  });

  it('take hardly more than one draw each', () => {
    const source = stream();
    const zipf = new ZipfRanks(1_000_000, 0.9);
    for (let draw = 0; draw < 10_000; draw++) zipf.draw(source);
    expect(source.draws).toBeLessThan(11_000);
  });
});

describe('scattering', () => {
  it('puts every number somewhere else', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2_000 }), fc.nat(), (size, offset) => {
        const scatter = new Scatter(size, offset);
        const places = new Set(Array.from({ length: size }, (_, index) => scatter.place(index)));
        expect(places.size).toBe(size);
        expect(Math.max(...places)).toBe(size - 1);
      }),
    );
  });

  it('multiplies exactly on the largest volumes', () => {
    const size = 2 ** 31 - 1;
    const offset = 12_345;
    const scatter = new Scatter(size, offset);
    const factor = BigInt(scatter.place(1) - offset + size) % BigInt(size);
    fc.assert(
      fc.property(fc.nat(size - 1), (index) => {
        const exact = (factor * BigInt(index) + BigInt(offset)) % BigInt(size);
        expect(BigInt(scatter.place(index))).toBe(exact);
      }),
    );
  });

  it('keeps the hundred hottest places of a volume apart', () => {
    const size = 1_803_060; // 4 KiB blocks of a 3390-9
    const scatter = new Scatter(size, 99);
    const hottest = Array.from({ length: 100 }, (_, rank) => scatter.place(rank)).sort((a, b) => a - b);
    const distances = hottest.slice(1).map((place, index) => place - hottest[index]);
    expect(Math.min(...distances)).toBeGreaterThan(size / 300);
  });
});

describe('Zipf addresses', () => {
  it('put the hot places of two volumes elsewhere', () => {
    const hottest = (seed: string): number => {
      const pattern = createAddressPattern({ kind: 'zipf', theta: 1.2 }, 10_000, 1, stream(seed));
      const hits = new Map<number, number>();
      for (let draw = 0; draw < 2_000; draw++) {
        const place = pattern.next(1);
        hits.set(place, (hits.get(place) ?? 0) + 1);
      }
      return [...hits].reduce((best, next) => (next[1] > best[1] ? next : best))[0];
    };
    expect(new Set(['a', 'b', 'c'].map(hottest)).size).toBe(3);
  });
});
