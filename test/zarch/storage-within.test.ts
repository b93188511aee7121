import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { PROGRAM_INTERRUPTION } from '../../src/zarch/program-interruption.ts';
import { Storage } from '../../src/zarch/storage.ts';

const PAGE = 0x1000;
const HOST = 64 * PAGE;

/** What storage has at an address. */
function bytesAt(storage: Storage, address: number, length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  storage.fetch(address, bytes);
  return bytes;
}

describe("a guest's storage in that of its host", () => {
  test('is the same bytes at other addresses, whoever stores them', () => {
    fc.assert(
      fc.property(
        fc.nat(31),
        fc.nat(30 * PAGE),
        fc.uint8Array({ minLength: 1, maxLength: 2 * PAGE }),
        (page, at, bytes) => {
          const host = new Storage(HOST);
          const origin = page * PAGE;
          const guest = new Storage(32 * PAGE, { storage: host, address: origin });
          guest.store(at, bytes);
          expect(bytesAt(host, origin + at, bytes.length)).toEqual(bytes);
          host.store(origin + at, bytes.toReversed());
          expect(bytesAt(guest, at, bytes.length)).toEqual(bytes.toReversed());
          expect(guest.storesTo(at)).toBe(host.storesTo(origin + at));
        },
      ),
    );
  });

  test('ends where the guest ends, and shares its storage keys', () => {
    const host = new Storage(HOST);
    const guest = new Storage(4 * PAGE, { storage: host, address: 8 * PAGE });
    expect(guest.check(4 * PAGE - 1, 2, 0, 'store')).toBe(PROGRAM_INTERRUPTION.ADDRESSING);
    guest.setKey(PAGE, 0x30);
    expect(host.check(9 * PAGE, 1, 2, 'store')).toBe(PROGRAM_INTERRUPTION.PROTECTION);
    expect(guest.check(PAGE, 1, 3, 'store')).toBe(0);
    expect(guest.check(2 * PAGE, 1, 2, 'fetch')).toBe(0);
  });

  test('may contain another one', () => {
    const host = new Storage(HOST);
    const guest = new Storage(16 * PAGE, { storage: host, address: 16 * PAGE });
    const nested = new Storage(4 * PAGE, { storage: guest, address: 8 * PAGE });
    nested.storeWord(0x10, 0xcafebabe);
    expect(host.word(24 * PAGE + 0x10)).toBe(0xcafebabe);
  });
});
