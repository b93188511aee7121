import { GuestMemory, PAGE_BYTES } from '../../../src/linux/vfio/guest-memory.ts';
import { CCW_BYTES, CCW_FLAG, encodeCcw, StoredCcw } from '../../../src/zarch/ccw.ts';
import { COMMAND } from '../../../src/zarch/commands.ts';
import type { Orb } from '../../../src/zarch/orb.ts';
import { Storage } from '../../../src/zarch/storage.ts';

/** Guest addresses from here on are mapped. */
export const BASE = 0x40000;
const PAGES = 64;
const HOST_PAGES = 0x800000;
const HOST_BYTES = 0x1000000;
export const HEAP = 0x100000;
/** A page that is not mapped. */
export const UNMAPPED = BASE + PAGES * PAGE_BYTES;

/** A guest's memory of 64 pages that are scattered over the host's, which both of them see. */
export class ScatteredMemory {
  readonly host = new Storage(HOST_BYTES);
  readonly memory = new GuestMemory();
  private readonly pageOf: number[] = [];

  /** `stride`, odd: in which order the guest's pages follow each other in the host. */
  constructor(stride: number) {
    for (let page = 0; page < PAGES; page++) {
      const hostPage = HOST_PAGES + ((page * stride) % PAGES) * 3 * PAGE_BYTES;
      this.pageOf.push(hostPage);
      this.memory.map(BASE + page * PAGE_BYTES, PAGE_BYTES, hostPage);
    }
  }

  /** Where a byte of the guest is in the host. */
  at(address: number): number {
    return this.pageOf[Math.floor((address - BASE) / PAGE_BYTES)] + (address % PAGE_BYTES);
  }

  store(address: number, bytes: Uint8Array): void {
    bytes.forEach((byte, index) => {
      this.host.store(this.at(address + index), Uint8Array.of(byte));
    });
  }

  storeCcw(address: number, fields: Partial<StoredCcw>, format: 0 | 1): void {
    this.store(address, encodeCcw(Object.assign(new StoredCcw(), fields), format));
  }

  fetch(address: number, length: number): Uint8Array {
    return Uint8Array.from({ length }, (_, index) => {
      const byte = new Uint8Array(1);
      this.host.fetch(this.at(address + index), byte);
      return byte[0];
    });
  }
}

/** What a channel does for one command: how it is called, and which bytes of the host it moves. */
export interface Step {
  readonly command: number;
  readonly flags: number;
  readonly count: number;
  /** Host addresses of some bytes of the data area, the first and the last among them. */
  readonly bytes: readonly number[];
  /** Where the CCW stands. */
  readonly at: number;
}

const SAMPLE = 512;
const samples = (count: number): number[] => {
  const offsets = Array.from({ length: Math.ceil(count / SAMPLE) }, (_, index) => index * SAMPLE);
  return count > 0 ? [...offsets, count - 1] : [];
};

const word = (bytes: Uint8Array, at: number): number => new DataView(bytes.buffer).getUint32(at);

/**
 * Carries out a program by the rules of the Principles of Operation, one CCW after the other, wherever it stands: in the
 * guest (`fetch` and `locate` translate) or in the host.
 */
export function carryOut(
  orb: Pick<Orb, 'format1' | 'idaw64' | 'idawBlock2k' | 'programAddress'>,
  fetch: (address: number, length: number) => Uint8Array,
  locate: (address: number) => number,
  limit: number,
): Step[] {
  const steps: Step[] = [];
  let at = orb.programAddress;
  for (let fetched = 0; fetched < limit; fetched++) {
    const bytes = fetch(at, CCW_BYTES);
    const isFormat1 = orb.format1 === 1;
    const command = bytes[0];
    const flags = isFormat1 ? bytes[1] : bytes[4];
    const count = isFormat1 ? word(bytes, 0) & 0xffff : word(bytes, 4) & 0xffff;
    const address = isFormat1 ? word(bytes, 4) : word(bytes, 0) & 0xffffff;
    if ((isFormat1 ? command : command & 0xf) === COMMAND.tic) {
      at = address;
      continue;
    }
    const isListed = (flags & CCW_FLAG.INDIRECT) !== 0;
    const data = samples(count).map((offset) =>
      locate(isListed ? listed(orb, fetch, address, offset) : address + offset),
    );
    steps.push({ command, flags: flags & ~CCW_FLAG.INDIRECT, count, bytes: data, at });
    if ((flags & (CCW_FLAG.CHAIN_COMMAND | CCW_FLAG.CHAIN_DATA)) === 0) break;
    at += CCW_BYTES;
  }
  return steps;
}

/** The address of a byte behind a list of indirect-data-address words. */
function listed(
  orb: Pick<Orb, 'idaw64' | 'idawBlock2k'>,
  fetch: (address: number, length: number) => Uint8Array,
  list: number,
  offset: number,
): number {
  const isLong = orb.idaw64 === 1;
  const idaw = (index: number): number =>
    isLong ? word(fetch(list + index * 8, 8), 4) : word(fetch(list + index * 4, 4), 0);
  const block = isLong && orb.idawBlock2k === 0 ? 4_096 : 2_048;
  const first = idaw(0);
  const inFirst = block - (first % block);
  if (offset < inFirst) return first + offset;
  const behind = offset - inFirst;
  return idaw(1 + Math.floor(behind / block)) + (behind % block);
}
