import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Crw, chainedRsid, crwWord, decodeCrw, ERC, RSC } from '../../src/zarch/crw.ts';

const crw = (fields: Partial<Crw>): Crw => Object.assign(new Crw(), fields);
const CHPID_3A = { rsc: RSC.CHANNEL_PATH, rsid: 0x3a };
const EVENT_INFORMATION = { rsc: RSC.CHANNEL_SUBSYSTEM, erc: ERC.EVENT };

describe('CRW', () => {
  it.each([
    ['CHPID 3A is gone', { ...CHPID_3A, erc: ERC.PERMANENT_NOT_INITIALIZED }, 0x0406_003a],
    ['CHPID 3A has come', { ...CHPID_3A, erc: ERC.INITIALIZED }, 0x0402_003a],
    ['CHPID 3A was reset', { ...CHPID_3A, erc: ERC.INITIALIZED, solicited: 1 }, 0x4402_003a],
    [
      'CHPID 3A was reset and nothing found',
      { ...CHPID_3A, erc: ERC.PERMANENT_INITIALIZED, solicited: 1, ancillary: 1 },
      0x4487_003a,
    ],
    [
      'subchannel 0.1.0012, first word',
      { rsc: RSC.SUBCHANNEL, erc: ERC.PARAMETERS_INITIALIZED, chained: 1, rsid: 0x12 },
      0x1304_0012,
    ],
    [
      'subchannel 0.1.0012, second word',
      { rsc: RSC.SUBCHANNEL, erc: ERC.PARAMETERS_INITIALIZED, rsid: chainedRsid(0, 1) },
      0x0304_0010,
    ],
    [
      'subchannel 0.0.0009',
      { rsc: RSC.SUBCHANNEL, erc: ERC.PARAMETERS_INITIALIZED, rsid: 0x0009 },
      0x0304_0009,
    ],
    ['event information is pending', EVENT_INFORMATION, 0x0b00_0000],
    ['the same after a report was lost', { ...EVENT_INFORMATION, overflow: 1 }, 0x2b00_0000],
  ])('%s', (_, fields, word) => {
    expect(crwWord(crw(fields))).toBe(word);
    expect(decodeCrw(word)).toEqual(crw(fields));
  });

  it('comes back from any word, save the reserved bits', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 0xffffffff }), (word) => {
        expect(crwWord(decodeCrw(word))).toBe((word & 0x7fbfffff) >>> 0);
      }),
    );
  });

  it('names the image and the subchannel set in the chained word', () => {
    expect(chainedRsid(0xfe, 3)).toBe(0xfe30);
  });
});
