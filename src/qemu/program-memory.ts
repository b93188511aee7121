import { CCW_FLAG, type ChannelProgram } from '../zarch/ccw.ts';
import { COMMAND } from '../zarch/commands.ts';
import type { Storage } from '../zarch/storage.ts';
import type { VirtualCcw } from './virtual-ccw.ts';

const CCW_BYTES = 8;

/** Where a channel program and its data are. */
export interface ProgramMemory {
  /** Fetches the CCW at a valid address and turns format 0 into format 1 (css.c:copy_ccw_from_guest). */
  fetchCcw(address: number, format1: boolean, ccw: VirtualCcw): void;
  /** Fetches or stores data; false: not all of it is in storage. What is in front of the end has been moved then. */
  move(address: number, bytes: Uint8Array, at: number, length: number, store: boolean): boolean;
}

/** A channel program in main storage. QEMU ignores storage keys, and finds zeros where there is no storage. */
export class StoredProgramMemory implements ProgramMemory {
  private readonly storage: Storage;

  constructor(storage: Storage) {
    this.storage = storage;
  }

  fetchCcw(address: number, format1: boolean, ccw: VirtualCcw): void {
    const inside = address + CCW_BYTES <= this.storage.bytes;
    const first = inside ? this.storage.word(address) : 0;
    const second = inside ? this.storage.word(address + 4) : 0;
    ccw.command = first >>> 24;
    if (format1) {
      ccw.flags = (first >>> 16) & 0xff;
      ccw.count = first & 0xffff;
      ccw.address = second;
      return;
    }
    ccw.flags = second >>> 24;
    ccw.count = second & 0xffff;
    ccw.address = first & 0xffffff;
    if ((ccw.command & 0xf) !== COMMAND.tic) return;
    ccw.command = COMMAND.tic;
    ccw.flags = 0;
    ccw.count = 0;
  }

  move(address: number, bytes: Uint8Array, at: number, length: number, store: boolean): boolean {
    const inside = Math.max(0, Math.min(length, this.storage.bytes - address));
    if (inside > 0) {
      if (store) this.storage.store(address, bytes, at, inside);
      else this.storage.fetch(address, bytes, at, inside);
    }
    return inside === length;
  }
}

/** Where the CCWs of a program without addresses seem to stand, and each of their data areas. */
export const DIRECT_PROGRAM = 0x1000;
const DIRECT_DATA = 0x2000;

/**
 * The direct form of a channel program, in which a CCW refers to its data area itself. All its areas have the same
 * address, not zero, because only the one of the CCW in use can be reached.
 */
export class DirectProgramMemory implements ProgramMemory {
  private program: ChannelProgram = { ccws: [], length: 0 };
  private area: Uint8Array | null = null;

  /** The program whose CCWs are fetched from now on. */
  open(program: ChannelProgram): void {
    this.program = program;
  }

  fetchCcw(address: number, _format1: boolean, ccw: VirtualCcw): void {
    const { ccws, length } = this.program;
    const at = (address - DIRECT_PROGRAM) / CCW_BYTES;
    if (at >= length) {
      ccw.command = 0;
      return;
    }
    const direct = ccws[at];
    ccw.command = direct.command;
    ccw.flags = direct.flags & ~CCW_FLAG.INDIRECT;
    ccw.count = direct.count;
    ccw.address = DIRECT_DATA;
    this.area = direct.data;
  }

  /** An area may be shorter than the count: the rest of it is zero, and stores there are lost. */
  move(address: number, bytes: Uint8Array, at: number, length: number, store: boolean): boolean {
    const { area } = this;
    const from = address - DIRECT_DATA;
    const inside = area === null ? 0 : Math.max(0, Math.min(length, area.length - from));
    if (store) {
      for (let index = 0; index < inside; index++) area![from + index] = bytes[at + index];
      return true;
    }
    for (let index = 0; index < length; index++) bytes[at + index] = index < inside ? area![from + index] : 0;
    return true;
  }
}
