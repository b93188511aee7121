import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SparseCounters } from '../../src/kernel/sparse-counters.ts';

describe('sparse counters', () => {
  it('read what was written last, zero elsewhere', () => {
    const index = fc.oneof(fc.nat(63), fc.nat(2_999_999));
    fc.assert(
      fc.property(fc.array(fc.tuple(index, fc.nat(0xffffffff))), fc.array(index), (writes, reads) => {
        const counters = new SparseCounters();
        const model = new Map<number, number>();
        for (const [at, value] of writes) {
          counters.write(at, value);
          model.set(at, value);
        }
        for (const at of [...reads, ...model.keys()]) expect(counters.read(at)).toBe(model.get(at) ?? 0);
      }),
    );
  });

  it('takes space only where something is stored', () => {
    const counters = new SparseCounters();
    for (let at = 0; at < 16; at++) counters.write(160 + at, at);
    expect(counters.pageCount).toBe(1);
    counters.write(199_999_999, 7);
    expect(counters.pageCount).toBe(2);
    expect(counters.read(199_999_999)).toBe(7);
  });
});
