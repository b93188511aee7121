import { describe, expect, test } from 'vitest';
import type { ResolvedStream } from '../../src/scenario/resolved.ts';
import type { PROFILES } from '../../src/scenario/workload-profiles.ts';
import type { RequestPattern } from '../../src/workload/workload.ts';
import type { SeenRequest } from '../workload/fake-device.ts';
import { BLOCKS, chiSquare, FIRST_BLOCK, playPatterns, shareOf } from '../workload/play.ts';
import { errorsOf, resolve } from './load.ts';

function streamOf(text: string): ResolvedStream {
  const [stream] = resolve(`workload: { w: ${text} }`).workloads;
  if ('replay' in stream) throw new Error('the workload is a trace');
  return stream;
}

/** Requests of a profile's patterns to one volume, at a rate that makes shares exact enough. */
function requestsOf(profile: keyof typeof PROFILES, perSecond = 4_000): readonly SeenRequest[] {
  const patterns = streamOf(`{ profile: ${profile} }`).patterns as readonly RequestPattern[];
  return playPatterns({ kind: 'poisson', perSecond }, patterns).all;
}

const KiB = (kib: number): number => kib / 4;
const ofSize = (requests: readonly SeenRequest[], sizes: readonly number[]): number[] =>
  sizes.map((size) => requests.filter(({ blockCount }) => blockCount === KiB(size)).length);

/** Part of the requests that begin where the one before them ended. */
const sequential = (requests: readonly SeenRequest[]): number =>
  requests.filter(
    ({ firstBlock }, at) =>
      at > 0 && firstBlock === requests[at - 1].firstBlock + requests[at - 1].blockCount,
  ).length / requests.length;

/** Standard errors that a share of `requests` is away from what it should be. */
const deviation = (requests: readonly SeenRequest[], share: number, wanted: number): number =>
  Math.abs(share - wanted) / Math.sqrt((wanted * (1 - wanted)) / requests.length);

describe('the profile', () => {
  test('oltp reads three of four single blocks, and likes some of them more', () => {
    const requests = requestsOf('oltp');
    expect(requests.every(({ blockCount }) => blockCount === 1)).toBe(true);
    expect(
      deviation(
        requests,
        shareOf(requests, ({ write }) => !write),
        0.75,
      ),
    ).toBeLessThan(4);
    expect(sequential(requests)).toBeLessThan(0.01);
    expect(new Set(requests.map(({ firstBlock }) => firstBlock)).size).toBeLessThan(0.75 * requests.length);
  });

  test.each([
    ['batch', 0.75],
    ['batch-write', 0],
  ] as const)('%s moves chains of half-tracks, one behind the other', (profile, reads) => {
    const requests = requestsOf(profile);
    const expected = [0.25, 0.5, 0.15, 0.1].map((share) => share * requests.length);
    // 99.9th percentile with three degrees of freedom.
    expect(chiSquare(ofSize(requests, [140, 168, 280, 420]), expected)).toBeLessThan(16.3);
    expect(Math.abs(shareOf(requests, ({ write }) => !write) - reads)).toBeLessThan(0.01);
    expect(sequential(requests)).toBeGreaterThan(0.999);
  });

  test('logging only writes, and never elsewhere', () => {
    const requests = requestsOf('logging');
    const expected = [0.4, 0.3, 0.2, 0.1].map((share) => share * requests.length);
    expect(chiSquare(ofSize(requests, [4, 8, 16, 24]), expected)).toBeLessThan(16.3);
    expect(requests.every(({ write }) => write)).toBe(true);
    expect(sequential(requests)).toBeGreaterThan(0.999);
  });

  test('paging moves full tracks', () => {
    const requests = requestsOf('paging');
    expect(requests.every(({ firstBlock, blockCount }) => blockCount === 12 && firstBlock % 12 === 0)).toBe(
      true,
    );
    expect(streamOf('{ profile: paging }').arrivals).toMatchObject({ kind: 'trains', perSecond: 200 });
  });

  describe('spc1', () => {
    const requests = requestsOf('spc1');
    const store = ({ firstBlock }: SeenRequest): number => {
      const place = (firstBlock - FIRST_BLOCK) / BLOCKS;
      return place < 0.45 ? 0 : place < 0.9 ? 1 : 2;
    };

    test('divides its requests among two data stores and a log', () => {
      const counts = [0, 1, 2].map(
        (number) => requests.filter((request) => store(request) === number).length,
      );
      expect(
        chiSquare(
          counts,
          [0.596, 0.295, 0.109].map((share) => share * requests.length),
        ),
      ).toBeLessThan(13.8);
    });

    test('reads 40 % and writes 60 %', () => {
      expect(Math.abs(shareOf(requests, ({ write }) => !write) - 0.4)).toBeLessThan(0.015);
    });

    test('is random in 61 % of its requests: 29 % reads and 32 % writes', () => {
      // Sequential patterns are told from the texts; what they leave is random.
      const patterns = streamOf('{ profile: spc1 }').patterns;
      const total = patterns.reduce((sum, { share }) => sum + share, 0);
      const part = (kind: string, reads: boolean): number =>
        patterns
          .filter(({ addresses }) => addresses.kind === kind)
          .reduce(
            (sum, pattern) => sum + (pattern.share / total) * (reads ? pattern.reads : 1 - pattern.reads),
            0,
          );
      expect(part('zipf', true)).toBeCloseTo(0.29, 2);
      expect(part('zipf', false)).toBeCloseTo(0.32, 1);
      expect(part('sequential', true)).toBeCloseTo(0.11, 1);
      expect(part('sequential', false)).toBeCloseTo(0.28, 2);
    });

    test('goes on in its log where it was', () => {
      expect(sequential(requests.filter((request) => store(request) === 2))).toBeGreaterThan(0.99);
    });
  });

  test('copy pairs the first half of the volumes with the second', () => {
    expect(streamOf('{ profile: copy }').arrivals).toMatchObject({
      kind: 'copy',
      from: [{ first: 0x1000, last: 0x1014 }],
      to: [{ first: 0x1015, last: 0x1029 }],
    });
    const chosen = streamOf('{ profile: copy, volumes: "0.0.1000-0.0.1003", copyTo: "0.0.1000,0.0.1003" }');
    expect(chosen.arrivals).toMatchObject({ from: [{ first: 0x1001, last: 0x1002 }] });
  });
});

describe('what a workload says itself', () => {
  test('wins over its profile', () => {
    const [pattern] = streamOf('{ profile: logging, reads: 10%, block: 12KiB }').patterns;
    expect(pattern).toMatchObject({ reads: 0.1, sizes: [{ blocks: 3 }], addresses: { kind: 'sequential' } });
  });

  test('about arrivals is all about them', () => {
    expect(streamOf('{ profile: batch, arrivals: poisson }').arrivals).toEqual({
      kind: 'poisson',
      perSecond: 40,
    });
    expect(streamOf('{ profile: batch, think: 1ms }').arrivals).toMatchObject({
      think: { meanNs: 1_000_000 },
    });
  });

  test('is what its patterns do not say', () => {
    const { patterns } = streamOf(
      '{ reads: 0.5, block: 8KiB, mix: { a: { share: 20% }, b: { share: 40%, reads: 1 } } }',
    );
    expect(patterns).toMatchObject([
      { name: 'a', share: 0.2, reads: 0.5, sizes: [{ blocks: 2 }] },
      { name: 'b', share: 0.4, reads: 1, sizes: [{ blocks: 2 }] },
    ]);
  });
});

describe('a workload is refused', () => {
  const problems: readonly (readonly [string, string])[] = [
    ['{ profile: oltpp }', '"oltpp"'],
    ['{ profile: spc1, reads: 0.5 }', 'is said by every pattern of the mix'],
    ['{ profile: copy, reads: 0.5 }', 'has no meaning with copy arrivals'],
    ['{ profile: copy, volumes: "0.0.1000-0.0.1002" }', '3 volumes cannot be halved'],
    [
      '{ profile: copy, volumes: "0.0.1000-0.0.1002", copyTo: 0.0.1000 }',
      'has 1 volumes, and 2 are left to read',
    ],
    ['{ copyTo: 0.0.1000 }', 'has no meaning with poisson arrivals'],
    ['{ arrivals: closed, skew: { volumes: { zipf: 1 } } }', 'has no meaning with closed arrivals'],
    ['{ arrivals: closed, shape: { day: [[0h, 1]] } }', 'has no meaning with closed arrivals'],
    ['{ arrivals: trains }', 'is missing'],
    ['{ arrivals: trains, train: { length: 0s, pause: 1s } }', 'is zero'],
    ['{ skew: { volumes: { zipf: 3 } } }', '3 is out of range'],
    ['{ shape: { day: [[1h, 1], [1h, 2]] } }', 'is not after the time before it'],
    ['{ shape: { day: [[25h, 1]] } }', 'is not within the period'],
    ['{ shape: { day: [[0h, 0], [2h, 0]] } }', 'is zero all day'],
    ['{ mix: {} }', 'has no pattern'],
    ['{ mix: { a: { share: 0 } } }', 'is zero'],
    ['{ mix: { a: { share: 1, volumes: none } } }', 'selects no volume'],
    ['{ mix: { a: { share: 1, volumes: 0.0.9999 } } }', 'is not a volume of this workload'],
    ['{ block: { 4KB: 1 } }', ''],
    ['{ block: { 4XB: 1 } }', 'unknown unit'],
    ['{ block: { 1MiB: 1 } }', 'is more than a request can hold'],
    ['{ block: 1MiB }', 'is more than a request can hold'],
    ['{ extent: [0.5, 0.505] }', 'is too small'],
    ['{ addresses: { zipf: 1, hot: {} } }', 'have exactly one kind'],
    ['{ addresses: { zipf: 2 } }', 'out of range'],
    ['{ reserve: { every: 0s, hold: 1s } }', 'is zero'],
  ];

  test.each(problems)('%s', (text, problem) => {
    const errors = errorsOf(`workload: { w: ${text} }`);
    if (problem === '') expect(errors).toEqual([]);
    else expect(errors.join('\n')).toContain(problem);
  });

  test('beside a trace, which has all of this', () => {
    const errors = errorsOf(
      'workload: { w: { profile: oltp, mix: { a: { share: 1 } }, replay: { file: no.spc } } }',
    );
    expect(errors.filter((error) => error.includes('has no meaning with replay'))).toHaveLength(2);
  });
});
