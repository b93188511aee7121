import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ALONE, align } from '../../src/experiment/alignment.ts';

type Same = (left: number, right: number) => boolean;

const text = (left: string, right: string): Int32Array =>
  align(left.length, right.length, (i, j) => left[i] === right[j]);

/** Length of a longest common subsequence by the textbook's table. */
function longest(left: number, right: number, same: Same): number {
  let row = new Array<number>(right + 1).fill(0);
  for (let i = 0; i < left; i++) {
    const next = [0];
    for (let j = 0; j < right; j++) {
      next.push(same(i, j) ? Math.max(row[j] + 1, next[j], row[j + 1]) : Math.max(next[j], row[j + 1]));
    }
    row = next;
  }
  return row[right];
}

function check(left: number, right: number, same: Same): number {
  const pairs = [...align(left, right, same).entries()].filter(([, partner]) => partner !== ALONE);
  for (const [i, partner] of pairs) expect(same(i, partner)).toBe(true);
  const partners = pairs.map(([, partner]) => partner);
  expect(partners).toEqual([...new Set(partners)].sort((a, b) => a - b));
  return pairs.length;
}

describe('align', () => {
  it('lets one missing element make nothing else differ', () => {
    expect([...text('abcdef', 'abdef')]).toEqual([0, 1, ALONE, 2, 3, 4]);
    expect([...text('abdef', 'abcdef')]).toEqual([0, 1, 3, 4, 5]);
  });

  it('pairs nothing where nothing is alike', () => {
    expect([...text('abc', 'xyz')]).toEqual([ALONE, ALONE, ALONE]);
    expect([...text('', 'xyz')]).toEqual([]);
    expect([...text('abc', '')]).toEqual([ALONE, ALONE, ALONE]);
  });

  it('finds a longest common subsequence of any two texts', () => {
    const words = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 40 });
    fc.assert(
      fc.property(words, words, (left, right) => {
        const same: Same = (i, j) => left[i] === right[j];
        expect(check(left.length, right.length, same)).toBe(longest(left.length, right.length, same));
      }),
      { numRuns: 500 },
    );
  });

  it('does so for relations that are no equality', () => {
    const table = fc.array(fc.array(fc.boolean(), { minLength: 9, maxLength: 9 }), { maxLength: 9 });
    fc.assert(
      fc.property(table, (rows) => {
        const same: Same = (i, j) => rows[i][j];
        expect(check(rows.length, 9, same)).toBe(longest(rows.length, 9, same));
      }),
      { numRuns: 500 },
    );
  });

  it('comes to an end with sequences that have next to nothing in common', () => {
    const elements = 30_000;
    const same: Same = (i, j) => i === j && i % 5_000 === 0;
    expect(check(elements, elements, same)).toBeGreaterThan(0);
  });
});
