import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BlockProgram, type ProgramTarget } from '../../../src/linux/dasd/block-program.ts';
import { cdlRecordLength, recordsPerTrack, sectorOf } from '../../../src/linux/dasd/track-format.ts';
import { CCW_FLAG } from '../../../src/zarch/ccw.ts';
import { COMMAND } from '../../../src/zarch/commands.ts';

const TARGET: ProgramTarget = {
  tracksPerCylinder: 15,
  blocksPerTrack: 12,
  usesCdl: false,
  regularFormat: true,
  logicalSubsystem: 0x01,
  unitAddress: 0x20,
  usePrefix: false,
  readTracks: false,
  writeTracks: false,
  transportBytes: 0,
  transportTracks: false,
};
const TRACKS = { usePrefix: true, readTracks: true, writeTracks: true };

function build(target: Partial<ProgramTarget>, first: number, count: number, write = false): BlockProgram {
  const program = new BlockProgram();
  const versions = Float64Array.from({ length: count }, (_, block) => 100 + block);
  program.build({ ...TARGET, ...target }, first, count, write, versions, 0);
  return program;
}

const shape = (program: BlockProgram): string[] =>
  program.ccws
    .slice(0, program.length)
    .map((ccw) => `${ccw.command.toString(16).padStart(2, '0')}:${ccw.count}`);
const dataHex = (program: BlockProgram, index: number): string =>
  Buffer.from(program.ccws[index].data!).toString('hex');

describe('the channel program of a block request', () => {
  it('defines an extent and locates the records without prefix', () => {
    const program = build({}, 1000, 3);
    expect(shape(program)).toEqual(['63:16', '47:16', '86:4096', '86:4096', '86:4096']);
    // Track 83 is cylinder 5, head 8; block 1000 is its fifth record.
    expect(dataHex(program, 0)).toBe('40c00000000000400005000800050008');
    expect(dataHex(program, 1)).toBe('068000030005000800050008054d1000');
  });

  it('uses a prefix for the extent where there is one', () => {
    const program = build({ usePrefix: true }, 1000, 1, true);
    expect(shape(program)).toEqual(['e7:64', '47:16', '85:4096']);
    expect(dataHex(program, 0).slice(0, 56)).toBe(`00802000010000000000000080c00000000000400005000800050008`);
    expect(dataHex(program, 1)).toBe('018000010005000800050008054d1000');
  });

  it('moves whole tracks where the control unit can', () => {
    const read = build(TRACKS, 1000, 20);
    expect(shape(read)).toEqual([`e7:64`, `a6:${8 * 4096}`, `a6:${12 * 4096}`]);
    // Locate record extended: read tracks, two of them, from record 5; all twelve blocks of the last one.
    expect(dataHex(read, 0).slice(88)).toBe('0c8000020005000800050008054dc00000000000');
    const write = build(TRACKS, 1000, 2, true);
    expect(shape(write)).toEqual(['e7:64', 'a5:8192']);
    expect(dataHex(write, 0).slice(24, 32)).toBe('80c01000');
    expect(dataHex(write, 0).slice(88)).toBe('3f8000010005000800050008054d100000230000');
  });

  it('locates every record of the first two tracks of a compatible disk layout', () => {
    const program = build({ ...TRACKS, usesCdl: true }, 0, 5);
    expect(shape(program).slice(1)).toEqual([
      '47:16',
      '8e:28',
      '47:16',
      '8e:148',
      '47:16',
      '8e:84',
      '47:16',
      '86:4096',
      '47:16',
      '86:4096',
    ]);
    const across = build({ usesCdl: true }, 22, 4);
    expect(shape(across)).toEqual([
      '63:16',
      '47:16',
      '8e:140',
      '47:16',
      '8e:140',
      '47:16',
      '86:4096',
      '86:4096',
    ]);
    expect(across.ccws[5].data![3]).toBe(2);
  });

  it('encodes cylinders above 65,535', () => {
    const program = build({}, 70_000 * 15 * 12, 1);
    expect(dataHex(program, 0).slice(16, 24)).toBe('11700010');
  });

  it('is one chain, and covers each block once and in order', () => {
    const request = fc.record({
      first: fc.nat(3000),
      count: fc.integer({ min: 1, max: 190 }),
      write: fc.boolean(),
      usesCdl: fc.boolean(),
      usePrefix: fc.boolean(),
      readTracks: fc.boolean(),
      writeTracks: fc.boolean(),
    });
    fc.assert(
      fc.property(request, ({ first, count, write, ...facilities }) => {
        const program = build(facilities, first, count, write);
        const ccws = program.ccws.slice(0, program.length);
        expect(program.length).toBeLessThanOrEqual(255);
        for (const ccw of ccws.slice(0, -1)) expect(ccw.flags & CCW_FLAG.CHAIN_COMMAND).not.toBe(0);
        expect(ccws.at(-1)!.flags).toBe(0);
        let block = first;
        for (const ccw of ccws.filter((each) => each.versions !== null)) {
          const blocks = Math.ceil(ccw.count / 4096);
          if (write) expect(ccw.versions![0]).toBe(100 + block - first);
          const label = facilities.usesCdl ? cdlRecordLength(block, 12) : 0;
          expect(ccw.count).toBe(label === 0 ? blocks * 4096 : label);
          // No command goes over the end of a track.
          expect(Math.floor(block / 12)).toBe(Math.floor((block + blocks - 1) / 12));
          block += blocks;
        }
        expect(block).toBe(first + count);
      }),
    );
  });

  it('gives back what a read found', () => {
    const program = build(TRACKS, 10, 20);
    let version = 0;
    for (const ccw of program.ccws.slice(1, program.length)) {
      for (let block = 0; block < ccw.count / 4096; block++) ccw.versions![block] = ++version;
    }
    const found = new Float64Array(22);
    program.fetchVersions(found, 2);
    expect([...found]).toEqual([0, 0, ...Array.from({ length: 20 }, (_, block) => block + 1)]);
  });

  it('can be built again for another request', () => {
    const program = build({ usesCdl: true }, 0, 30);
    program.build({ ...TARGET, ...TRACKS }, 500, 1, false, new Float64Array(1), 0);
    expect(shape(program)).toEqual(['e7:64', 'a6:4096']);
    expect(program.ccws[1].command).toBe(COMMAND.read_track_data);
    expect(program.ccws[1].data).toBeNull();
  });
});

describe('track arithmetic', () => {
  it.each([
    [512, 49],
    [1024, 33],
    [2048, 21],
    [4096, 12],
    [8192, 6],
    [27998, 2],
    [56664, 1],
  ])('puts records of %i bytes on a 3390 track: %i', (length, records) => {
    expect(recordsPerTrack(length)).toBe(records);
  });

  it.each([
    [1, 28, 0x06],
    [2, 148, 0x09],
    [3, 84, 0x0b],
    [3, 140, 0x0c],
    [4, 4096, 0x3b],
    [5, 4096, 0x4d],
  ])('finds record %i of %i bytes at sector %i as recorded', (record, length, sector) => {
    expect(sectorOf(record, length)).toBe(sector);
  });
});
