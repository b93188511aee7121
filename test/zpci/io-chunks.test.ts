import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  LONGEST_READ,
  LONGEST_WRITE,
  nextBarPiece,
  nextChunk,
  nextMove,
  partsOf,
  qemuAccessBytes,
} from '../../src/zpci/io-chunks.ts';

/** A copy of `length` bytes from storage to a BAR whose addresses end alike. */
const copy = (rule: 'blocks' | 'powers', length: number, at: number, longest = LONGEST_WRITE): number[] =>
  partsOf(length, (done, left) => nextChunk(rule, at + done, at + done, left, longest));

describe('what a kernel makes of a copy to a BAR (linux 9.2)', () => {
  test.each([
    // what, at, newer kernels, 5.10
    [12, 0, [8, 4], [8, 4]],
    [12, 4, [8, 4], [4, 8]],
    [24, 16, [24], [16, 8]],
    [24, 8, [24], [8, 16]],
    [7, 0, [4, 2, 1], [4, 2, 1]],
    [128, 0, [128], [128]],
    [136, 0, [128, 8], [128, 8]],
    [120, 0, [120], [64, 32, 16, 8]],
    [16, 4, [8, 8], [4, 8, 4]],
  ])('%i bytes at %i', (length, at, blocks, powers) => {
    expect(copy('blocks', length, at)).toEqual(blocks);
    expect(copy('powers', length, at)).toEqual(powers);
  });

  test('24 bytes of which only one address is a multiple of 16 are three stores in 5.10, one later', () => {
    const parts = (rule: 'blocks' | 'powers') =>
      partsOf(24, (done, left) => nextChunk(rule, 16 + done, 8 + done, left, LONGEST_WRITE));
    expect([parts('powers'), parts('blocks')]).toEqual([[8, 8, 8], [24]]);
  });

  test('newer kernels stop at the boundary of 4 KiB on the side of storage', () => {
    const parts = partsOf(64, (done, left) =>
      nextChunk('blocks', done, 4096 - 24 + done, left, LONGEST_WRITE),
    );
    expect(parts).toEqual([24, 40]);
  });

  test('loads are of eight bytes at most', () => {
    for (const rule of ['blocks', 'powers'] as const) {
      expect(copy(rule, 24, 0, LONGEST_READ)).toEqual([8, 8, 8]);
    }
  });

  test('a piece is as long as the rule says, for any addresses and lengths', () => {
    const address = fc.nat(16_384);
    fc.assert(
      fc.property(address, address, fc.integer({ min: 1, max: 5_000 }), (to, from, length) => {
        const block = nextChunk('blocks', to, from, length, LONGEST_WRITE);
        const fits = Math.min(length, LONGEST_WRITE, 4096 - (from & 4095));
        const aligned = ((to | from | fits) & 7) === 0;
        expect(block).toBe(aligned ? fits : fits > 7 ? 8 : 1 << (31 - Math.clz32(fits)));

        const power = nextChunk('powers', to, from, length, LONGEST_WRITE);
        // The lowest bit of both addresses, and the highest of what is left.
        const lowest = (to | from) === 0 ? LONGEST_WRITE : (to | from) & -(to | from);
        const highest = 1 << (31 - Math.clz32(Math.min(length, LONGEST_WRITE)));
        expect(power).toBe(Math.min(lowest, highest));
      }),
    );
  });
});

describe('what vfio-pci makes of one system call', () => {
  test.each([
    [4096, 0, 1024, 512],
    [8, 0, 2, 1],
    [8, 4, 2, 2],
    [13, 4, 4, 3],
    [3, 1, 2, 2],
    [1, 7, 1, 1],
  ])('%i bytes at %i: %i pieces of four bytes at most, %i of eight', (length, at, narrow, wide) => {
    const pieces = (widest: number) => partsOf(length, (done, left) => nextBarPiece(at + done, left, widest));
    expect([pieces(4).length, pieces(8).length]).toEqual([narrow, wide]);
  });

  test('each piece is naturally aligned, and no piece could be twice as long', () => {
    fc.assert(
      fc.property(
        fc.nat(4_096),
        fc.integer({ min: 1, max: 4_096 }),
        fc.constantFrom(4, 8),
        (at, length, widest) => {
          const piece = nextBarPiece(at, length, widest);
          expect(at % piece).toBe(0);
          expect(piece).toBeLessThanOrEqual(length);
          const twice = piece * 2;
          expect(twice > widest || twice > length || at % twice !== 0).toBe(true);
        },
      ),
    );
  });
});

describe('the ISM driver and QEMU', () => {
  test('a move has one store for each block of 4 KiB that it touches', () => {
    fc.assert(
      fc.property(fc.nat(100_000), fc.integer({ min: 1, max: 300_000 }), (offset, length) => {
        const parts = partsOf(length, (done, left) => nextMove(offset + done, left));
        const blocks = Math.floor((offset + length - 1) / 4096) - Math.floor(offset / 4096) + 1;
        expect(parts.length).toBe(blocks);
        expect(parts.reduce((sum, part) => sum + part, 0)).toBe(length);
      }),
    );
  });

  test('QEMU accesses as many bytes as the lowest bit of the length says', () => {
    expect([1, 2, 3, 4, 5, 6, 7, 8].map(qemuAccessBytes)).toEqual([1, 2, 1, 4, 1, 2, 1, 8]);
  });
});
