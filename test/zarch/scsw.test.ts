import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  ACTL,
  CSTAT,
  DSTAT,
  decodeScsw,
  decodeScswOfEitherMode,
  encodeScsw,
  FCTL,
  SCSW_BYTES,
  Scsw,
  STCTL,
  validCc,
  validCcwAddress,
  validCstat,
  validDstat,
  validEctl,
  validPno,
  validZeroCc,
} from '../../src/zarch/scsw.ts';

const scsw = (fields: Partial<Scsw>): Scsw => Object.assign(new Scsw(), fields);
const word0 = (fields: Partial<Scsw>): number => new DataView(encodeScsw(scsw(fields)).buffer).getUint32(0);
const RUNNING = ACTL.SUBCHANNEL_ACTIVE | ACTL.DEVICE_ACTIVE;
const ENDED = STCTL.PRIMARY | STCTL.SECONDARY | STCTL.PENDING;

describe('SCSW', () => {
  it.each([
    ['start pending', { fctl: FCTL.START, actl: ACTL.START_PENDING }, 0x4400],
    ['running', { fctl: FCTL.START, actl: RUNNING }, 0x40c0],
    ['channel end and device end', { fctl: FCTL.START, stctl: ENDED }, 0x4007],
    ['ended with unit check', { fctl: FCTL.START, stctl: ENDED | STCTL.ALERT }, 0x4017],
    ['cleared', { fctl: FCTL.CLEAR, stctl: STCTL.PENDING }, 0x1001],
    ['unsolicited attention', { stctl: STCTL.ALERT | STCTL.PENDING }, 0x0011],
    [
      'program-controlled interruption on the way',
      { fctl: FCTL.START, actl: RUNNING, stctl: STCTL.INTERMEDIATE | STCTL.PENDING },
      0x40c9,
    ],
    // Two ends that Linux 6.1 got from Hercules.
    ['recorded: good end', { format: 1, prefetch: 1, fctl: FCTL.START, stctl: ENDED }, 0x00c04007],
    [
      'recorded: unit check with sense',
      { format: 1, prefetch: 1, extendedControl: 1, fctl: FCTL.START, stctl: ENDED | STCTL.ALERT },
      0x00c24017,
    ],
  ])('%s', (_, fields, word) => {
    expect(word0(fields)).toBe(word);
  });

  it('puts each field of word 0 where the Principles of Operation show it', () => {
    expect(word0({ key: 0xf })).toBe(0xf000_0000);
    expect(word0({ suspendControl: 1 })).toBe(0x0800_0000);
    expect(word0({ eswFormat: 1 })).toBe(0x0400_0000);
    expect(word0({ cc: 3 })).toBe(0x0300_0000);
    expect(word0({ format: 1 })).toBe(0x0080_0000);
    expect(word0({ prefetch: 1 })).toBe(0x0040_0000);
    expect(word0({ initialStatus: 1 })).toBe(0x0020_0000);
    expect(word0({ addressLimit: 1 })).toBe(0x0010_0000);
    expect(word0({ suppressSuspended: 1 })).toBe(0x0008_0000);
    expect(word0({ zeroCc: 1 })).toBe(0x0004_0000);
    expect(word0({ extendedControl: 1 })).toBe(0x0002_0000);
    expect(word0({ pathNotOperational: 1 })).toBe(0x0001_0000);
  });

  it('keeps the status bytes and the residual count in word 2', () => {
    const bytes = encodeScsw(
      scsw({
        ccwAddress: 0x8000_1008,
        dstat: DSTAT.CHANNEL_END | DSTAT.DEVICE_END,
        cstat: CSTAT.INCORRECT_LENGTH,
        count: 0x100,
      }),
    );
    expect([...bytes.subarray(4)]).toEqual([0x80, 0, 0x10, 0x08, 0x0c, 0x40, 0x01, 0x00]);
  });

  it('refuses a value that would spill into the neighbouring field', () => {
    expect(() => encodeScsw(scsw({ cc: 4 }))).toThrow('cc');
    expect(() => encodeScsw(scsw({ count: 0x10000 }))).toThrow('count');
  });

  it('comes back from its bytes, save the reserved bit', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: SCSW_BYTES, maxLength: SCSW_BYTES }), (bytes) => {
        const expected = bytes.slice();
        expected[2] &= 0x7f;
        expect(encodeScsw(decodeScsw(bytes))).toEqual(expected);
      }),
    );
  });
});

describe('SCSW of transport mode', () => {
  const transport = (fields: Partial<Scsw>): Uint8Array => encodeScsw(scsw({ transport: 1, ...fields }));

  it('has fields of its own in the place of those of command mode', () => {
    const fields = { format: 1, prefetch: 1, suspendControl: 1, count: 0xffff, ccwAddress: 0x44000 };
    const bytes = transport({ ...fields, fctl: FCTL.START, stctl: ENDED, dstat: 0x0c, fcxStatus: 1 });
    expect([...bytes]).toEqual([0, 0x10, 0x40, 0x07, 0, 4, 0x40, 0, 0x0c, 0, 1, 0]);
  });

  it('says why a device or path takes no such program', () => {
    const bytes = transport({ cstat: CSTAT.PROGRAM_CHECK, extendedStatus: 4 });
    expect([...bytes.subarray(8)]).toEqual([0, 0x20, 0, 0x04]);
    expect([...transport({ interrogateComplete: 1, interrogateFailed: 1 })].slice(1, 2)).toEqual([0x18]);
    expect([...transport({ interrogateFailed: 1 })].slice(11)).toEqual([0x80]);
  });

  it('comes back from its bytes, save the reserved bits; and so does one of command mode', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: SCSW_BYTES, maxLength: SCSW_BYTES }), (bytes) => {
        const expected = bytes.slice();
        expected[2] &= 0x7f;
        if ((bytes[1] & 0x10) !== 0) {
          // Suspend control, format and bit 13.
          expected[0] &= 0xf7;
          expected[1] &= 0x1b;
        }
        expect(encodeScsw(decodeScswOfEitherMode(bytes))).toEqual(expected);
      }),
    );
  });
});

describe('which fields may be trusted', () => {
  it('nothing before status is pending', () => {
    const running = scsw({ fctl: FCTL.START, actl: RUNNING });
    for (const valid of [
      validCc,
      validPno,
      validEctl,
      validDstat,
      validCstat,
      validCcwAddress,
      validZeroCc,
    ]) {
      expect(valid(running)).toBe(false);
    }
  });

  it('everything but Z and the extended-control flag after a good end', () => {
    const ended = scsw({ fctl: FCTL.START, stctl: ENDED });
    expect([validCc, validPno, validDstat, validCstat, validCcwAddress].every((valid) => valid(ended))).toBe(
      true,
    );
    expect(validZeroCc(ended)).toBe(false);
    expect(validEctl(ended)).toBe(false);
  });

  it('no device status with deferred condition code 3, but the N bit', () => {
    const notOperational = scsw({
      fctl: FCTL.START,
      stctl: ENDED | STCTL.ALERT,
      cc: 3,
      pathNotOperational: 1,
    });
    expect(validDstat(notOperational)).toBe(false);
    expect(validCstat(notOperational)).toBe(false);
    expect(validPno(notOperational)).toBe(true);
  });

  it('the N bit with intermediate status only while suspended', () => {
    const intermediate = { fctl: FCTL.START, stctl: STCTL.INTERMEDIATE | STCTL.PENDING };
    expect(validPno(scsw({ ...intermediate, actl: RUNNING }))).toBe(false);
    expect(validPno(scsw({ ...intermediate, actl: ACTL.SUSPENDED }))).toBe(true);
  });

  it('no condition code and no N bit with an unsolicited interruption', () => {
    const attention = scsw({ stctl: STCTL.ALERT | STCTL.PENDING, dstat: DSTAT.ATTENTION });
    expect(validCc(attention)).toBe(false);
    expect(validPno(attention)).toBe(false);
    expect(validDstat(attention)).toBe(true);
    expect(validEctl(attention)).toBe(true);
  });

  it('the zero condition code only with an initial-status interruption', () => {
    expect(validZeroCc(scsw({ fctl: FCTL.START, stctl: STCTL.INTERMEDIATE | STCTL.PENDING }))).toBe(true);
  });
});
