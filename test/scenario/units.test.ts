import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  formatTime,
  parseBandwidth,
  parseDistance,
  parseNumber,
  parseRate,
  parseRatio,
  parseSize,
  parseTime,
  parseWhole,
} from '../../src/scenario/units.ts';

const value = (result: { ok: boolean }) => (result as { value?: unknown }).value;
const problem = (result: { ok: boolean }) => {
  const { message, hint } = result as unknown as { message: string; hint: string };
  return `${message}; ${hint}`;
};

describe('quantities', () => {
  test.each([
    ['0s', 0],
    ['7ns', 7],
    ['300us', 300_000],
    ['300µs', 300_000],
    ['1.5ms', 1_500_000],
    ['2s', 2_000_000_000],
    ['1.000000001s', 1_000_000_001],
    ['2 s', 2_000_000_000],
    ['1min', 60_000_000_000],
    ['0.5h', 1_800_000_000_000],
    ['30d', 2_592_000_000_000_000],
    ['-0s', 0],
  ])('time %s is %i ns', (text, ns) => {
    expect(value(parseTime(text))).toBe(ns);
  });

  test('sizes, distances, transfer rates, rates and shares', () => {
    expect(value(parseSize('4KiB'))).toBe(4096);
    expect(value(parseSize('64MiB'))).toBe(67_108_864);
    expect(value(parseSize('1KB'))).toBe(1000);
    expect(value(parseDistance('1.5km'))).toBe(1500);
    expect(value(parseBandwidth('4.14MB/s'))).toBe(4_140_000);
    expect(value(parseRate('40/s'))).toBe(40);
    expect(value(parseRate('2.5/ms'))).toBe(2500);
    expect(value(parseRate('90/min'))).toBe(1.5);
    expect(value(parseRatio('0.75'))).toBe(0.75);
    expect(value(parseRatio('75%'))).toBe(0.75);
    expect(value(parseNumber('0.9'))).toBe(0.9);
    expect(value(parseWhole('12', 0, 100))).toBe(12);
  });

  test.each([
    [parseTime('20'), '"20" has no unit; write 20s, 20ms or 20us'],
    [parseTime(''), '"" is not a time; write 2s, 2ms or 2us'],
    [parseTime('soon'), '"soon" is not a time; write 2s, 2ms or 2us'],
    [parseTime('-2s'), '-2s is negative; a time is zero or more'],
    [parseTime('2m'), 'unknown unit "m"; known units: ns, us, ms, s, min, h, d'],
    [parseTime('2e3s'), 'unknown unit "e3s"; known units: ns, us, ms, s, min, h, d'],
    [parseTime('1.2.3s'), '"1.2.3s" is not a time; write 2s, 2ms or 2us'],
    [parseTime('0.5ns'), '0.5ns is not a whole number of ns; write fewer decimals'],
    [parseTime('200000000s'), '200000000s is too large; the most is 9007199254740991 ns'],
    [parseSize('4096'), '"4096" has no unit; write 4096KiB or 4096MiB'],
    [parseSize('1.5B'), '1.5B is not a whole number of bytes; write fewer decimals'],
    [parseDistance('10'), '"10" has no unit; write 10km or 10m'],
    [parseBandwidth('1600'), '"1600" has no unit; write 1600MB/s'],
    [parseRate('40'), '"40" has no unit; write 40/s'],
    [parseRate('-4/s'), '-4/s is negative; a rate is zero or more'],
    [parseRate('4/day'), 'unknown unit "day"; known units: ns, us, ms, s, min, h, d'],
    [parseRatio('1.2'), '1.2 is more than 1; a share lies between 0 and 1, or 0% and 100%'],
    [parseRatio('101%'), '101% is more than 1; a share lies between 0 and 1, or 0% and 100%'],
    [parseRatio('half'), '"half" is not a share; write a number from 0 to 1, or a percentage such as 75%'],
    [parseNumber('1e3'), '"1e3" is not a number; write digits, with a point where needed'],
    [parseWhole('1.5', 0, 9), '"1.5" is not a whole number; write digits only, 0 or more'],
    [parseWhole('-1', 0, 9), '-1 is less than 0; the least is 0'],
    [parseWhole('10', 0, 9), '10 is more than 9; the most is 9'],
  ])('%#: says what is wrong and what to write', (result, text) => {
    expect(problem(result)).toBe(text);
  });

  test('every time can be written and read back', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), (ns) => {
        expect(value(parseTime(formatTime(ns)))).toBe(ns);
      }),
    );
  });

  test('decimals are exact: as many nanoseconds as the digits say', () => {
    fc.assert(
      fc.property(fc.nat(9_000_000), fc.nat(999_999_999), (seconds, rest) => {
        const text = `${seconds}.${String(rest).padStart(9, '0')}s`;
        expect(value(parseTime(text))).toBe(seconds * 1_000_000_000 + rest);
      }),
    );
  });
});
