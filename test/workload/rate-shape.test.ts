import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RandomStreams } from '../../src/kernel/random.ts';
import { NS_PER_S } from '../../src/kernel/time.ts';
import { PoissonArrivals } from '../../src/workload/arrivals.ts';
import { RateShape } from '../../src/workload/rate-shape.ts';
import type { ShapeOptions, ShapePoint } from '../../src/workload/workload.ts';

/** Oracle: the factor between two points by the rule of three, and its integral by summing up thin slices. */
function factorAt({ points, periodNs, beginNs }: ShapeOptions, now: number): number {
  const phase = (now + beginNs) % periodNs;
  const last = points[points.length - 1];
  const around = [
    { atNs: last.atNs - periodNs, factor: last.factor },
    ...points,
    { atNs: points[0].atNs + periodNs, factor: points[0].factor },
  ];
  const right = around.findIndex(({ atNs }) => atNs > phase);
  const [from, to] = [around[right - 1], around[right]];
  return from.factor + ((to.factor - from.factor) * (phase - from.atNs)) / (to.atNs - from.atNs);
}

function integral(shape: ShapeOptions, from: number, to: number, slices = 20_000): number {
  const width = (to - from) / slices;
  let sum = 0;
  for (let slice = 0; slice < slices; slice++) sum += factorAt(shape, from + (slice + 0.5) * width);
  return sum * width;
}

const shapes = fc
  .record({
    gaps: fc.array(fc.integer({ min: 1_000, max: 1_000_000 }), { minLength: 1, maxLength: 6 }),
    factors: fc.array(fc.integer({ min: 0, max: 30 }), { minLength: 6, maxLength: 6 }),
    tail: fc.integer({ min: 1_000, max: 1_000_000 }),
    begin: fc.nat(),
  })
  .map(({ gaps, factors, tail, begin }): ShapeOptions => {
    let atNs = 0;
    const points = gaps.map((gap, at): ShapePoint => {
      atNs += gap;
      return { atNs, factor: factors[at] / 10 };
    });
    // Somewhere it is not zero.
    if (points.every(({ factor }) => factor === 0)) points[0] = { ...points[0], factor: 1 };
    const periodNs = atNs + tail;
    return { points, periodNs, beginNs: begin % periodNs };
  });

describe('a rate that changes with the time of day', () => {
  const day: ShapeOptions = {
    points: [
      { atNs: 0, factor: 0.2 },
      { atNs: 6 * NS_PER_S, factor: 1.8 },
    ],
    periodNs: 12 * NS_PER_S,
    beginNs: 0,
  };

  it('is linear between its points and round the end', () => {
    const shape = new RateShape(day);
    const factors = [0, 3, 6, 9, 12, 15].map((second) => shape.factorAt(second * NS_PER_S));
    for (const [at, factor] of [0.2, 1, 1.8, 1, 0.2, 1].entries()) expect(factors[at]).toBeCloseTo(factor, 9);
  });

  it('lets as much pass in a period as its mean says', () => {
    expect(new RateShape(day).after(5, 12 * NS_PER_S)).toBe(5 + 12 * NS_PER_S);
    expect(new RateShape(day).after(0, 6 * NS_PER_S)).toBe(6 * NS_PER_S);
    // 0.2 t + 0.8 t² / 6 = 1 s of work has its root at 2.0895 s.
    expect(new RateShape(day).after(0, NS_PER_S) / NS_PER_S).toBeCloseTo(2.089454, 5);
  });

  it('with one point is a constant factor', () => {
    const twice = new RateShape({ points: [{ atNs: 700, factor: 2 }], periodNs: 1_000, beginNs: 0 });
    expect(twice.after(123, 5_000)).toBe(123 + 2_500);
  });

  it('skips the hours in which nothing comes', () => {
    const night = new RateShape({
      points: [
        { atNs: 0, factor: 1 },
        { atNs: 100, factor: 1 },
        { atNs: 101, factor: 0 },
        { atNs: 899, factor: 0 },
        { atNs: 900, factor: 1 },
      ],
      periodNs: 1_000,
      beginNs: 0,
    });
    expect(night.after(50, 60)).toBeGreaterThan(899);
    expect(night.after(50, 60)).toBeLessThan(920);
  });

  it('has passed as much work as was asked for, never before now', () => {
    fc.assert(
      fc.property(
        shapes,
        fc.nat(10_000_000),
        fc.integer({ min: 1, max: 3_000_000 }),
        (options, from, work) => {
          const at = new RateShape(options).after(from, work);
          expect(Number.isSafeInteger(at)).toBe(true);
          expect(at).toBeGreaterThanOrEqual(from);
          const peak = Math.max(...options.points.map(({ factor }) => factor));
          // Half a nanosecond of rounding at the peak rate, and the error of the slices.
          const slice =
            ((at - from) / 20_000) *
            peak *
            (options.points.length + 2) *
            (1 + (at - from) / options.periodNs);
          expect(Math.abs(integral(options, from, at) - work)).toBeLessThanOrEqual(
            peak + slice + 1e-6 * work,
          );
        },
      ),
      { numRuns: 60 },
    );
  });

  it('takes two pieces of work as long as both together', () => {
    fc.assert(
      fc.property(
        shapes,
        fc.nat(1_000_000),
        fc.nat(500_000),
        fc.nat(500_000),
        (options, from, first, second) => {
          const shape = new RateShape(options);
          const peak = Math.max(...options.points.map(({ factor }) => factor));
          // Rounding the place in between is worth a nanosecond at the peak rate of it; compared as work, not as time.
          const least = shape.after(from, Math.max(0, first + second - peak));
          const most = shape.after(from, first + second + peak);
          const twice = shape.after(shape.after(from, first), second);
          expect(twice).toBeGreaterThanOrEqual(least - 1);
          expect(twice).toBeLessThanOrEqual(most + 1);
        },
      ),
    );
  });

  it('lets Poisson arrivals come at the rate of the hour', () => {
    const arrivals = new PoissonArrivals(new RandomStreams('7').stream('day'), 2_000, new RateShape(day));
    const counts = new Array<number>(12).fill(0);
    for (let now = arrivals.next(0); now < 60 * NS_PER_S; now = arrivals.next(now)) {
      counts[Math.floor(now / NS_PER_S) % 12]++;
    }
    for (const [second, count] of counts.entries()) {
      const factor = 0.2 + (1.6 * (second < 6 ? second + 0.5 : 11.5 - second)) / 6;
      const expected = 5 * 2_000 * factor;
      expect(Math.abs(count - expected), `second ${second}`).toBeLessThan(4 * Math.sqrt(expected));
    }
  });
});
