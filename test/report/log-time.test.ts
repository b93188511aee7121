import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { binPosition, logBin, logPosition } from '../../src/report/log-time.ts';

describe('time since a change, on a logarithmic axis', () => {
  it('puts a power of ten on a whole number', () => {
    expect([1_000, 1_000_000, 1_000_000_000].map(logPosition)).toEqual([0, 3, 6]);
  });

  it('is the logarithm to a thousandth of a decade', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1_000, max: 100_000_000_000 }), (ns) => {
        expect(logPosition(ns)).toBeCloseTo(Math.log10(ns / 1_000), 3);
      }),
    );
  });

  it('has each time between the edges of its bin', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1_000, max: 100_000_000_000 }), (ns) => {
        const bin = logBin(ns);
        expect(logPosition(ns)).toBeGreaterThanOrEqual(binPosition(bin));
        expect(logPosition(ns)).toBeLessThanOrEqual(binPosition(bin + 1));
      }),
    );
  });

  it('puts what is faster than a microsecond at its edge', () => {
    expect(logPosition(0)).toBe(0);
    expect(logBin(999)).toBe(0);
  });
});
