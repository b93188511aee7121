import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chooseMove, type DcmRule } from '../../src/pathing/dcm.ts';

const rule = (more: Partial<DcmRule>): DcmRule => ({
  mode: 'balance',
  threshold: 0.1,
  goalNs: 1_000_000,
  minPaths: 1,
  ...more,
});
const unit = (load: number, pendNs = 0, paths = 3) => ({ load, pendNs, paths });

describe('a move of a managed channel', () => {
  it('takes it from the least to the most loaded control unit that it can reach', () => {
    const units = [unit(0.5), unit(0.1), unit(0.9), unit(0.3)];
    const channels = [
      { unit: 3, reach: [2, 3] },
      { unit: 1, reach: [0, 1, 2] },
    ];
    expect(chooseMove(units, channels, rule({}))).toEqual({ channel: 1, to: 2 });
    expect(chooseMove(units, channels.slice(0, 1), rule({}))).toEqual({ channel: 0, to: 2 });
    expect(chooseMove(units, channels, rule({ mode: 'off' }))).toBeNull();
  });

  it('is not made for a small difference, nor from a control unit that would keep too few paths', () => {
    const channels = [{ unit: 0, reach: [0, 1] }];
    expect(chooseMove([unit(0.3), unit(0.39)], channels, rule({}))).toBeNull();
    expect(chooseMove([unit(0.3), unit(0.41)], channels, rule({}))).not.toBeNull();
    expect(chooseMove([unit(0, 0, 1), unit(0.9)], channels, rule({}))).toBeNull();
    expect(chooseMove([unit(0, 0, 2), unit(0.9)], channels, rule({ minPaths: 2 }))).toBeNull();
  });

  it('helps whoever misses the goal, at the cost of one who meets it', () => {
    const channels = [{ unit: 0, reach: [0, 1] }];
    const goal = rule({ mode: 'goal' });
    expect(chooseMove([unit(0.9, 100), unit(0.1, 2_000_000)], channels, goal)).toEqual({ channel: 0, to: 1 });
    expect(chooseMove([unit(0.1, 100), unit(0.9, 900_000)], channels, goal)).toBeNull();
    expect(chooseMove([unit(0.1, 1_500_000), unit(0.9, 2_000_000)], channels, goal)).toBeNull();
  });

  it('is always one that is allowed, and there is none only where none is', () => {
    const units = fc.array(
      fc.record({ load: fc.double({ min: 0, max: 1, noNaN: true }), paths: fc.nat(3) }),
      {
        minLength: 2,
        maxLength: 5,
      },
    );
    fc.assert(
      fc.property(units, fc.array(fc.nat(4), { maxLength: 4 }), (loads, places) => {
        const all = loads.map(({ load, paths }) => unit(load, 0, paths));
        const reach = [...all.keys()];
        const channels = places.map((at) => ({ unit: at % all.length, reach }));
        const allowed = channels.flatMap(({ unit: from }, channel) =>
          reach
            .filter((to) => to !== from && all[to].load - all[from].load > 0.1 && all[from].paths > 1)
            .map((to) => ({ channel, to, gain: all[to].load - all[from].load })),
        );
        const move = chooseMove(all, channels, rule({}));
        if (move === null) expect(allowed).toEqual([]);
        else {
          const chosen = allowed.find(({ channel, to }) => channel === move.channel && to === move.to);
          expect(chosen?.gain).toBe(Math.max(...allowed.map(({ gain }) => gain)));
        }
      }),
    );
  });
});
