import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ErrorHistory, FlapHistory, UNTIL_OPERATOR } from '../../src/linux/path-recovery.ts';
import { holdDown, linkRecovery, manual } from '../../src/pathing/fail-back.ts';
import { zosControlUnit, zosDevice } from '../../src/pathing/zos-errors.ts';

const SECOND = 1e9;
const MINUTE = 60 * SECOND;

describe('z/OS, control unit', () => {
  const policy = zosControlUnit({ threshold: 3, interval: 2 });
  const account = (times: readonly number[]): number => {
    const history = new ErrorHistory();
    return times.findIndex((seconds) => policy.account(history, seconds * SECOND));
  };

  it('gives a path up with the error that fills the last of so many minutes', () => {
    expect(account([1, 2, 3, 4, 61, 62, 63, 64])).toBe(6);
  });

  it('begins anew after a minute with too few errors, or without any', () => {
    expect(account([1, 2, 3, 61, 62, 121, 122, 123, 181, 182, 183])).toBe(10);
    expect(account([1, 2, 3, 121, 122, 123, 181, 182])).toBe(-1);
  });

  it('counts by the minutes of the clock', () => {
    expect(account([57, 58, 59, 60, 61, 62])).toBe(5);
    expect(account([58, 59, 60, 61, 62, 63])).toBe(-1);
  });

  it('does so as somebody who looks at all minutes afterwards', () => {
    const errors = fc.array(fc.integer({ min: 0, max: 600 }), { maxLength: 120 });
    const parameters = fc.record({
      threshold: fc.integer({ min: 1, max: 5 }),
      interval: fc.integer({ min: 1, max: 4 }),
    });
    fc.assert(
      fc.property(errors, parameters, (seconds, options) => {
        const times = [...seconds].sort((a, b) => a - b);
        const history = new ErrorHistory();
        const removed = times.findIndex((at) => zosControlUnit(options).account(history, at * SECOND));
        expect(removed).toBe(firstTooMany(times, options));
      }),
    );
  });

  it('of one device alone counts nothing', () => {
    expect(zosDevice.account(new ErrorHistory(), 0)).toBe(false);
  });
});

/** The first error by which its minute, and those before it, have had enough. */
function firstTooMany(times: readonly number[], options: { threshold: number; interval: number }): number {
  return times.findIndex((at, index) => {
    const minute = Math.floor(at / 60);
    const known = times.slice(0, index + 1);
    return Array.from({ length: options.interval }, (_, back) => minute - back).every(
      (wanted) => known.filter((time) => Math.floor(time / 60) === wanted).length >= options.threshold,
    );
  });
}

describe('link recovery', () => {
  const held = (options: Parameters<typeof linkRecovery>[0], losses: readonly number[]): FlapHistory => {
    const flaps = new FlapHistory();
    for (const seconds of losses) linkRecovery(options).lost(flaps, seconds * SECOND);
    return flaps;
  };
  const options = { flaps: 3, withinNs: 10 * SECOND, holdNs: 0 };

  it('leaves a channel path alone that goes so often within the span', () => {
    expect(held(options, [1, 2, 11]).untilNs).toBe(UNTIL_OPERATOR);
    expect(held(options, [1, 2, 12]).untilNs).toBe(0);
  });

  it('takes it back some time after the last loss', () => {
    const flaps = held({ ...options, holdNs: 60 * SECOND }, [1, 2, 3, 20]);
    expect(linkRecovery(options).heldUntil(flaps, 21 * SECOND)).toBe(80 * SECOND);
  });
});

describe('hold-down', () => {
  const options = { penalty: 1, halfLifeNs: 10 * SECOND, suppress: 2, reuse: 0.5 };
  const policy = holdDown(options);

  it('needs a penalty above the limit', () => {
    const flaps = new FlapHistory();
    policy.lost(flaps, 0);
    policy.lost(flaps, 0);
    expect(flaps).toMatchObject({ penalty: 2, untilNs: 0 });
    policy.lost(flaps, 0);
    // 3 → 0.5 takes log2 6 half-lives.
    expect(flaps.untilNs).toBeCloseTo(10 * SECOND * Math.log2(6), -2);
  });

  it('lets the penalty decay between losses', () => {
    const flaps = new FlapHistory();
    for (const seconds of [0, 10, 20, 30, 40]) policy.lost(flaps, seconds * SECOND);
    expect(flaps.penalty).toBeCloseTo(1 + 1 / 2 + 1 / 4 + 1 / 8 + 1 / 16);
    expect(flaps.untilNs).toBe(0);
  });

  it('is in force exactly from too high a penalty until one that is low enough', () => {
    const gaps = fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 30 });
    fc.assert(
      fc.property(gaps, (seconds) => {
        const flaps = new FlapHistory();
        let now = 0;
        let isHeld = false;
        let penalty = 0;
        for (const gap of seconds) {
          // In steps of a second, from the definition.
          for (let step = 0; step < gap; step++) {
            now += SECOND;
            penalty *= 2 ** -0.1;
            if (isHeld && penalty < options.reuse - 1e-9) isHeld = false;
            expect(policy.heldUntil(flaps, now) > now, `at ${now / SECOND} s`).toBe(isHeld);
          }
          penalty += 1;
          policy.lost(flaps, now);
          if (penalty > options.suppress + 1e-9) isHeld = true;
        }
      }),
    );
  });
});

describe('manual fail-back', () => {
  it('waits for an operator after the first loss', () => {
    const flaps = new FlapHistory();
    expect(manual.heldUntil(flaps, MINUTE)).toBe(0);
    manual.lost(flaps, MINUTE);
    expect(manual.heldUntil(flaps, 1000 * MINUTE)).toBe(UNTIL_OPERATOR);
  });
});
