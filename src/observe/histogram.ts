import { assert } from '../kernel/assert.ts';

/**
 * Distribution of non-negative integers at three significant digits: the bucket layout of HdrHistogram (2,048
 * sub-buckets, of which every doubling of the value uses the upper 1,024), so that the two can be converted without loss.
 * Recording is a few integer operations on a typed array; that is why it stands here and hdr-histogram-js at the exit.
 *
 *   value < 2048        bucket = value
 *   2^(10+k) ≤ v <…     bucket = k · 1024 + (v >> k)
 */
const HALF = 1024;
const SPLIT_BITS = 20;
const SPLIT = 1 << SPLIT_BITS;
/** Below this the shift is found with 32-bit arithmetic; above, from the value without its low `SPLIT_BITS` bits. */
const WORD = 0x80000000;
const LARGEST_SHIFT = SPLIT_BITS + 20;
const BUCKETS = (LARGEST_SHIFT + 2) * HALF;

export class Histogram {
  /** Values recorded. */
  count = 0;
  /** Exact sum, while below 2^53. */
  sum = 0;
  max = 0;
  private readonly buckets = new Float64Array(BUCKETS);

  record(value: number): void {
    this.count++;
    this.sum += value;
    if (value > this.max) this.max = value;
    this.buckets[bucketOf(value)]++;
  }

  snapshot(): HistogramSnapshot {
    return { count: this.count, sum: this.sum, max: this.max, ...bucketsInUse(this.buckets) };
  }
}

/** A copy of the buckets in use, in ascending order of value. */
export interface HistogramSnapshot {
  readonly count: number;
  readonly sum: number;
  /** Largest value: exact where the histogram knows it, else the highest of the last bucket. */
  readonly max: number;
  readonly indexes: Uint32Array;
  readonly counts: Float64Array;
}

const EMPTY_HISTOGRAM: HistogramSnapshot = {
  count: 0,
  sum: 0,
  max: 0,
  indexes: new Uint32Array(0),
  counts: new Float64Array(0),
};

/** What was recorded after `from` and up to `to`, both taken from one histogram. */
export function histogramBetween(from: HistogramSnapshot | null, to: HistogramSnapshot): HistogramSnapshot {
  if (from === null || from.count === 0) return to;
  const earlier = new Float64Array(BUCKETS);
  from.indexes.forEach((bucket, at) => {
    earlier[bucket] = from.counts[at];
  });
  const counts = to.counts.map((count, at) => count - earlier[to.indexes[at]]);
  const kept = to.indexes.filter((_, at) => counts[at] !== 0);
  const last = kept.length === 0 ? 0 : highestValue(kept[kept.length - 1]);
  return {
    count: to.count - from.count,
    sum: to.sum - from.sum,
    max: Math.min(last, to.max),
    indexes: kept,
    counts: counts.filter((count) => count !== 0),
  };
}

/** Adds distributions recorded in different histograms. */
export function mergeHistograms(parts: readonly HistogramSnapshot[]): HistogramSnapshot {
  const used = parts.filter((part) => part.count > 0);
  if (used.length === 0) return EMPTY_HISTOGRAM;
  if (used.length === 1) return used[0];
  const buckets = new Float64Array(BUCKETS);
  let count = 0;
  let sum = 0;
  for (const part of used) {
    count += part.count;
    sum += part.sum;
    part.indexes.forEach((bucket, at) => {
      buckets[bucket] += part.counts[at];
    });
  }
  const max = Math.max(...used.map((part) => part.max));
  return { count, sum, max, ...bucketsInUse(buckets) };
}

function bucketsInUse(buckets: Float64Array): Pick<HistogramSnapshot, 'indexes' | 'counts'> {
  let used = 0;
  for (let at = 0; at < BUCKETS; at++) if (buckets[at] !== 0) used++;
  const indexes = new Uint32Array(used);
  const counts = new Float64Array(used);
  for (let at = 0, next = 0; at < BUCKETS; at++) {
    if (buckets[at] === 0) continue;
    indexes[next] = at;
    counts[next++] = buckets[at];
  }
  return { indexes, counts };
}

function bucketOf(value: number): number {
  if (value < 2 * HALF) return value;
  if (value < WORD) {
    const shift = 21 - Math.clz32(value);
    return shift * HALF + (value >>> shift);
  }
  const high = Math.floor(value / SPLIT);
  assert(high < WORD, 'a recorded time is longer than 26 days');
  const shift = 21 - Math.clz32(high);
  return (shift + SPLIT_BITS) * HALF + (high >>> shift);
}

/** Smallest value of a bucket. */
export function bucketValue(bucket: number): number {
  if (bucket < 2 * HALF) return bucket;
  const shift = Math.floor(bucket / HALF) - 1;
  const mantissa = bucket - shift * HALF;
  return shift < SPLIT_BITS ? mantissa * (1 << shift) : mantissa * SPLIT * (1 << (shift - SPLIT_BITS));
}

/** Largest value of a bucket. */
const highestValue = (bucket: number): number => bucketValue(bucket + 1) - 1;
