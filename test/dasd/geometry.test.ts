import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  BLOCK_BYTES,
  BLOCKS_PER_TRACK,
  DASD_MODELS,
  MAX_RECORD_BYTES,
  recordSpace,
  recordsPerTrack,
  sectorOfBlock,
  storeTrack,
  TRACKS_PER_CYLINDER,
  trackAt,
} from '../../src/dasd/geometry.ts';
import { fromHex, hex } from './rig.ts';

describe('capacity of the models', () => {
  it.each([
    ['3390-1', 1_113, 946_005_480, 820_592_640],
    ['3390-2', 2_226, 1_892_010_960, 1_641_185_280],
    ['3390-3', 3_339, 2_838_016_440, 2_461_777_920],
    ['3390-9', 10_017, 8_514_049_320, 7_385_333_760],
    ['3390-27', 32_760, 27_844_689_600, 24_153_292_800],
    ['3390-54', 65_520, 55_689_379_200, 48_306_585_600],
    ['3390-223', 262_668, 223_257_293_280, 193_659_863_040],
    ['3390-1004', 1_182_006, 1_004_657_819_760, 871_469_383_680],
  ])('%s has %i cylinders', (name, cylinders, bytes, formatted) => {
    const model = DASD_MODELS.find((candidate) => candidate.name === name)!;
    const tracks = model.cylinders * TRACKS_PER_CYLINDER;
    expect(model.cylinders).toBe(cylinders);
    expect(tracks * MAX_RECORD_BYTES).toBe(bytes);
    expect(tracks * BLOCKS_PER_TRACK * BLOCK_BYTES).toBe(formatted);
  });
});

describe('records per track', () => {
  it.each([
    [56_664, 58_786, 1],
    [27_998, 29_376, 2],
    [18_452, 19_584, 3],
    [13_682, 14_688, 4],
    [10_796, 11_730, 5],
    [8_906, 9_792, 6],
    [8_192, 9_078, 6],
    [4_096, 4_862, 12],
    [3_120, 3_876, 15],
    [2_048, 2_754, 21],
    [1_024, 1_734, 33],
    [800, 1_496, 39],
    [512, 1_190, 49],
    [80, 748, 78],
  ])('of %i bytes', (dataLength, space, records) => {
    expect(recordSpace(0, dataLength)).toBe(space);
    expect(recordsPerTrack(0, dataLength)).toBe(records);
  });

  it('become fewer with a key', () => {
    expect(recordsPerTrack(44, 96)).toBeLessThan(recordsPerTrack(0, 96));
  });

  it('leave room for the last block on its track', () => {
    expect(sectorOfBlock(1)).toBe(6);
    expect(sectorOfBlock(4)).toBe(0x3b);
    expect(sectorOfBlock(5)).toBe(0x4d);
    expect(sectorOfBlock(12)).toBeLessThan(224);
  });
});

describe('track addresses', () => {
  it('have the high cylinder bits beside the head', () => {
    const bytes = new Uint8Array(4);
    storeTrack(bytes, 0, 0x12345 * 15 + 9);
    expect(hex(bytes)).toBe('23450019');
    storeTrack(bytes, 0, 30 * 15 + 1);
    expect(hex(bytes)).toBe('001e0001');
  });

  it('with a head beyond 14 are none', () => {
    expect(trackAt(fromHex('0000000f'), 0)).toBe(-1);
  });

  it('are the same after storing', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1_182_006 * 15 - 1 }), (track) => {
        const bytes = new Uint8Array(6);
        storeTrack(bytes, 2, track);
        expect(trackAt(bytes, 2)).toBe(track);
      }),
    );
  });
});
