import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  packDevice,
  packPamPom,
  packPathMasks,
  packScswControl,
  unpackDevice,
  unpackPamPom,
  unpackPathMasks,
  unpackScswControl,
} from '../../src/zarch/packed-fields.ts';
import { decodeSchib, encodePmcw, encodeSchib, Pmcw, SCHIB_BYTES, Schib } from '../../src/zarch/schib.ts';

const pmcw = (fields: Partial<Pmcw>): Pmcw => Object.assign(new Pmcw(), fields);
const words = (bytes: Uint8Array): string[] =>
  Array.from({ length: bytes.length / 4 }, (_, index) =>
    new DataView(bytes.buffer)
      .getUint32(index * 4)
      .toString(16)
      .padStart(8, '0'),
  );

/** Bits of a SCHIB that carry fields of the model; the others (QDIO, reserved, model-dependent) are stored as zeros. */
const MODELLED = [
  0xffffffff, 0xb8ffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0x00e00007, 0xffff7fff, 0xffffffff,
  0xffffffff, 0xffffffff, 0xffffffff, 0x00000000,
];

describe('SCHIB', () => {
  it('describes an enabled 3390 with four paths', () => {
    const fields = pmcw({
      intparm: 0x1234_5678,
      isc: 3,
      enabled: 1,
      multipath: 1,
      timing: 1,
      deviceNumberValid: 1,
      deviceNumber: 0x1000,
      lpm: 0xf0,
      pnom: 0x80,
      lpum: 0x40,
      pim: 0xf0,
      measurementIndex: 7,
      pom: 0x7f,
      pam: 0x70,
      concurrentSense: 1,
    });
    fields.chpids.set([0x40, 0x41, 0x42, 0x43]);
    expect(words(encodePmcw(fields))).toEqual([
      '12345678',
      '18871000',
      'f08040f0',
      '00077f70',
      '40414243',
      '00000000',
      '00000001',
    ]);
  });

  it('places the fields of word 1 and word 6', () => {
    const at = (word: number, fields: Partial<Pmcw>): string => words(encodePmcw(pmcw(fields)))[word];
    expect(at(1, { qdio: 1 })).toBe('80000000');
    expect(at(1, { isc: 7 })).toBe('38000000');
    expect(at(1, { limitMode: 3 })).toBe('00600000');
    expect(at(1, { measurementMode: 2 })).toBe('00100000');
    expect(at(1, { measurementMode: 1 })).toBe('00080000');
    expect(at(6, { subchannelType: 3 })).toBe('00600000');
    expect(at(6, { measurementFormat1: 1 })).toBe('00000004');
    expect(at(6, { extendedMeasurement: 1 })).toBe('00000002');
  });

  it('has the SCSW after 28 bytes and a 64-bit measurement-block address after 40', () => {
    const schib = new Schib();
    schib.scsw.stctl = 1;
    schib.measurementBlock = 0x1_2345_6780;
    expect(words(encodeSchib(schib)).slice(7)).toEqual([
      '00000001',
      '00000000',
      '00000000',
      '00000001',
      '23456780',
      '00000000',
    ]);
  });

  it('comes back from its bytes', () => {
    const word = fc.integer({ min: 0, max: 0xffffffff });
    fc.assert(
      fc.property(fc.array(word, { minLength: 13, maxLength: 13 }), (stored) => {
        stored[10] >>>= 11; // no storage above 2^53
        const bytes = new Uint8Array(SCHIB_BYTES);
        const expected = new Uint8Array(SCHIB_BYTES);
        for (const [index, value] of stored.entries()) {
          new DataView(bytes.buffer).setUint32(index * 4, value);
          new DataView(expected.buffer).setUint32(index * 4, value & MODELLED[index]);
        }
        expect(encodeSchib(decodeSchib(bytes))).toEqual(expected);
      }),
    );
  });
});

describe('fields packed for event records', () => {
  const bit = fc.nat(1);
  const byte = fc.nat(255);

  it('come back', () => {
    fc.assert(
      fc.property(
        fc.record({
          enabled: bit,
          subchannelType: fc.nat(3),
          deviceNumberValid: bit,
          deviceNumber: fc.nat(0xffff),
        }),
        fc.record({ lpm: byte, pnom: byte, lpum: byte, pim: byte, pam: byte, pom: byte }),
        (device, masks) => {
          const source = pmcw({ ...device, ...masks });
          expect(unpackDevice(packDevice(source))).toEqual({
            ena: device.enabled,
            st: device.subchannelType,
            dnv: device.deviceNumberValid,
            dev: device.deviceNumber,
          });
          const { pam, pom, ...others } = masks;
          expect(unpackPathMasks(packPathMasks(source))).toEqual(others);
          expect(unpackPamPom(packPamPom(source))).toEqual({ pam, pom });
        },
      ),
    );
  });

  it('hold the deferred condition code and the control bits of an SCSW', () => {
    const { scsw } = new Schib();
    Object.assign(scsw, { cc: 3, pathNotOperational: 1, fctl: 4, actl: 0x40, stctl: 0x17 });
    expect(packScswControl(scsw)).toBe(0x7_4817);
    expect(unpackScswControl(0x7_4817)).toEqual({ dcc: 3, pno: 1, fctl: 4, actl: 0x40, stctl: 0x17 });
  });
});
