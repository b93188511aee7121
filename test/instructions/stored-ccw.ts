import type { Storage } from '../../src/zarch/storage.ts';

/** Flags of a channel-command word, and the commands that every device knows or refuses. */
export const FLAG = { CD: 0x80, CC: 0x40, SLI: 0x20, SKIP: 0x10, PCI: 0x08, IDA: 0x04, S: 0x02, MIDA: 0x01 };
export const NOP = 0x03;
export const SENSE = 0x04;
export const TIC = 0x08;
export const SENSE_ID = 0xe4;
export const UNKNOWN = 0xdd;

export interface CcwFields {
  readonly command: number;
  readonly flags: number;
  readonly count: number;
  readonly address: number;
}

/** Stores one CCW the way the architecture lays it out; written out here, so that no codec is trusted. */
export function storeCcw(storage: Storage, at: number, ccw: CcwFields, format: 0 | 1 = 1): void {
  const { command, flags, count, address } = ccw;
  if (format === 1) {
    storage.storeWord(at, ((command << 24) | (flags << 16) | count) >>> 0);
    storage.storeWord(at + 4, address);
  } else {
    storage.storeWord(at, ((command << 24) | (address & 0xffffff)) >>> 0);
    storage.storeWord(at + 4, ((flags << 24) | count) >>> 0);
  }
}
