import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeIrb, encodeIrb, IRB_BYTES, Irb } from '../../src/zarch/irb.ts';

const word = (bytes: Uint8Array, index: number): number => new DataView(bytes.buffer).getUint32(index * 4);

describe('IRB', () => {
  it('names the last path used in the second byte of the extended-status word', () => {
    const irb = new Irb();
    irb.eswFormat = 1;
    irb.lpum = 0x80;
    expect(word(encodeIrb(irb), 3)).toBe(0x0080_0000);
  });

  it('carries the connect time beside it in format 2', () => {
    const irb = new Irb();
    irb.eswFormat = 2;
    irb.lpum = 0x20;
    irb.connectTime = 0x1234;
    const bytes = encodeIrb(irb);
    expect(word(bytes, 3)).toBe(0x0020_1234);
    expect(decodeIrb(bytes)).toMatchObject({ eswFormat: 2, lpum: 0x20, connectTime: 0x1234 });
  });

  it('carries the subchannel logout around it in format 0', () => {
    const irb = new Irb();
    irb.scsw.eswFormat = 1;
    irb.eswFormat = 0;
    irb.lpum = 0x80;
    irb.logout = 0x0400_4000;
    const bytes = encodeIrb(irb);
    expect(word(bytes, 3)).toBe(0x0480_4000);
    expect(decodeIrb(bytes)).toMatchObject({ eswFormat: 0, lpum: 0x80, logout: 0x0400_4000 });
  });

  it('has no path after a clear function', () => {
    const irb = new Irb();
    irb.eswFormat = 3;
    const bytes = encodeIrb(irb);
    expect(word(bytes, 3)).toBe(0);
    expect(decodeIrb(bytes)).toMatchObject({ eswFormat: 3, lpum: 0 });
  });

  it.each([
    ['path verification required', { pathVerification: 1 }, 0x0800_0000],
    ['channel-path timeout', { pathTimeout: 1 }, 0x0400_0000],
    ['concurrent sense', { concurrentSense: 1, senseCount: 32 }, 0x0120_0000],
  ])('reports %s in the extended-report word', (_, fields, erw) => {
    const bytes = encodeIrb(Object.assign(new Irb(), fields));
    expect(word(bytes, 4)).toBe(erw);
    expect(decodeIrb(bytes)).toMatchObject(fields);
  });

  it('has the sense bytes in its second half', () => {
    const irb = new Irb();
    irb.sense.set([0x80, 0, 0, 0, 0, 0, 0, 0x04]);
    const bytes = encodeIrb(irb);
    expect([...bytes.subarray(32, 40)]).toEqual([0x80, 0, 0, 0, 0, 0, 0, 0x04]);
    expect(bytes).toHaveLength(IRB_BYTES);
  });

  it('comes back from its bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: IRB_BYTES, maxLength: IRB_BYTES }), (bytes) => {
        const expected = bytes.slice();
        const format0 = (bytes[0] & 0x04) !== 0;
        expected[2] &= 0x7f;
        expected[12] = format0 ? bytes[12] & 0x7f : 0;
        if ((bytes[17] & 0x40) === 0) expected.fill(0, 24, 28);
        // Addresses are numbers below 2^53.
        else expected.set([0, bytes[21] & 0x1f], 20);
        expect(encodeIrb(decodeIrb(expected.slice()))).toEqual(expected);
      }),
    );
  });
});
