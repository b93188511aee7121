import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { changedValues } from '../../src/experiment/changed-values.ts';
import { sameByCheckpoints } from '../../src/experiment/run-difference.ts';

describe('the checkpoints of two runs', () => {
  const every = 10_000;

  it('agree up to where the runs part', () => {
    fc.assert(
      fc.property(fc.nat(50), fc.nat(50), fc.nat(60), (left, right, common) => {
        // A digest of all events before it never is the same again once the runs have parted.
        const run = (name: string, length: number): string[] =>
          Array.from({ length }, (_, at) => (at < common ? `both ${at}` : `${name} ${at}`));
        const same = sameByCheckpoints(
          { every, checkpoints: run('left', left) },
          { every, checkpoints: run('right', right) },
        );
        expect(same).toBe(Math.min(left, right, common) * every);
      }),
    );
  });

  it('cannot be compared when they stand at other events', () => {
    expect(sameByCheckpoints({ every, checkpoints: ['a'] }, { every: 5, checkpoints: ['a'] })).toBe(0);
  });
});

describe('the values of two documents', () => {
  it('are compared place by place', () => {
    const left = { seed: '1', faults: [{ at: 1 }, { at: 2 }], old: true };
    const right = { seed: '1', faults: [{ at: 1 }, { at: 3 }, { at: 4 }], fresh: null };
    expect(changedValues(left, right)).toEqual([
      { path: 'faults[1].at', left: '2', right: '3' },
      { path: 'faults[2]', left: null, right: '{"at":4}' },
      { path: 'old', left: 'true', right: null },
      { path: 'fresh', left: null, right: 'null' },
    ]);
  });
});
