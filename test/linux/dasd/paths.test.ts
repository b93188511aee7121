import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { accountPathError, DasdPaths } from '../../../src/linux/dasd/paths.ts';

const LIMITS = { pathThreshold: 3, pathIntervalNs: 300e9, pathAutodisable: true };

function twoPaths(): DasdPaths {
  const paths = new DasdPaths();
  paths.setOperational(0xc0);
  return paths;
}

describe('the DASD path masks', () => {
  it('forget why a path was not used when it is used again', () => {
    const paths = twoPaths();
    paths.disable(0);
    paths.cablepm = 0x40;
    expect(paths.notoperpm).toBe(0xc0);
    paths.addOperational(0xc0);
    expect(paths).toMatchObject({ opm: 0xc0, ifccpm: 0, cablepm: 0 });
  });

  it('have a new path verified before it is used', () => {
    const paths = twoPaths();
    paths.available(0x80);
    expect(paths).toMatchObject({ opm: 0x40, tbvpm: 0x80 });
  });
});

describe('accounting of path errors', () => {
  const account = (paths: DasdPaths, times: number[], limits = LIMITS): string[] =>
    times.map((seconds) => accountPathError(paths, 0, 1e12 + seconds * 1e9, limits));

  it('disables the path at the threshold', () => {
    const paths = twoPaths();
    expect(account(paths, [1, 2, 3])).toEqual(['count', 'count', 'disable']);
    expect(paths).toMatchObject({ opm: 0x40, ifccpm: 0x80 });
  });

  it('begins anew after an interval without error, however old the first one is', () => {
    expect(account(twoPaths(), [0, 299, 598])).toEqual(['count', 'count', 'disable']);
    expect(account(twoPaths(), [0, 299, 599, 600])).toEqual(['count', 'count', 'count', 'count']);
  });

  it('never disables the last path, nor any when told so, and counts from zero then', () => {
    const last = new DasdPaths();
    last.setOperational(0x80);
    expect(account(last, [1, 2, 3, 4])).toEqual(['count', 'count', 'keep-last', 'count']);
    const told = { ...LIMITS, pathAutodisable: false };
    expect(account(twoPaths(), [1, 2, 3, 4], told)).toEqual(['count', 'count', 'keep', 'count']);
  });

  it('does not count without threshold', () => {
    expect(account(twoPaths(), [1, 2, 3, 4, 5], { ...LIMITS, pathThreshold: 0 })).not.toContain('disable');
  });

  it('disables exactly when a run of close errors has the threshold length', () => {
    const gaps = fc.array(fc.oneof(fc.constant(1), fc.constant(299), fc.constant(300), fc.constant(1000)));
    fc.assert(
      fc.property(gaps, fc.integer({ min: 1, max: 5 }), (seconds, threshold) => {
        const paths = new DasdPaths();
        const limits = { ...LIMITS, pathThreshold: threshold };
        let now = 1e12;
        let run = 0;
        for (const gap of seconds) {
          now += gap * 1e9;
          run = gap >= 300 || run === 0 ? 1 : run + 1;
          paths.setOperational(0xff);
          const verdict = accountPathError(paths, 5, now, limits);
          expect(verdict).toBe(run === threshold ? 'disable' : 'count');
          if (verdict === 'disable') run = 0;
        }
      }),
    );
  });
});
