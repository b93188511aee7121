import fc from 'fast-check';
import { build } from 'hdr-histogram-js';
import { describe, expect, it } from 'vitest';
import { toHdr } from '../../src/observe/hdr-histogram.ts';
import { bucketValue, Histogram, histogramBetween, mergeHistograms } from '../../src/observe/histogram.ts';
import { describe as figuresOf } from '../../src/observe/percentiles.ts';

const times = fc.array(
  fc.oneof(
    fc.integer({ min: 0, max: 5000 }),
    fc.integer({ min: 0, max: 2_000_000_000 }),
    fc.integer({ min: 2_147_483_000, max: 2_147_484_500 }),
    fc.maxSafeNat().map((value) => value % 25_000_000_000_000),
  ),
  // Sums stay below 2^53, where they are exact.
  { minLength: 1, maxLength: 150 },
);

const recorded = (values: readonly number[]): Histogram => {
  const histogram = new Histogram();
  for (const value of values) histogram.record(value);
  return histogram;
};

describe('a histogram', () => {
  it('gives percentiles within three digits of those of the sorted values, and an exact mean', () => {
    fc.assert(
      fc.property(times, (values) => {
        const figures = figuresOf(recorded(values).snapshot());
        const sorted = [...values].sort((a, b) => a - b);
        const exact = (share: number): number => sorted[Math.max(0, Math.ceil(share * values.length) - 1)];
        for (const [name, share] of [
          ['p50', 0.5],
          ['p95', 0.95],
          ['p99', 0.99],
        ] as const) {
          expect(figures[name]).toBeGreaterThanOrEqual(exact(share));
          expect(figures[name]).toBeLessThanOrEqual(exact(share) * 1.001 + 1);
        }
        expect(figures.max).toBe(sorted[sorted.length - 1]);
        expect(figures.count).toBe(values.length);
        expect(figures.mean).toBe(values.reduce((sum, value) => sum + value, 0) / values.length);
      }),
    );
  });

  it('has the buckets of HdrHistogram', () => {
    fc.assert(
      fc.property(times, (values) => {
        const hdr = build({
          lowestDiscernibleValue: 1,
          highestTrackableValue: Number.MAX_SAFE_INTEGER,
          numberOfSignificantValueDigits: 3,
          bitBucketSize: 64,
        });
        for (const value of values) hdr.recordValue(value);
        const ours = toHdr(recorded(values).snapshot());
        for (const percentile of [1, 25, 50, 90, 99.9, 100]) {
          expect(ours.getValueAtPercentile(percentile)).toBe(hdr.getValueAtPercentile(percentile));
        }
      }),
      { numRuns: 50 },
    );
  });

  it('puts the smallest value of a bucket into that bucket', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), (seed) => {
        const value = seed % 2_000_000_000_000_000;
        const [bucket] = recorded([value]).snapshot().indexes;
        expect(bucketValue(bucket)).toBeLessThanOrEqual(value);
        expect([...recorded([bucketValue(bucket)]).snapshot().indexes]).toEqual([bucket]);
      }),
    );
  });

  it('gives a span as the difference of two snapshots, and the whole as the sum of its parts', () => {
    fc.assert(
      fc.property(times, times, (before, after) => {
        const histogram = recorded(before);
        const first = histogram.snapshot();
        for (const value of after) histogram.record(value);
        const whole = histogram.snapshot();
        const span = histogramBetween(first, whole);
        const alone = recorded(after).snapshot();
        expect(span).toEqual({ ...alone, max: span.max });
        expect(span.max).toBeGreaterThanOrEqual(alone.max);
        expect(span.max).toBeLessThanOrEqual(alone.max * 1.001 + 1);
        expect(mergeHistograms([first, span])).toEqual(whole);
      }),
    );
  });
});
