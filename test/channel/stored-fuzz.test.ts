import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { COMMAND } from '../../src/zarch/commands.ts';
import type { Orb } from '../../src/zarch/orb.ts';
import { ACTL, CSTAT, STCTL } from '../../src/zarch/scsw.ts';
import { B, CD, P, StoredMachine, status, type Word } from './stored-machine.ts';

const CCW_LIMIT = 150;
/** An event each for the way there, the device's part and the way back, and some for the start. */
const EVENTS_PER_CCW = 6;
const LIMITS = { programs: { fetchAhead: 4, ccwLimit: CCW_LIMIT, fetchNs: 1_000 } };

const near = (base: number): fc.Arbitrary<number> => fc.nat(0x40).map((offset) => base + offset);
const aligned = fc.nat(15).map((ccw) => P + 8 * ccw);
const address = fc.oneof(aligned, near(P), near(B), near(0x7fffffc0), fc.nat(0x7fffffff));
const command = fc.oneof(fc.constantFrom(...Object.values(COMMAND)), fc.nat(0xff));
const flags = fc.oneof(fc.constantFrom(0x40, 0x60, 0x80, 0x20, 0x42), fc.nat(0xff));
const count = fc.oneof(fc.nat(40), fc.nat(0xffff));
const word = fc.tuple(command, flags, count, address) as fc.Arbitrary<Word>;
const transfer = aligned.map((target): Word => ['tic', 0, 0, target]);
const bit = fc.nat(1);
const orb: fc.Arbitrary<Partial<Orb>> = fc.record({
  key: fc.constantFrom(0, 3),
  suspendControl: bit,
  format1: bit,
  prefetch: bit,
  initialStatus: bit,
  addressLimit: bit,
  suppressSuspended: bit,
  idaw64: bit,
  idawBlock2k: bit,
  incorrectLengthSuppression: bit,
  midaw: bit,
  programAddress: fc.oneof({ weight: 9, arbitrary: fc.constant(P) }, { weight: 1, arbitrary: address }),
});

describe('whatever stands in storage', () => {
  it('a start comes to an end or is suspended, in a state that the architecture knows', () => {
    const programs = fc.array(fc.oneof({ weight: 4, arbitrary: word }, { weight: 1, arbitrary: transfer }), {
      maxLength: 16,
    });
    fc.assert(
      fc.property(
        programs,
        orb,
        fc.uint8Array({ maxLength: 256 }),
        fc.nat(2),
        (words, given, data, limitMode) => {
          const test = new StoredMachine({ options: LIMITS });
          test.enable({ limitMode });
          test.issue('sal', { address: 0x50000 });
          test.image.storage.setKey(B, 0x58);
          test.image.storage.store(B, data);
          test.write(P, words, given.format1 === 0 ? 0 : 1);
          expect(test.start(given)).toBe(0);
          expect(test.sim.run(Number.MAX_SAFE_INTEGER, CCW_LIMIT * EVENTS_PER_CCW)).toBe(true);
          const { scsw } = test.schib();
          expect(scsw.fctl).toBe(4);
          expect(test.executed.length).toBeLessThanOrEqual(CCW_LIMIT);
          if (scsw.actl === ACTL.SUSPENDED) {
            expect(scsw.stctl).toBe(
              given.suppressSuspended === 1 ? scsw.stctl : STCTL.INTERMEDIATE | STCTL.PENDING,
            );
            return;
          }
          const ended = STCTL.PRIMARY | STCTL.SECONDARY | STCTL.PENDING;
          expect(scsw.actl).toBe(0);
          expect(scsw.stctl & ended).toBe(ended);
          const isAlert = scsw.dstat !== 0x0c || (scsw.cstat & ~CSTAT.PCI) !== 0;
          expect((scsw.stctl & STCTL.ALERT) !== 0).toBe(isAlert);
          expect(scsw.count).toBeLessThanOrEqual(0xffff);
          test.test();
          expect(test.schib().scsw).toMatchObject({ fctl: 0, actl: 0, stctl: 0 });
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe('however a block is divided', () => {
  const bytes = (test: StoredMachine, parts: readonly number[], base: number): string =>
    parts.map((part, at) => test.load(base + 0x80 * at, part)).join('');
  const chain = (name: Word[0], parts: readonly number[], base: number): Word[] =>
    parts.map(
      (part, at): Word => [at === 0 ? name : 0, at < parts.length - 1 ? CD : 0, part, base + 0x80 * at],
    );

  /** The oracle knows the record, 24 bytes long, and nothing of channels. */
  it('its bytes are those that were written, and the ending tells of the difference in length', () => {
    const parts = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 24, maxLength: 24 }), parts, (record, areas) => {
        const test = new StoredMachine();
        const total = areas.reduce((sum, area) => sum + area, 0);
        const prepare = (operation: string): Word[] => {
          test.store(B + 0x800, '80c00000 00000000 00000000 0000000e');
          test.store(B + 0x840, `${operation}000001 00000000 00000000 01000000`);
          return [
            ['define_extent', 0x40, 16, B + 0x800],
            ['locate_record', 0x40, 16, B + 0x840],
          ];
        };
        test.image.storage.store(B, record);
        expect(test.run([...prepare('01'), ['write', 0, 24, B]])).toBe('4007 P+18 0c00 0');
        const ended = test.run([...prepare('06'), ...chain('read', areas, B + 0x100)]);
        const expected = Buffer.from(record)
          .toString('hex')
          .slice(0, 2 * total);
        expect(bytes(test, areas, B + 0x100).slice(0, 2 * Math.min(24, total))).toBe(expected);
        expect(ended.split(' ')[2]).toBe(total === 24 ? '0c00' : '0c40');
      }),
      { numRuns: 100 },
    );
  });

  it('a program in format 0 does what the same program in format 1 does', () => {
    const names = fc.constantFrom('senseid', 'snid', 'rdc', 'sense', 'release', 'reserve', 0xff, 0x00);
    const programs = fc.array(
      fc.tuple(names, fc.constantFrom(0, 0x20, 0x10, 0x08), fc.integer({ min: 1, max: 300 })),
      {
        minLength: 1,
        maxLength: 4,
      },
    );
    fc.assert(
      fc.property(programs, (commands) => {
        const words = commands.map(([name, flag, length], at): Word => {
          return [name as Word[0], flag | (at < commands.length - 1 ? 0x40 : 0), length, B + 0x200 * at];
        });
        const outcomes = [0, 1].map((format1) => {
          const test = new StoredMachine();
          test.write(P, words, format1 === 0 ? 0 : 1);
          test.start({ format1 });
          test.sim.run(100_000_000);
          return [status(test.test()), test.load(B, 0x1000), test.sim.eventCount];
        });
        expect(outcomes[0]).toEqual(outcomes[1]);
      }),
      { numRuns: 100 },
    );
  });
});
