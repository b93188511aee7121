import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ExtentsInUse } from '../../src/dasd/extents-in-use.ts';
import type { Ccw } from '../../src/zarch/ccw.ts';
import { DSTAT } from '../../src/zarch/scsw.ts';
import { answer, blocks, ccw, type Done, prefix, READ_ONLY, Rig, status, UPDATE, volume } from './rig.ts';

/** Bases 00 and 01, an alias 10 of base 00, and an alias 20 of any. */
const BASE = 0x00;
const OTHER = 0x01;
const PAV = 0x10;
const HYPERPAV = 0x20;
const devices = [
  volume(BASE),
  volume(OTHER),
  volume(PAV, { aliasOf: BASE }),
  volume(HYPERPAV, { aliasOf: 'any' }),
];
const bench = (): Rig => new Rig({ devices });

const VERIFY_BASE = 0x20;
const FOR_HYPERPAV = 0x10;
const READ = 0x06;
const WRITE = 0x01;

/** One block of a track, of the volume of `base`. */
function access(base: number, validity: number, track: number, version?: number): Ccw[] {
  const writes = version !== undefined;
  const permission = writes ? UPDATE : READ_ONLY;
  const operation = writes ? WRITE : READ;
  const positions = prefix(track, track, permission, { operation, track, record: 1, count: 1 });
  positions.data![1] |= validity;
  positions.data![2] = base;
  positions.data![4] = 1;
  return [positions, blocks(writes ? 'write_mt' : 'read_mt', [version ?? 0])];
}

const versionRead = ({ exchange }: Done): number => exchange.program!.ccws[1].versions![0];
const GOOD = '0c00 0';

describe('an alias', () => {
  test('says of itself what it is, and the subsystem says it of all', () => {
    const rig = bench();
    const data = new Uint8Array(512);
    const order = ccw('psf', 12, Uint8Array.of(0x18, 0, 0, 0, 0, 0, 0x0e, 0, 0, 0, 0, 0));
    rig.start({ unitAddress: PAV }, order, { ...answer('rssd', 512), data });
    const typeOf = (unit: number): number[] => [...data.subarray(2 * unit, 2 * unit + 2)];
    expect([BASE, OTHER, PAV, HYPERPAV, 0x30].map(typeOf)).toEqual([
      [1, 0],
      [1, 0],
      [2, BASE],
      [3, 0],
      [0, 0],
    ]);
    const own = [BASE, PAV, HYPERPAV].map((unitAddress) => {
      const configuration = answer('rcd', 256);
      rig.start({ unitAddress }, configuration);
      return configuration.data![136];
    });
    expect(own).toEqual([1, 2, 3]);
  });

  test('of one base reads and writes that base', () => {
    const rig = bench();
    expect(status(rig.start({ unitAddress: PAV }, ...access(BASE, VERIFY_BASE, 5, 77)))).toBe(GOOD);
    expect(versionRead(rig.start({ unitAddress: BASE }, ...access(BASE, 0, 5)))).toBe(77);
    expect(versionRead(rig.start({ unitAddress: OTHER }, ...access(OTHER, 0, 5)))).toBe(0);
  });

  test('of any base reads and writes the one that each program names', () => {
    const rig = bench();
    const validity = VERIFY_BASE | FOR_HYPERPAV;
    rig.start({ unitAddress: HYPERPAV }, ...access(BASE, validity, 5, 77));
    rig.start({ unitAddress: HYPERPAV }, ...access(OTHER, validity, 5, 78));
    expect(versionRead(rig.start({ unitAddress: BASE }, ...access(BASE, 0, 5)))).toBe(77);
    expect(versionRead(rig.start({ unitAddress: OTHER }, ...access(OTHER, 0, 5)))).toBe(78);
  });

  test.each([
    ['of another base', PAV, access(OTHER, VERIFY_BASE, 5)],
    ['of no base', HYPERPAV, access(0x33, VERIFY_BASE | FOR_HYPERPAV, 5)],
    ['of an alias', HYPERPAV, access(PAV, VERIFY_BASE | FOR_HYPERPAV, 5)],
    ['of any base without its leave', HYPERPAV, access(BASE, VERIFY_BASE, 5)],
  ])('says that it is none %s', (_which, unitAddress, program) => {
    const { exchange } = bench().start({ unitAddress }, ...program);
    expect(exchange.dstat & DSTAT.UNIT_CHECK).not.toBe(0);
    expect([exchange.sense[0], exchange.sense[7], exchange.sense[8]]).toEqual([0x10, 0x0f, 0x67]);
  });

  test('of any base has no tracks for a program that names none', () => {
    const done = bench().start({ unitAddress: HYPERPAV }, ...access(BASE, 0, 5));
    expect(done.exchange.dstat & DSTAT.UNIT_CHECK).not.toBe(0);
    expect(done.exchange.sense[0]).toBe(0x80);
  });

  test('waits while its base is reserved to another host', () => {
    const rig = bench();
    rig.start({ host: 1, unitAddress: BASE }, answer('reserve', 32));
    expect(rig.offer({ unitAddress: PAV }, ...access(BASE, VERIFY_BASE, 5)).initial).toBe(DSTAT.BUSY);
    rig.start({ host: 1, unitAddress: OTHER }, answer('rdc', 64));
    expect(rig.settle()).toEqual([]);
    rig.start({ host: 1, unitAddress: BASE }, answer('release', 32));
    expect(rig.settle()).toEqual(['device-end 0/10']);
  });
});

describe('programs for one volume', () => {
  test.each([
    ['two reads', undefined, undefined, 5, 0],
    ['a read and a write', undefined, 1, 5, DSTAT.BUSY],
    ['a write and a read', 1, undefined, 5, DSTAT.BUSY],
    ['two writes', 1, 2, 5, DSTAT.BUSY],
    ['two writes of different tracks', 1, 2, 6, 0],
  ])('go side by side or wait: %s', (_what, first, second, track, initial) => {
    const rig = bench();
    rig.offer({ unitAddress: BASE }, ...access(BASE, 0, 5, first));
    const later = rig.offer({ unitAddress: PAV }, ...access(BASE, VERIFY_BASE, track, second));
    expect(later.initial).toBe(initial);
  });

  test('wait for each other and for nobody else', () => {
    const rig = bench();
    const first = rig.offer({ unitAddress: BASE }, ...access(BASE, 0, 5, 1));
    const other = rig.offer({ unitAddress: OTHER }, ...access(OTHER, 0, 5, 1));
    rig.offer({ unitAddress: PAV }, ...access(BASE, VERIFY_BASE, 5, 2));
    rig.unit.execute(other.exchange);
    expect(rig.settle()).toEqual([]);
    rig.unit.execute(first.exchange);
    expect(rig.settle()).toEqual(['device-end 0/10']);
    expect(status(rig.start({ unitAddress: PAV }, ...access(BASE, VERIFY_BASE, 5, 2)))).toBe(GOOD);
  });

  test('that are given up leave their extent', () => {
    const rig = bench();
    const first = rig.offer({ unitAddress: BASE }, ...access(BASE, 0, 5, 1));
    rig.unit.cancel(first.exchange);
    expect(rig.offer({ unitAddress: PAV }, ...access(BASE, VERIFY_BASE, 5, 2)).initial).toBe(0);
  });
});

test('extents exclude each other as a list of all of them says', () => {
  const step = fc.record({
    first: fc.nat(20),
    length: fc.nat(5),
    writes: fc.boolean(),
    leaves: fc.nat(100),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const extents = new ExtentsInUse();
      const model: { owner: number; first: number; last: number; writes: boolean }[] = [];
      for (const [owner, { first, length, writes, leaves }] of steps.entries()) {
        const last = first + length;
        const conflict = model.some((it) => first <= it.last && it.first <= last && (writes || it.writes));
        expect(extents.excludes(first, last, writes)).toBe(conflict);
        if (!conflict) {
          extents.enter(owner, first, last, writes);
          model.push({ owner, first, last, writes });
        }
        if (leaves < model.length) extents.leave(model.splice(leaves, 1)[0].owner);
      }
    }),
  );
});
