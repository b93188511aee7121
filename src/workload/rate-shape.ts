import { assert } from '../kernel/assert.ts';
import type { SimTime } from '../kernel/time.ts';
import type { ShapeOptions } from './workload.ts';

/**
 * A rate factor over the day, by inversion: an arrival process runs on a time of its own, which passes as fast as the
 * factor says. What would come `work` nanoseconds from now at factor one comes when the factor's integral has grown by
 * `work`, so a Poisson process stays one, and takes no further draw.
 *
 *   factor │   ____          integral from `from` to the answer = work
 *          │__/    \___
 *          └──────────── time of the period
 */
export class RateShape {
  private readonly periodNs: SimTime;
  private readonly beginNs: SimTime;
  /** Segments of one period: where each begins, its factor there, and by how much the factor rises per nanosecond. */
  private readonly starts: readonly SimTime[];
  private readonly factors: readonly number[];
  private readonly slopes: readonly number[];
  private readonly lengths: readonly SimTime[];
  /** Integral of the factor over one period. */
  private readonly periodArea: number;

  constructor({ points, periodNs, beginNs }: ShapeOptions) {
    assert(points.length > 0 && points[points.length - 1].atNs < periodNs, 'points lie within the period');
    const last = points[points.length - 1];
    // The first segment leads from the last point, one period back, to the first.
    const corners = [{ atNs: last.atNs - periodNs, factor: last.factor }, ...points];
    const ends = [...points, { atNs: points[0].atNs + periodNs, factor: points[0].factor }];
    this.periodNs = periodNs;
    this.beginNs = beginNs;
    this.starts = corners.map(({ atNs }) => atNs);
    this.factors = corners.map(({ factor }) => factor);
    this.lengths = corners.map(({ atNs }, at) => ends[at].atNs - atNs);
    this.slopes = corners.map(({ factor }, at) => (ends[at].factor - factor) / Math.max(this.lengths[at], 1));
    let area = 0;
    for (let at = 1; at < corners.length; at++) area += this.area(at, 0, this.lengths[at]);
    this.periodArea = area;
    assert(area > 0, 'a rate is not zero for ever');
  }

  /** The time at which `workNs` nanoseconds at factor one have passed since `from`, in whole nanoseconds. */
  after(from: SimTime, workNs: number): SimTime {
    const periods = Math.floor(workNs / this.periodArea);
    const phase = (from + this.beginNs) % this.periodNs;
    let left = workNs - periods * this.periodArea;
    let segment = this.segmentOf(phase);
    let at = phase - this.starts[segment];
    let passed = periods * this.periodNs;
    for (let area = this.area(segment, at, this.lengths[segment]); area < left; ) {
      left -= area;
      passed += this.lengths[segment] - at;
      segment = segment === this.starts.length - 1 ? 1 : segment + 1;
      at = 0;
      area = this.area(segment, 0, this.lengths[segment]);
    }
    return from + Math.round(passed + this.advance(segment, at, left));
  }

  /** Factor at a time of the simulation. */
  factorAt(now: SimTime): number {
    const phase = (now + this.beginNs) % this.periodNs;
    const segment = this.segmentOf(phase);
    return this.factors[segment] + this.slopes[segment] * (phase - this.starts[segment]);
  }

  private segmentOf(phase: SimTime): number {
    let segment = this.starts.length - 1;
    while (this.starts[segment] > phase) segment--;
    return segment;
  }

  private area(segment: number, from: number, to: number): number {
    const middle = this.factors[segment] + (this.slopes[segment] * (from + to)) / 2;
    return middle * (to - from);
  }

  /** How far from `at` the integral within a segment is `area`: the root of a quadratic, in the form that keeps its digits. */
  private advance(segment: number, at: number, area: number): number {
    if (area <= 0) return 0;
    const slope = this.slopes[segment];
    const factor = this.factors[segment] + slope * at;
    const root = Math.sqrt(Math.max(0, factor * factor + 2 * slope * area));
    const distance = (2 * area) / (factor + root);
    return Math.min(distance, this.lengths[segment] - at);
  }
}
