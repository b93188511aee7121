import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  formatDevices,
  parseChpid,
  parseChpids,
  parseDevice,
  parseDevices,
} from '../../src/scenario/identifiers.ts';
import { expandNames } from '../../src/scenario/name-ranges.ts';
import { formatChpid } from '../../src/zarch/ids.ts';

const value = (result: { ok: boolean }) => (result as { value?: unknown }).value;
const problem = (result: { ok: boolean }) => {
  const { message, hint } = result as unknown as { message: string; hint: string };
  return `${message}; ${hint}`;
};

describe('channel paths', () => {
  test.each([
    ['0.40', 0x40],
    ['40', 0x40],
    ['a', 0x0a],
    ['0.fF', 0xff],
    ['1.40', 0x140],
  ])('%s', (text, chpid) => {
    expect(value(parseChpid(text))).toBe(chpid);
  });

  test('lists and ranges keep their order', () => {
    expect(value(parseChpids('0.42, 0.40-0.41'))).toEqual([0x42, 0x40, 0x41]);
  });

  test.each([
    [parseChpid('4G'), 'chpid "4G" is not two hex digits; write cssid and two hex digits, such as 0.40'],
    [
      parseChpid('0.400'),
      'chpid "0.400" is not two hex digits; write cssid and two hex digits, such as 0.40',
    ],
    [parseChpid('7.40'), 'chpid "7.40" names channel-subsystem image 7; images are 0 to 5'],
    [parseChpids('0.43-0.40'), 'range "0.43-0.40" ends before it begins; swap its ends'],
    [parseChpids('0.40-1.40'), 'range "0.40-1.40" spans two images; write one range for each image'],
    [parseChpids('0.40-0.41-0.42'), '"0.40-0.41-0.42" is not a range; write first-last, such as 0.40-0.43'],
    [parseChpids('0.40,'), 'chpid "" is not two hex digits; write cssid and two hex digits, such as 0.40'],
  ])('%#: says what is wrong', (result, text) => {
    expect(problem(result)).toBe(text);
  });

  test('a range is every CHPID from its first to its last', () => {
    fc.assert(
      fc.property(fc.nat(5), fc.nat(255), fc.nat(255), (cssid, one, other) => {
        const [first, last] = [Math.min(one, other), Math.max(one, other)].map((low) => cssid * 256 + low);
        const expected = Array.from({ length: last - first + 1 }, (_, step) => first + step);
        expect(value(parseChpids(`${formatChpid(first)}-${formatChpid(last)}`))).toEqual(expected);
      }),
    );
  });
});

describe('devices', () => {
  test('bus ids, with and without image and set', () => {
    expect(value(parseDevice('0.1.4e10'))).toEqual({ cssid: 0, ssid: 1, first: 0x4e10, last: 0x4e10 });
    expect(value(parseDevice('1000'))).toEqual({ cssid: 0, ssid: 0, first: 0x1000, last: 0x1000 });
  });

  test.each([
    [
      parseDevice('0.0.10000'),
      'device "0.0.10000" is not a bus id; write cssid, subchannel set and four hex digits, such as 0.0.1000',
    ],
    [parseDevice('0.4.1000'), 'device "0.4.1000" names subchannel set 4; sets are 0 to 3'],
    [parseDevice('9.0.1000'), 'device "9.0.1000" names channel-subsystem image 9; images are 0 to 5'],
    [
      parseDevices('0.0.1000-0.1.1000'),
      'range "0.0.1000-0.1.1000" spans two subchannel sets; write one range for each set',
    ],
    [parseDevices('0.0.2000-0.0.1000'), 'range "0.0.2000-0.0.1000" ends before it begins; swap its ends'],
  ])('%#: says what is wrong', (result, text) => {
    expect(problem(result)).toBe(text);
  });

  test('ranges can be written and read back', () => {
    const range = fc
      .record({ cssid: fc.nat(5), ssid: fc.nat(3), first: fc.nat(0xffff), length: fc.nat(300) })
      .map(({ cssid, ssid, first, length }) => ({
        cssid,
        ssid,
        first,
        last: Math.min(0xffff, first + length),
      }));
    fc.assert(
      fc.property(fc.array(range, { minLength: 1, maxLength: 5 }), (ranges) => {
        expect(value(parseDevices(ranges.map(formatDevices).join(',')))).toEqual(ranges);
      }),
    );
  });
});

describe('ranges of names', () => {
  test('count in hex at fixed width', () => {
    expect(expandNames('lcu0e-lcu11')).toEqual(['lcu0e', 'lcu0f', 'lcu10', 'lcu11']);
  });

  test.each(['lcu0', 'ds8k-left', 'lcu0-cu4', 'lcu1-lcu00', 'lcu4-lcu2'])('%s is one name', (name) => {
    expect(expandNames(name)).toEqual([name]);
  });
});
