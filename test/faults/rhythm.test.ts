import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Loss, type Rhythm, rhythmLosses } from '../../src/faults/rhythm.ts';
import { RandomStreams } from '../../src/kernel/random.ts';

const losses = (rhythm: Rhythm, fromNs: number, untilNs: number, seed = '7'): Loss[] => [
  ...rhythmLosses(rhythm, fromNs, untilNs, new RandomStreams(seed), 'key'),
];
const spans = (rhythm: Rhythm, untilNs: number): [number, number][] =>
  losses(rhythm, 0, untilNs).map(({ fromNs, toNs }) => [fromNs, toNs]);
const EXACT = { downNs: 10, upNs: 20, spacing: 'exact' } as const;

describe('a rhythm', () => {
  it('of two times goes on like this', () => {
    expect(spans(EXACT, 70)).toEqual([
      [0, 10],
      [30, 40],
      [60, 70],
    ]);
  });

  it('of a pattern begins again after its last time', () => {
    expect(spans({ ...EXACT, pattern: [1, 2, 3, 4] }, 25)).toEqual([
      [0, 1],
      [3, 6],
      [10, 11],
      [13, 16],
      [20, 21],
      [23, 25],
    ]);
  });

  it('of bursts keeps quiet between them, in place of the time between two losses', () => {
    expect(spans({ ...EXACT, burst: { losses: 2, quietNs: 500 } }, 1_000)).toEqual([
      [0, 10],
      [30, 40],
      [540, 550],
      [570, 580],
    ]);
  });

  it('with jitter is somewhere around, and on average what it was', () => {
    const jittered = losses({ downNs: 1_000, upNs: 2_000, spacing: 'exact', jitter: 0.25 }, 0, 30_000_000);
    const downs = jittered.map(({ fromNs, toNs }) => toNs - fromNs).slice(0, -1);
    expect(Math.min(...downs)).toBeGreaterThanOrEqual(750);
    expect(Math.min(...downs)).toBeLessThan(760);
    expect(Math.max(...downs)).toBeLessThanOrEqual(1_250);
    expect(Math.max(...downs)).toBeGreaterThan(1_240);
    // About 10,000 losses of standard deviation 144: standard error 1.4.
    expect(Math.abs(downs.reduce((sum, down) => sum + down, 0) / downs.length - 1_000)).toBeLessThan(6);
  });

  it('is worked out loss by loss: a rhythm of a hundred days takes no more room than one of a second', () => {
    const endless = rhythmLosses(EXACT, 0, Number.MAX_SAFE_INTEGER, new RandomStreams('7'), 'key');
    expect(endless.next().value).toEqual({ fromNs: 0, toNs: 10 });
    expect(endless.next().value).toEqual({ fromNs: 30, toNs: 40 });
  });

  const span = fc.integer({ min: 1, max: 200 });
  const rhythm: fc.Arbitrary<Rhythm> = fc.record(
    {
      downNs: span,
      upNs: span,
      spacing: fc.constantFrom<'exact' | 'exponential'>('exact', 'exponential'),
      pattern: fc.array(fc.tuple(span, span), { minLength: 1, maxLength: 4 }).map((pairs) => pairs.flat()),
      jitter: fc.constantFrom(0.1, 0.5, 1),
      burst: fc.record({ losses: fc.integer({ min: 1, max: 4 }), quietNs: span }),
      count: fc.integer({ min: 1, max: 30 }),
    },
    { requiredKeys: ['downNs', 'upNs', 'spacing'] },
  );

  it('always comes back, in time, and never goes twice at once', () => {
    fc.assert(
      fc.property(
        rhythm,
        fc.nat(1_000),
        fc.integer({ min: 1, max: 2_000 }),
        fc.string(),
        (drawn, at, last, seed) => {
          const found = losses(drawn, at, at + last, `seed ${seed}`);
          expect(found[0].fromNs).toBe(at);
          expect(found.length).toBeLessThanOrEqual(drawn.count ?? Number.MAX_SAFE_INTEGER);
          let before = -1;
          for (const { fromNs, toNs } of found) {
            expect(fromNs).toBeGreaterThan(before);
            expect(toNs).toBeGreaterThan(fromNs);
            expect(toNs).toBeLessThanOrEqual(at + last);
            before = toNs;
          }
        },
      ),
    );
  });

  it('without chance is the one that a clock would give which steps nanosecond by nanosecond', () => {
    const exact = rhythm.map(({ jitter: _, ...rest }): Rhythm => ({ ...rest, spacing: 'exact' }));
    fc.assert(
      fc.property(exact, fc.integer({ min: 1, max: 600 }), (drawn, untilNs) => {
        const down = new Set<number>();
        for (const { fromNs, toNs } of losses(drawn, 0, untilNs))
          for (let at = fromNs; at < toNs; at++) down.add(at);
        expect([...down]).toEqual(clock(drawn, untilNs));
      }),
    );
  });
});

/** Nanoseconds in which it is down, counted down one by one. */
function clock({ downNs, upNs, pattern, burst, count = 1e9 }: Rhythm, untilNs: number): number[] {
  const pairs = pattern ?? [downNs, upNs];
  const down: number[] = [];
  let span = 0;
  let left = pairs[0];
  let lost = 0;
  for (let now = 0; now < untilNs && lost < count; now++) {
    if (span % 2 === 0) down.push(now);
    if (--left > 0) continue;
    if (span % 2 === 0) lost++;
    span++;
    const quiet = span % 2 === 1 && burst !== undefined && lost % burst.losses === 0;
    left = quiet ? burst.quietNs : pairs[span % pairs.length];
  }
  return down;
}
