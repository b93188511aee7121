import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { devicesOf, includesDevice, normaliseRanges, subtractRanges } from '../../src/scenario/devices.ts';
import type { DeviceRange } from '../../src/scenario/resolved.ts';
import { resolve } from './load.ts';

/** Independent oracle: the devices one by one. */
const listed = (ranges: readonly DeviceRange[]): Set<string> =>
  new Set(
    ranges.flatMap(({ cssid, ssid, first, last }) =>
      Array.from({ length: last - first + 1 }, (_, step) => `${cssid}.${ssid}.${first + step}`),
    ),
  );

const range = fc
  .record({ cssid: fc.nat(1), ssid: fc.nat(1), first: fc.nat(40), length: fc.nat(12) })
  .map(({ length, ...start }): DeviceRange => ({ ...start, last: start.first + length }));
const ranges = fc.array(range, { maxLength: 8 });

describe('device ranges', () => {
  test('normalising keeps the devices and leaves gaps between ranges', () => {
    fc.assert(
      fc.property(ranges, (given) => {
        const normal = normaliseRanges(given);
        expect(listed(normal)).toEqual(listed(given));
        const sizes = normal.map(({ first, last }) => last - first + 1);
        expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(listed(given).size);
        expect(normaliseRanges(normal)).toEqual(normal);
      }),
    );
  });

  test('subtraction takes out exactly the taken devices', () => {
    fc.assert(
      fc.property(ranges, ranges, (given, taken) => {
        const left = subtractRanges(given, normaliseRanges(taken));
        const gone = listed(taken);
        expect(listed(left)).toEqual(new Set([...listed(given)].filter((device) => !gone.has(device))));
      }),
    );
  });

  test('a device is included when it is listed', () => {
    fc.assert(
      fc.property(ranges, fc.nat(1), fc.nat(60), (given, ssid, deviceNumber) => {
        const expected = listed(given).has(`0.${ssid}.${deviceNumber}`);
        expect(includesDevice(given, { cssid: 0, ssid, deviceNumber })).toBe(expected);
      }),
    );
  });
});

describe('devices of a machine', () => {
  test('follow each other on their control unit', () => {
    const { machine } = resolve('machine: { dasd: { 0.0.2000-0.0.2001: {}, 0.0.1000: {} } }');
    expect(devicesOf(machine).map(({ deviceNumber, unitAddress }) => [deviceNumber, unitAddress])).toEqual([
      [0x1000, 2],
      [0x2000, 0],
      [0x2001, 1],
    ]);
  });

  test('are shared evenly among a range of control units', () => {
    const { machine } = resolve(`
machine:
  controlUnits: { lcu0-lcu3: {} }
  dasd: { 0.0.1000-0.0.1009: { controlUnit: lcu0-lcu3 } }
`);
    expect(machine.dasd.map(({ first, last, controlUnit }) => [first, last, controlUnit])).toEqual([
      [0x1000, 0x1002, 0],
      [0x1003, 0x1005, 1],
      [0x1006, 0x1008, 2],
      [0x1009, 0x1009, 3],
    ]);
  });

  test('have distinct unit addresses on each control unit, whatever the ranges', () => {
    const gap = fc.record({ skip: fc.integer({ min: 1, max: 9 }), count: fc.integer({ min: 1, max: 20 }) });
    fc.assert(
      fc.property(
        fc.array(gap, { minLength: 1, maxLength: 6 }),
        fc.integer({ min: 1, max: 4 }),
        (gaps, units) => {
          let next = 0x1000;
          const keys = gaps.map(({ skip, count }) => {
            const first = next + skip;
            next = first + count;
            return `0.0.${first.toString(16)}-0.0.${(next - 1).toString(16)}`;
          });
          const unitNames = units === 1 ? 'lcu0' : `lcu0-lcu${units - 1}`;
          const dasd = keys.map((key) => `    ${key}: { controlUnit: ${unitNames} }`).join('\n');
          const { machine } = resolve(`machine:\n  controlUnits: { lcu0-lcu3: {} }\n  dasd:\n${dasd}\n`);
          const devices = devicesOf(machine);
          const total = gaps.reduce((sum, { count }) => sum + count, 0);
          expect(new Set(devices.map(({ deviceNumber }) => deviceNumber)).size).toBe(total);
          const addresses = devices.map((device) => `${device.range.controlUnit}/${device.unitAddress}`);
          expect(new Set(addresses).size).toBe(total);
        },
      ),
      { numRuns: 30 },
    );
  });
});
