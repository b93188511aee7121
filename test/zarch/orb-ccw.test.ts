import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CCW_FLAG, decodeCcw, encodeCcw, isTransferInChannel, StoredCcw } from '../../src/zarch/ccw.ts';
import { COMMAND, COMMAND_NAMES, COMMAND_SET } from '../../src/zarch/commands.ts';
import { decodeOrb, encodeOrb, Orb } from '../../src/zarch/orb.ts';

const word = (bytes: Uint8Array, index: number): number => new DataView(bytes.buffer).getUint32(index * 4);

describe('ORB', () => {
  it('of an ordinary start has twelve bytes', () => {
    const orb = Object.assign(new Orb(), { intparm: 0xabcd, lpm: 0xf0, programAddress: 0x1000 });
    const bytes = encodeOrb(orb);
    expect(bytes).toHaveLength(12);
    // Format 1, prefetch, 64-bit indirect addresses, as Linux starts every program.
    expect([word(bytes, 0), word(bytes, 1), word(bytes, 2)]).toEqual([0xabcd, 0x00c2_f000, 0x1000]);
  });

  it('with an extension has 32 and carries priorities', () => {
    const orb = Object.assign(new Orb(), { extension: 1, cssPriority: 0xaa, cuPriority: 0xbb });
    const bytes = encodeOrb(orb);
    expect(bytes).toHaveLength(32);
    expect(word(bytes, 3)).toBe(0xaa00_bb00);
    expect(decodeOrb(bytes)).toEqual(orb);
  });

  it('comes back from its words', () => {
    const anyWord = fc.integer({ min: 0, max: 0xffffffff });
    fc.assert(
      fc.property(anyWord, anyWord, anyWord, anyWord, (intparm, control, address, priorities) => {
        const bytes = new Uint8Array(32);
        const view = new DataView(bytes.buffer);
        view.setUint32(0, intparm);
        view.setUint32(4, (control & 0xffffffc1) >>> 0);
        view.setUint32(8, address);
        view.setUint32(12, (priorities & 0xff00ff00) >>> 0);
        expect(encodeOrb(decodeOrb(bytes))).toEqual((control & 1) === 1 ? bytes : bytes.slice(0, 12));
      }),
    );
  });
});

describe('CCW', () => {
  const read = Object.assign(new StoredCcw(), {
    command: COMMAND.read_mt,
    flags: CCW_FLAG.CHAIN_COMMAND | CCW_FLAG.SUPPRESS_LENGTH,
    count: 4096,
    address: 0x12_3458,
  });

  it('has its address first in format 0 and last in format 1', () => {
    expect([...encodeCcw(read, 0)]).toEqual([0x86, 0x12, 0x34, 0x58, 0x60, 0x00, 0x10, 0x00]);
    expect([...encodeCcw(read, 1)]).toEqual([0x86, 0x60, 0x10, 0x00, 0x00, 0x12, 0x34, 0x58]);
  });

  it('cannot name storage above 16 MiB in format 0', () => {
    expect(() => encodeCcw(Object.assign(new StoredCcw(), { address: 0x100_0000 }), 0)).toThrow('address');
  });

  it('comes back in both formats', () => {
    const fields = {
      command: fc.nat(255),
      flags: fc.nat(255),
      count: fc.nat(0xffff),
      address: fc.nat(0xffffff),
    };
    fc.assert(
      fc.property(fc.record(fields), fc.constantFrom(0 as const, 1 as const), (ccw, format) => {
        expect(decodeCcw(encodeCcw(ccw, format), format)).toEqual(Object.assign(new StoredCcw(), ccw));
      }),
    );
  });

  it('branches with command code 08, in format 0 with any code that ends in 8', () => {
    expect(isTransferInChannel(0x08, 1)).toBe(true);
    expect(isTransferInChannel(0xf8, 1)).toBe(false);
    expect(isTransferInChannel(0xf8, 0)).toBe(true);
    expect(isTransferInChannel(0x06, 0)).toBe(false);
  });
});

describe('command names', () => {
  it('are the ones under which commands are counted', () => {
    expect([0x34, 0xaf, 0x03, 0xe4, 0xfa].map((code) => COMMAND_NAMES[code])).toEqual([
      'snid',
      'spid',
      'nop',
      'senseid',
      'rcd',
    ]);
  });

  it('are one per code', () => {
    expect(new Set(COMMAND_NAMES.slice(0, 256)).size).toBe(256);
    expect(COMMAND_NAMES[COMMAND_SET.VIRTIO + 0x31]).toBe('virtio_write_status');
    expect(COMMAND_NAMES[0x2b]).toBe('command_2b');
  });
});
