import { describe, expect, it } from 'vitest';
import { countPaths, firstPath, pathBit } from '../../src/zarch/path-mask.ts';
import {
  decodePgid,
  encodePgid,
  equalPgids,
  GROUP_FUNCTION,
  GROUP_FUNCTION_MASK,
  GROUP_MULTIPATH,
  isNullPgid,
  PATH_STATE,
  PATH_STATE_MASK,
  PGID_RECORD_BYTES,
  RESERVATION_STATE,
  RESERVATION_STATE_MASK,
} from '../../src/zarch/pgid.ts';

/** What Linux 6.1 sent with SET PATH GROUP ID on a Hercules machine. */
const RECORDED = Uint8Array.of(0x80, 0, 0, 0x01, 0x26, 0x23, 0x28, 0x17, 0xe3, 0x9c, 0xa2, 0xe4);

describe('path-group identifier', () => {
  it('is put together from CPU, machine and time of day', () => {
    const record = new Uint8Array(PGID_RECORD_BYTES);
    record[0] = GROUP_FUNCTION.ESTABLISH | GROUP_MULTIPATH;
    const parts = { cpuAddress: 0, cssid: 0, cpuId: 0x012623, machineType: 0x2817, todHigh: 0xe39ca2e4 };
    encodePgid(parts, record, 1);
    expect(record).toEqual(RECORDED);
    expect(decodePgid(RECORDED, 1)).toEqual(parts);
  });

  it('names the image instead of the CPU in an extended channel subsystem', () => {
    const parts = { cpuAddress: null, cssid: 2, cpuId: 1, machineType: 0x8561, todHigh: 7 };
    const bytes = encodePgid(parts);
    expect([...bytes]).toEqual([0x80, 0x02, 0, 0, 1, 0x85, 0x61, 0, 0, 0, 7]);
    expect(decodePgid(bytes)).toEqual(parts);
  });

  it('is compared in all eleven bytes', () => {
    const other = RECORDED.slice();
    expect(equalPgids(RECORDED, other, 1, 1)).toBe(true);
    other[11]++;
    expect(equalPgids(RECORDED, other, 1, 1)).toBe(false);
  });

  it('of zeros means none', () => {
    expect(isNullPgid(new Uint8Array(11))).toBe(true);
    expect(isNullPgid(RECORDED, 1)).toBe(false);
  });
});

describe('state and function bytes', () => {
  it('tell path state and reservation apart', () => {
    const recorded = 0x30; // SNID after RESERVE on an ungrouped path of a machine without groups
    expect(recorded & PATH_STATE_MASK).toBe(PATH_STATE.RESET);
    expect(recorded & RESERVATION_STATE_MASK).toBe(RESERVATION_STATE.HERE);
  });

  it('tell the function from the mode', () => {
    const recorded = 0xa0; // what Linux sends when a device goes offline
    expect(recorded & GROUP_FUNCTION_MASK).toBe(GROUP_FUNCTION.DISBAND);
    expect(recorded & GROUP_MULTIPATH).toBe(GROUP_MULTIPATH);
  });
});

describe('path mask', () => {
  it('counts paths from the left', () => {
    expect([0, 3, 7].map((index) => pathBit(index))).toEqual([0x80, 0x10, 0x01]);
    expect([0x80, 0x30, 0x01, 0].map((mask) => firstPath(mask))).toEqual([0, 2, 7, 8]);
    expect([0, 0xff, 0xf0, 0x81].map((mask) => countPaths(mask))).toEqual([0, 8, 4, 2]);
  });
});
