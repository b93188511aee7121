import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TransportArea } from '../../src/channel/transport-program/transport-area.ts';
import { CSTAT } from '../../src/zarch/scsw.ts';
import { Storage } from '../../src/zarch/storage.ts';
import { encodeTidaw, TIDAW_FLAG, Tidaw } from '../../src/zarch/tidaw.ts';

const { LAST, SKIP, DATA_INTERRUPTION, TRANSFER, INSERT_CHECK } = TIDAW_FLAG;
const LIST = 0x10000;
const DATA = 0x20000;
type Word = readonly [flags: number, count: number, address: number];

function storageWith(words: readonly Word[], at = LIST): Storage {
  const storage = new Storage(0x100000);
  words.forEach(([flags, count, address], index) => {
    storage.store(at + 16 * index, encodeTidaw(Object.assign(new Tidaw(), { flags, count, address })));
  });
  return storage;
}

/** Moves `total` bytes of output through the list at `LIST`. */
function fetched(
  storage: Storage,
  total: number,
  address = LIST,
): { area: TransportArea; bytes: Uint8Array } {
  const area = new TransportArea(storage);
  const bytes = new Uint8Array(total);
  area.move({ address, indirect: true, access: 'fetch', key: 0, total }, bytes, total);
  return { area, bytes };
}

describe('a list of transport-indirect-data-address words', () => {
  it('leads to one area after the other', () => {
    const storage = storageWith([
      [0, 3, DATA],
      [DATA_INTERRUPTION, 2, DATA + 0x100],
      [LAST, 1, DATA + 0x200],
    ]);
    storage.store(DATA, Uint8Array.of(1, 2, 3));
    storage.store(DATA + 0x100, Uint8Array.of(4, 5));
    storage.store(DATA + 0x200, Uint8Array.of(6));
    const { area, bytes } = fetched(storage, 6);
    expect([area.check, [...bytes], area.interruption]).toEqual([0, [1, 2, 3, 4, 5, 6], true]);
  });

  it('has check bytes inserted into output, which the count includes', () => {
    const storage = storageWith([
      [INSERT_CHECK, 6, DATA],
      [LAST, 4, DATA + 0x100],
    ]);
    // Six bytes are filled up to eight, and four of check bytes follow.
    const { area } = fetched(storage, 6 + 6 + 4);
    expect([area.check, area.moved, area.checkBytes]).toEqual([0, 10, 6]);
  });

  it('goes on behind a block boundary by a transfer only', () => {
    const words: Word[] = [
      [0, 1, DATA],
      [LAST, 1, DATA + 1],
    ];
    const atEnd = LIST + 0xff0;
    expect(fetched(storageWith(words, atEnd), 2, atEnd).area.check).toBe(CSTAT.PROGRAM_CHECK);
    const transferring = storageWith(
      [
        [TRANSFER, 0, LIST + 0x1000],
        [LAST, 2, DATA],
      ],
      atEnd,
    );
    expect(fetched(transferring, 2, atEnd).area.check).toBe(0);
  });

  it.each<[string, readonly Word[]]>([
    ['no last word', [[0, 8, DATA]]],
    ['a last word before the count ends', [[LAST, 4, DATA]]],
    [
      'a word without bytes',
      [
        [0, 0, DATA],
        [LAST, 8, DATA],
      ],
    ],
    ['more than is left', [[LAST, 9, DATA]]],
    ['an area over a block boundary', [[LAST, 8, DATA + 0xffc]]],
    [
      'skipped output',
      [
        [SKIP, 4, DATA],
        [LAST, 4, DATA],
      ],
    ],
    ['check bytes behind the last area', [[LAST | INSERT_CHECK, 8, DATA]]],
    ['a reserved flag', [[LAST | 1, 8, DATA]]],
    [
      'a transfer with a count',
      [
        [TRANSFER, 1, LIST + 0x20],
        [0, 0, 0],
        [LAST, 8, DATA],
      ],
    ],
    [
      'a transfer with another flag',
      [
        [TRANSFER | LAST, 0, LIST + 0x20],
        [0, 0, 0],
        [LAST, 8, DATA],
      ],
    ],
    [
      'a transfer to no boundary',
      [
        [TRANSFER, 0, LIST + 0x28],
        [0, 0, 0],
        [LAST, 8, DATA],
      ],
    ],
    [
      'a transfer to a transfer',
      [
        [TRANSFER, 0, LIST + 0x10],
        [TRANSFER, 0, LIST + 0x20],
        [LAST, 8, DATA],
      ],
    ],
    ['an address outside of storage', [[LAST, 8, 2 ** 40]]],
  ])('with %s is a program check', (_, words) => {
    expect(fetched(storageWith(words), 8).area.check).toBe(CSTAT.PROGRAM_CHECK);
  });

  it('stores input as far as there is any, and leaves the rest alone', () => {
    const parts = fc.array(fc.integer({ min: 1, max: 200 }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(parts, fc.double({ min: 0, max: 1, noNaN: true }), (counts, share) => {
        const total = counts.reduce((sum, count) => sum + count, 0);
        const length = Math.floor(total * share);
        const storage = storageWith(
          counts.map((count, at) => [at + 1 < counts.length ? 0 : LAST, count, DATA + 0x100 * at] as const),
        );
        const bytes = Uint8Array.from({ length }, (_, at) => (at % 255) + 1);
        const area = new TransportArea(storage);
        expect(
          area.move({ address: LIST, indirect: true, access: 'store', key: 0, total }, bytes, length),
        ).toBe(true);
        const found: number[] = [];
        counts.forEach((count, at) => {
          const part = new Uint8Array(count);
          storage.fetch(DATA + 0x100 * at, part);
          found.push(...part);
        });
        expect(found).toEqual([...bytes, ...new Array(total - length).fill(0)]);
      }),
    );
  });
});
