import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Ccw } from '../../src/zarch/ccw.ts';
import {
  BenchExchange,
  blocks,
  defineExtent,
  locate,
  prefix,
  program,
  READ_ONLY,
  Rig,
  status,
  UPDATE,
} from './rig.ts';

/** Programs as Linux builds them for `count` blocks from `first` on, in the three shapes. */
type Shape = 'define-extent' | 'prefix' | 'track';

function transfer(shape: Shape, write: boolean, first: number, versions: number[]): Ccw[] {
  const last = first + versions.length - 1;
  const [from, to] = [Math.floor(first / 12), Math.floor(last / 12)];
  const permission = write ? UPDATE : READ_ONLY;
  const record = (first % 12) + 1;
  if (shape !== 'track') {
    const fields = { operation: write ? 1 : 6, track: from, record, count: versions.length };
    const data = versions.map((version) => blocks(write ? 'write_mt' : 'read_mt', [version]));
    if (shape === 'prefix') return [prefix(from, to, permission, fields), ...data];
    return [defineExtent(from, to, permission), locate(fields), ...data];
  }
  const onLast = (last % 12) + 1 - (from === to ? record - 1 : 0);
  const fields = { track: from, record, count: to - from + 1 };
  const where = write
    ? { ...fields, operation: 0x3f, extendedOperation: 0x23 }
    : { ...fields, operation: 0x0c, length: onLast * 4096 };
  const ccws = [prefix(from, to, permission, where)];
  for (let at = 0; at < versions.length; ) {
    const room = at === 0 ? 13 - record : 12;
    ccws.push(blocks(write ? 'write_track_data' : 'read_track_data', versions.slice(at, at + room)));
    at += room;
  }
  return ccws;
}

const found = (ccws: Ccw[]): number[] => ccws.flatMap((ccw) => [...(ccw.versions ?? [])]);

describe('what is written', () => {
  const shape = fc.constantFrom<Shape>('define-extent', 'prefix', 'track');
  const request = fc.record({
    shape,
    write: fc.boolean(),
    unitAddress: fc.nat(1),
    host: fc.nat(1),
    first: fc.integer({ min: 24, max: 24 + 400 }),
    count: fc.integer({ min: 1, max: 40 }),
  });

  it('is read back by whatever program and host, and only there', () => {
    fc.assert(
      fc.property(fc.array(request, { maxLength: 30 }), (requests) => {
        const rig = new Rig({ devices: [0, 1].map((unitAddress) => ({ ...small, unitAddress })) });
        const written = new Map<string, number>();
        let version = 0;
        for (const { shape: form, write, unitAddress, host, first, count } of requests) {
          const addresses = Array.from({ length: count }, (_, at) => `${unitAddress}/${first + at}`);
          const versions = addresses.map(() => (write ? ++version : 0));
          const ccws = transfer(form, write, first, versions);
          expect(status(rig.start({ host, unitAddress }, ...ccws))).toBe('0c00 0');
          if (write) {
            for (const [at, address] of addresses.entries()) written.set(address, versions[at]);
          } else expect(found(ccws)).toEqual(addresses.map((address) => written.get(address) ?? 0));
        }
      }),
      { numRuns: 60 },
    );
  });

  it('is nothing when the program is cancelled', () => {
    const rig = new Rig();
    const exchange = new BenchExchange(0, 0, 0, program(...transfer('prefix', true, 100, [5])));
    expect(rig.unit.initialSelection(exchange)).toBe(0);
    rig.unit.cancel(exchange);
    const read = transfer('prefix', false, 100, [-1]);
    rig.start({}, ...read);
    expect(found(read)).toEqual([0]);
  });
});

const small = {
  model: '3390-1',
  cylinders: 30,
  format: 'cdl',
  serial: '1',
  volumeSerial: 'A',
  missingInterruptNs: 0,
} as const;
