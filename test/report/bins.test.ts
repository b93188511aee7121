import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { StepSeries, TimeBins } from '../../src/report/bins.ts';

const ascending = fc
  .array(fc.integer({ min: 0, max: 60_000_000_000 }), { maxLength: 3000 })
  .map((times) => times.sort((a, b) => a - b));

describe('events in pieces of time', () => {
  it('counts every event once, in the piece that it falls into', () => {
    fc.assert(
      fc.property(ascending, (times) => {
        const bins = new TimeBins();
        for (const time of times) bins.add(time);
        for (const { fromNs, toNs, count } of bins) {
          expect(count).toBe(times.filter((time) => fromNs <= time && time < toNs).length);
        }
        expect([...bins].reduce((sum, { count }) => sum + count, 0)).toBe(times.length);
        expect([...bins].length).toBeLessThanOrEqual(600);
      }),
      { numRuns: 20 },
    );
  });
});

describe('a number that changes in steps', () => {
  it('keeps every step while there are few', () => {
    const series = new StepSeries();
    series.push(5, 1);
    series.push(6, 2);
    series.push(7, 2);
    series.push(9, 0);
    expect(series.steps).toEqual([
      { atNs: 5, value: 1 },
      { atNs: 6, value: 2 },
      { atNs: 9, value: 0 },
    ]);
  });

  it('ends at the last value however many steps there are', () => {
    const series = new StepSeries();
    for (let step = 0; step < 20_000; step++) series.push(step * 500, step % 43);
    expect(series.steps.length).toBeLessThanOrEqual(3000);
    expect(series.steps.at(-1)?.value).toBe(19_999 % 43);
  });
});
