import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cssidOf, NONE, ssidOf, subchannelId, subchannelNumberOf } from '../../src/zarch/ids.ts';
import {
  decodeIoInterruptionCode,
  encodeIoInterruptionCode,
  IoInterruptionCode,
} from '../../src/zarch/interruption-code.ts';
import { decodeSubsystemId, encodeSubsystemId } from '../../src/zarch/subsystem-identification.ts';

describe('subsystem-identification word', () => {
  it.each([
    { cssid: 0, ssid: 0, number: 0x0009, multipleCss: false, word: 0x0001_0009 },
    { cssid: 0, ssid: 1, number: 0x0012, multipleCss: false, word: 0x0003_0012 },
    { cssid: 0, ssid: 3, number: 0xffff, multipleCss: false, word: 0x0007_ffff },
    { cssid: 0xfe, ssid: 0, number: 0, multipleCss: true, word: 0xfe09_0000 },
  ])('names subchannel $cssid.$ssid.$number as $word', ({ cssid, ssid, number, multipleCss, word }) => {
    const id = subchannelId(cssid, ssid, number);
    expect(encodeSubsystemId(id, multipleCss)).toBe(word);
    expect(decodeSubsystemId(word)).toBe(id);
  });

  it.each([
    { word: 0x0000_0009, why: 'bit 15 is zero' },
    { word: 0x0101_0009, why: 'an image number without the m bit' },
    { word: 0x0011_0009, why: 'a reserved bit is one' },
  ])('refuses $word: $why', ({ word }) => {
    expect(decodeSubsystemId(word)).toBe(NONE);
  });

  it('takes a word without the m bit for the default image', () => {
    const id = decodeSubsystemId(0x0003_0012, 0xfe);
    expect([cssidOf(id), ssidOf(id), subchannelNumberOf(id)]).toEqual([0xfe, 1, 0x12]);
  });

  it('comes back from every word with an image number', () => {
    fc.assert(
      fc.property(fc.nat(255), fc.nat(3), fc.nat(0xffff), (cssid, ssid, number) => {
        const id = subchannelId(cssid, ssid, number);
        expect(decodeSubsystemId(encodeSubsystemId(id, true))).toBe(id);
      }),
    );
  });
});

describe('I/O interruption code', () => {
  it('holds subchannel, interruption parameter and subclass in three words', () => {
    const code = new IoInterruptionCode();
    code.subchannel = subchannelId(0, 1, 0x12);
    code.intparm = 0xdeadbeef;
    code.isc = 3;
    const bytes = encodeIoInterruptionCode(code);
    expect([...bytes]).toEqual([0, 3, 0, 0x12, 0xde, 0xad, 0xbe, 0xef, 0x18, 0, 0, 0]);
    expect(decodeIoInterruptionCode(bytes)).toEqual(code);
  });

  it('marks adapter interruptions in the leftmost bit', () => {
    const bytes = Uint8Array.of(0, 1, 0, 0, 0, 0, 0, 0, 0x90, 0, 0x30, 0);
    expect(decodeIoInterruptionCode(bytes)).toMatchObject({
      adapter: 1,
      directed: 0,
      isc: 2,
      adapterType: 3,
    });
  });
});
