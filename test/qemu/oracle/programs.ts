import fc from 'fast-check';
import { FLAG, NOP, SENSE, SENSE_ID, TIC, UNKNOWN } from '../../instructions/stored-ccw.ts';
import type { Program, Word } from './virtual-program.ts';

/** Channel programs that end, with everything in them that QEMU treats in a way of its own. */

const MAXIMUM = 6;
const { CC, CD, MIDA, S, SLI } = FLAG;

const flags = fc
  .tuple(
    fc.constantFrom(CC, CC, CC, 0),
    fc.constantFrom(SLI, SLI, 0),
    fc.constantFrom(0, 0, 0, 0, CD),
    fc.constantFrom(0, 0, 0, S),
    fc.constantFrom(0, 0, 0, 0, 0, 0, 0, MIDA),
  )
  .map((each) => each.reduce((sum, flag) => sum | flag, 0));

/** A transfer in channel goes forward, or to itself: backward it could go round for ever. */
const word = (at: number): fc.Arbitrary<Word> =>
  fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({
        command: fc.constantFrom(NOP, NOP, NOP, SENSE, SENSE_ID, SENSE_ID, UNKNOWN, 0x00, 0x10),
        flags,
        count: fc.constantFrom(0, 1, 8, 32, 256, 300),
        at: fc.constantFrom('area' as const, 'area' as const, 'zero' as const, 'outside' as const),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        command: fc.constantFrom(TIC, TIC, 0x18),
        flags: fc.constantFrom(0, 0, 0, CC, S),
        count: fc.constantFrom(0, 0, 0, 1),
        at: fc.integer({ min: at, max: MAXIMUM }),
      }),
    },
  );

const short = fc.tuple(...Array.from({ length: MAXIMUM }, (_, at) => word(at)));

/** One command and no more, as a program senses after a unit check. */
const single = fc
  .constantFrom(UNKNOWN, UNKNOWN, UNKNOWN, SENSE, SENSE, SENSE, SENSE_ID, NOP)
  .map((command): Word[] => [{ command, flags: SLI, count: 32, at: 'area' }]);

/** As many CCWs without a data address as QEMU lets through, one less, one more. */
const withoutData = fc
  .integer({ min: 254, max: 257 })
  .map((length) =>
    Array.from(
      { length },
      (_, at): Word => ({ command: NOP, flags: SLI | (at < length - 1 ? CC : 0), count: 1, at: 'zero' }),
    ),
  );

export const program: fc.Arbitrary<Program> = fc
  .record({
    format: fc.constantFrom(0 as const, 1 as const, 1 as const),
    words: fc.oneof(
      { weight: 20, arbitrary: short },
      { weight: 20, arbitrary: single },
      { weight: 1, arbitrary: withoutData },
    ),
  })
  .map(({ format, words }) => ({ format, words, resumed: new Set<number>() }));
