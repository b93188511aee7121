import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  BLOCKS,
  type BlockFields,
  type BlockName,
  fetchField,
  limitOf,
  storeFields,
} from '../../src/program/block-fields.ts';
import { decodeCrw } from '../../src/zarch/crw.ts';
import { decodeOrb } from '../../src/zarch/orb.ts';
import { decodeSchib } from '../../src/zarch/schib.ts';
import { fetchWord } from '../../src/zarch/word-layout.ts';

const fieldOf = (block: BlockName, bytes: Uint8Array, field: string): number =>
  fetchField(bytes, (BLOCKS[block].fields as BlockFields)[field]);
const bytesOf = (block: BlockName) =>
  fc.uint8Array({ minLength: BLOCKS[block].bytes, maxLength: BLOCKS[block].bytes });

describe('fields of blocks', () => {
  it('of a SCHIB stand where the codec finds them', () => {
    fc.assert(
      fc.property(bytesOf('schib'), (bytes) => {
        // Addresses are below 2^53.
        bytes.fill(0, 40, 42);
        const { pmcw, scsw, measurementBlock } = decodeSchib(bytes);
        const names = ['intparm', 'isc', 'ena', 'mme', 'mp', 'dnv', 'dev', 'lpm', 'pnom', 'lpum', 'pim'];
        expect(names.map((name) => fieldOf('schib', bytes, name))).toEqual([
          pmcw.intparm,
          pmcw.isc,
          pmcw.enabled,
          pmcw.measurementMode,
          pmcw.multipath,
          pmcw.deviceNumberValid,
          pmcw.deviceNumber,
          pmcw.lpm,
          pmcw.pnom,
          pmcw.lpum,
          pmcw.pim,
        ]);
        const rest = ['mbi', 'pom', 'pam', 'chpid0', 'chpid5', 'st', 'mbfc', 'xmwme', 'csense', 'mba'];
        expect(rest.map((name) => fieldOf('schib', bytes, name))).toEqual([
          pmcw.measurementIndex,
          pmcw.pom,
          pmcw.pam,
          pmcw.chpids[0],
          pmcw.chpids[5],
          pmcw.subchannelType,
          pmcw.measurementFormat1,
          pmcw.extendedMeasurement,
          pmcw.concurrentSense,
          measurementBlock,
        ]);
        const status = ['key', 'cc', 'pno', 'fctl', 'actl', 'stctl', 'cpa', 'dstat', 'cstat', 'count'];
        expect(status.map((name) => fieldOf('schib', bytes, name))).toEqual([
          scsw.key,
          scsw.cc,
          scsw.pathNotOperational,
          scsw.fctl,
          scsw.actl,
          scsw.stctl,
          scsw.ccwAddress,
          scsw.dstat,
          scsw.cstat,
          scsw.count,
        ]);
      }),
    );
  });

  it('of ORBs and CRWs stand where the codecs find them', () => {
    fc.assert(
      fc.property(bytesOf('orb'), bytesOf('crw'), (orb, crw) => {
        const { suspendControl, format1, prefetch, idaw64, lpm, midaw, extension, programAddress } =
          decodeOrb(orb);
        expect(
          ['spnd', 'fmt', 'pfch', 'c64', 'lpm', 'midaw', 'orbx', 'cpa'].map((name) =>
            fieldOf('orb', orb, name),
          ),
        ).toEqual([suspendControl, format1, prefetch, idaw64, lpm, midaw, extension, programAddress]);
        const report = decodeCrw(fetchWord(crw, 0));
        expect(
          ['slct', 'oflw', 'chn', 'rsc', 'erc', 'rsid'].map((name) => fieldOf('crw', crw, name)),
        ).toEqual([report.solicited, report.overflow, report.chained, report.rsc, report.erc, report.rsid]);
      }),
    );
  });

  it('change without touching any other bit', () => {
    const places = (Object.keys(BLOCKS) as BlockName[]).flatMap((block) =>
      Object.keys(BLOCKS[block].fields).map((field) => ({ block, field })),
    );
    fc.assert(
      fc.property(fc.constantFrom(...places), fc.double({ min: 0, max: 1, noNaN: true }), (place, share) => {
        const { block, field } = place;
        const layout = (BLOCKS[block].fields as BlockFields)[field];
        const value = Math.floor(share * limitOf(layout));
        const set = new Uint8Array(BLOCKS[block].bytes).fill(0xff);
        const clear = new Uint8Array(BLOCKS[block].bytes);
        storeFields(set, block, { [field]: value });
        storeFields(clear, block, { [field]: value });
        expect([fetchField(set, layout), fetchField(clear, layout)]).toEqual([value, value]);
        const touched = set.reduce((bits, byte, at) => bits + ones(~(byte ^ clear[at]) & 0xff), 0);
        expect(touched).toBe(layout.last - layout.first + 1);
      }),
    );
  });

  it('take whole words first, so that single fields refine them', () => {
    const orb = new Uint8Array(BLOCKS.orb.bytes);
    storeFields(orb, 'orb', { lpm: 0x40, word1: 0x00c08000 });
    expect(fetchWord(orb, 4)).toBe(0x00c04000);
  });
});

const ones = (byte: number): number => byte.toString(2).replaceAll('0', '').length;
