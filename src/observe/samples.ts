import type { SimTime } from '../kernel/time.ts';
import type { Chpid } from '../zarch/ids.ts';

/** Spans of time that a run measured one by one, each with the time and the channel path of the change that began it. */
export class Samples {
  private times = new Float64Array(64);
  private values = new Float64Array(64);
  private chpids = new Float64Array(64);
  private length = 0;

  add(atNs: SimTime, valueNs: SimTime, chpid: Chpid): void {
    if (this.length === this.times.length) this.grow();
    this.times[this.length] = atNs;
    this.chpids[this.length] = chpid;
    this.values[this.length++] = valueNs;
  }

  /** Values whose change lies in [from, to), of one channel path or of all (null), in ascending order. */
  between(fromNs: SimTime, toNs: SimTime, chpid: Chpid | null): Float64Array {
    const { times, values, chpids } = this;
    const fits = (at: number): boolean =>
      times[at] >= fromNs && times[at] < toNs && (chpid === null || chpids[at] === chpid);
    return values
      .subarray(0, this.length)
      .filter((_, at) => fits(at))
      .sort();
  }

  private grow(): void {
    const double = (from: Float64Array): Float64Array<ArrayBuffer> => {
      const grown = new Float64Array(from.length * 2);
      grown.set(from);
      return grown;
    };
    this.times = double(this.times);
    this.values = double(this.values);
    this.chpids = double(this.chpids);
  }
}

/** Exact figures of a sorted list of values; a percentile is the smallest value with that share at or below it. */
export function figuresOf(sorted: Float64Array): SampleFigures {
  const count = sorted.length;
  const at = (share: number): number => (count === 0 ? Number.NaN : sorted[Math.ceil(share * count) - 1]);
  let sum = 0;
  for (const value of sorted) sum += value;
  return {
    count,
    sum,
    mean: sum / count,
    max: count === 0 ? Number.NaN : sorted[count - 1],
    p50: at(0.5),
    p95: at(0.95),
    p99: at(0.99),
    p999: at(0.999),
  };
}

export interface SampleFigures {
  readonly count: number;
  readonly sum: number;
  readonly mean: number;
  readonly max: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly p999: number;
}
