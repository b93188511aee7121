import { describe, expect, test } from 'vitest';
import { exponential, RandomStreams } from '../../src/kernel/random.ts';
import { accountPathError, DasdPaths } from '../../src/linux/dasd/paths.ts';
import { ErrorHistory } from '../../src/linux/path-recovery.ts';
import { zosControlUnit } from '../../src/pathing/zos-errors.ts';

/**
 * How long a path with Poisson errors stays in use: the first run of k successes in a row, each with probability p, takes
 * (1 − p^k) / (p^k (1 − p)) trials on average. Linux wants threshold − 1 gaps that are all shorter than its interval,
 * z/OS so many minutes that all have enough errors.
 */
const SECOND = 1e9;
const MINUTE = 60 * SECOND;

function successRun(p: number, k: number): number {
  const whole = Math.exp(k * Math.log(p));
  return (1 - whole) / (whole * (1 - p));
}

/** P(Poisson(mean) ≥ least). */
function poissonTail(mean: number, least: number): number {
  let term = Math.exp(-mean);
  let below = 0;
  for (let n = 0; n < least; n++) {
    below += term;
    term *= mean / (n + 1);
  }
  return 1 - below;
}

const streams = new RandomStreams('success runs');

/** Time from the beginning until `account` says that it is enough; errors are so far apart on average. */
function lifetime(name: string, gapNs: number, account: (now: number) => boolean): number {
  const stream = streams.stream(name);
  let now = 0;
  do now += exponential(stream.uniform(), gapNs);
  while (!account(now));
  return now;
}

/** Mean of many, and its standard error. */
function mean(repetitions: number, draw: (repetition: number) => number): { mean: number; error: number } {
  const values = Array.from({ length: repetitions }, (_, repetition) => draw(repetition));
  const average = values.reduce((sum, value) => sum + value, 0) / repetitions;
  const variance = values.reduce((sum, value) => sum + (value - average) * (value - average), 0);
  return { mean: average, error: Math.sqrt(variance / (repetitions * (repetitions - 1))) };
}

const linuxMinutes = (perMinute: number, threshold: number, intervalS: number): number => {
  const gapS = 60 / perMinute;
  return (successRun(1 - Math.exp(-intervalS / gapS), threshold - 1) * gapS) / 60;
};

describe('the formulas', () => {
  test.each([
    [1, 256, 300, 11.4],
    [2, 256, 300, 2.15],
  ])(
    'give Linux with %d errors a minute %d errors without %d s between in %f h',
    (rate, k, interval, hours) => {
      expect(linuxMinutes(rate, k, interval) / 60).toBeCloseTo(hours, 0);
    },
  );

  test('give Linux with an error every two minutes no hope: millions of hours', () => {
    expect(linuxMinutes(0.5, 256, 300) / 60).toBeGreaterThan(1e6);
  });

  test.each([
    [10, 16.6 * 60],
    [12, 62],
    [20, 10.3],
  ])('give z/OS with %d errors a minute %f minutes', (rate, minutes) => {
    expect(successRun(poissonTail(rate, 10), 10) / minutes).toBeCloseTo(1, 1);
  });
});

describe('the policies follow them', () => {
  test.each([
    [1, 256, 300, 400],
    [2, 256, 300, 400],
    [1, 20, 120, 4000],
    [4, 50, 45, 2000],
  ])(
    'Linux with %d errors a minute, threshold %d, interval %d s',
    (perMinute, threshold, intervalS, times) => {
      const limits = { pathThreshold: threshold, pathIntervalNs: intervalS * SECOND, pathAutodisable: true };
      const drawn = mean(times, (repetition) => {
        const paths = new DasdPaths();
        paths.setOperational(0xc0);
        let first = -1;
        const end = lifetime(`linux ${perMinute} ${threshold} ${repetition}`, MINUTE / perMinute, (now) => {
          if (first < 0) first = now;
          return accountPathError(paths, 0, now, limits) === 'disable';
        });
        return (end - first) / MINUTE;
      });
      const expected = linuxMinutes(perMinute, threshold, intervalS);
      expect(Math.abs(drawn.mean - expected)).toBeLessThan(4 * drawn.error);
      expect(drawn.error).toBeLessThan(0.08 * expected);
    },
  );

  test.each([
    [12, 10, 10, 400],
    [20, 10, 10, 2000],
    [4, 3, 3, 4000],
    [2, 2, 5, 400],
  ])(
    'z/OS with %d errors a minute, threshold %d, interval %d min',
    (perMinute, threshold, interval, times) => {
      const drawn = mean(times, (repetition) => {
        const history = new ErrorHistory();
        const policy = zosControlUnit({ threshold, interval });
        const name = `zos ${perMinute} ${threshold} ${interval} ${repetition}`;
        // A run is complete at the end of its last minute, the policy has had enough within it.
        const end = lifetime(name, MINUTE / perMinute, (now) => policy.account(history, now));
        return Math.floor(end / MINUTE) + 1;
      });
      const expected = successRun(poissonTail(perMinute, threshold), interval);
      expect(Math.abs(drawn.mean - expected)).toBeLessThan(4 * drawn.error);
      expect(drawn.error).toBeLessThan(0.08 * expected);
    },
  );
});
