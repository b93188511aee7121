import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type PathView, WAIT_ANY, WAIT_BUSY } from '../../src/channel/path-selection.ts';
import { createSelection, SELECTIONS } from '../../src/pathing/index.ts';

/*
 * Every policy against a second description of itself, which knows lists of path numbers instead of masks.
 */
interface Situation {
  /** Paths that may be tried, in ascending order: at least one. */
  readonly candidates: readonly number[];
  /** Those of them with a free exchange. */
  readonly free: readonly number[];
  /** Paths that were tried and found busy. */
  readonly refused: readonly number[];
  readonly nonPreferred: readonly number[];
  readonly open: readonly number[];
  readonly responseNs: readonly number[];
  readonly last: number;
  readonly draw: number;
}

const eight = <T>(of: fc.Arbitrary<T>): fc.Arbitrary<T[]> => fc.array(of, { minLength: 8, maxLength: 8 });

const situation: fc.Arbitrary<Situation> = fc
  .record({
    roles: eight(fc.constantFrom('absent', 'refused', 'free', 'free', 'full')),
    nonPreferred: eight(fc.boolean()),
    open: eight(fc.integer({ min: 0, max: 4 })),
    // Few values, so that equal ones, small differences and paths without an average are frequent.
    responseNs: eight(fc.constantFrom(0, 1_000, 1_100, 1_200, 50_000)),
    last: fc.integer({ min: -1, max: 7 }),
    draw: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
  })
  .map(({ roles, nonPreferred, open, responseNs, last, draw }) => {
    const paths = [0, 1, 2, 3, 4, 5, 6, 7];
    return {
      candidates: paths.filter((path) => roles[path] === 'free' || roles[path] === 'full'),
      free: paths.filter((path) => roles[path] === 'free'),
      refused: paths.filter((path) => roles[path] === 'refused'),
      nonPreferred: paths.filter((path) => nonPreferred[path]),
      open,
      responseNs,
      last,
      draw,
    };
  })
  .filter(({ candidates }) => candidates.length > 0);

const mask = (paths: readonly number[]): number => paths.reduce((bits, path) => bits + 2 ** (7 - path), 0);

function viewOf({ candidates, free, refused, nonPreferred, open, responseNs, last }: Situation): PathView {
  return {
    candidates: mask(candidates),
    busy: mask(candidates.filter((path) => !free.includes(path))),
    answering: mask([...candidates, ...refused]),
    nonPreferred: mask(nonPreferred),
    open,
    responseNs,
    last,
  };
}

/** The first of the paths in the order that begins after the last one used; WAIT_ANY when there is none. */
function following(paths: readonly number[], last: number): number {
  const order = [1, 2, 3, 4, 5, 6, 7, 8].map((step) => (last + step) % 8);
  const next = order.find((path) => paths.includes(path));
  return next === undefined ? WAIT_ANY : mask([next]);
}

const ORACLES: Readonly<Record<keyof typeof SELECTIONS, (of: Situation) => number>> = {
  rotation: ({ free, last }) => following(free, last),
  pooled: ({ free, open }) => mask(free.filter((path) => open[path] === 0).slice(0, 1)),
  fixed({ candidates, refused }) {
    const first = Math.min(...candidates, ...refused);
    return candidates.includes(first) ? mask([first]) : WAIT_BUSY;
  },
  random: ({ free, draw }) => (free.length === 0 ? WAIT_ANY : mask([free[Math.trunc(draw * free.length)]])),
  'least-busy'({ free, open, last }) {
    const fewest = Math.min(...free.map((path) => open[path]));
    return following(
      free.filter((path) => open[path] === fewest),
      last,
    );
  },
  preferred({ candidates, free, refused, nonPreferred, last }) {
    const isBetter = (path: number): boolean => !nonPreferred.includes(path);
    if (![...candidates, ...refused].some(isBetter)) return following(free, last);
    const better = candidates.filter(isBetter);
    if (better.length === 0) return WAIT_BUSY;
    const next = following(free.filter(isBetter), last);
    return next === WAIT_ANY && better.length < candidates.length ? mask(better) : next;
  },
};

describe.each(Object.keys(ORACLES) as (keyof typeof SELECTIONS)[])('%s', (name) => {
  it('chooses as its description says', () => {
    const policy = SELECTIONS[name];
    fc.assert(
      fc.property(situation, (of) => {
        expect(policy.choose(viewOf(of), of.draw)).toBe(ORACLES[name](of));
      }),
      { numRuns: 500 },
    );
  });

  it('has the name that scenarios use, and draws only by chance', () => {
    expect(SELECTIONS[name]).toMatchObject({ name, draws: name === 'random', smoothing: 0 });
  });
});

describe('steering', () => {
  const REPROBE = 0.3;
  const policy = createSelection({ kind: 'steering', alpha: 0.5, reprobe: REPROBE, margin: 0.15 });

  function oracle({ free, responseNs, last, draw }: Situation): number {
    const known = free.map((path) => responseNs[path]).filter((average) => average > 0);
    const limit = 1.15 * Math.min(...known);
    const isSlow = (path: number): boolean => responseNs[path] > limit;
    const slow = free.filter(isSlow);
    if (slow.length > 0 && draw < REPROBE) return mask([slow[Math.trunc((draw / REPROBE) * slow.length)]]);
    return following(
      free.filter((path) => !isSlow(path)),
      last,
    );
  }

  it('chooses as its description says', () => {
    fc.assert(
      fc.property(situation, (of) => {
        expect(policy.choose(viewOf(of), of.draw)).toBe(oracle(of));
      }),
      { numRuns: 500 },
    );
  });

  it('weighs response times as it was told', () => {
    expect(policy).toMatchObject({ name: 'steering', draws: true, smoothing: 0.5 });
  });
});

describe('any policy', () => {
  const usual = { alpha: 0.2, reprobe: 0.01, margin: 0.25 };
  const all = [...Object.values(SELECTIONS), createSelection({ kind: 'steering', ...usual })];

  it('names a path that it may try, or paths to wait for, and changes nothing', () => {
    fc.assert(
      fc.property(situation, fc.constantFrom(...all), (of, policy) => {
        const view = viewOf(of);
        const before = structuredClone(view);
        const choice = policy.choose(view, of.draw);
        expect(view).toEqual(before);
        if (choice === WAIT_ANY) return;
        if (choice === WAIT_BUSY) {
          expect(of.refused, 'there is somebody who will end the wait').not.toEqual([]);
          return;
        }
        expect(choice & ~view.candidates).toBe(0);
        const isOnePath = (choice & (choice - 1)) === 0;
        expect(isOnePath || (choice & ~view.busy) === 0).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });
});
