import { describe, expect, it } from 'vitest';
import type { ChangedValue } from '../../src/experiment/changed-values.ts';
import type { TieTrial } from '../../src/experiment/tie-audit.ts';
import { dependence, shareOf } from '../../src/experiment/tie-dependence.ts';

const change = (path: string, left: string | null, right: string | null): ChangedValue => ({
  path,
  left,
  right,
});

const trial = (...counts: ChangedValue[]): TieTrial => ({
  order: 'lifo',
  defect: '',
  fingerprint: '',
  counts,
  statistics: [],
  verdicts: [],
});

describe('how much depends on the order of ties', () => {
  it('is a share of the larger value', () => {
    expect(shareOf(change('a', '51', '50'))).toBeCloseTo(1 / 51, 12);
    expect(shareOf(change('a', '50', '51'))).toBeCloseTo(1 / 51, 12);
    expect(shareOf(change('a', '0', '3'))).toBe(1);
    expect(shareOf(change('a', '-2', '2'))).toBe(2);
  });

  it('is all of it where one order has no number', () => {
    expect(shareOf(change('a', null, '3'))).toBe(1);
    expect(shareOf(change('a', '"never"', '3'))).toBe(1);
  });

  it('counts a figure once, however many orders change it, and finds the largest change', () => {
    const found = dependence(
      [trial(change('a', '4', '5')), trial(change('a', '4', '6'), change('b', '100', '99'))],
      ({ counts }) => counts,
    );
    expect(found.figures).toBe(2);
    expect(found.largest).toEqual({ change: change('a', '4', '6'), share: 1 / 3 });
  });

  it('is nothing where nothing changes', () => {
    expect(dependence([trial()], ({ counts }) => counts)).toEqual({ figures: 0, largest: null });
  });
});
