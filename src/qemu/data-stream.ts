import { CCW_FLAG } from '../zarch/ccw.ts';
import { COMMAND } from '../zarch/commands.ts';
import type { Orb } from '../zarch/orb.ts';
import type { ProgramMemory } from './program-memory.ts';
import type { VirtualCcw } from './virtual-ccw.ts';

const LIMIT_FORMAT_0 = 0x1000000;
const LIMIT_FORMAT_1 = 0x80000000;
const WORD = 0x100000000;
const READ_BACKWARD = 0x0c;

const FETCH = 0;
const STORE = 1;
const ADVANCE = 2;
type Operation = typeof FETCH | typeof STORE | typeof ADVANCE;

const NO_BYTES = new Uint8Array(0);
const IDAW = new Uint8Array(8);

/** What a QEMU release and its host make of data addresses. */
export interface DataRules {
  readonly indirectData: boolean;
  readonly skipFlag: boolean;
  readonly littleEndianHost: boolean;
}

/**
 * The data of one CCW as a stream of bytes that devices fetch from and store into piece by piece (css.c:ccw_dstream_*).
 * Data addresses are checked and IDAWs fetched only as the stream gets there. After an error it stays broken until it is
 * rewound.
 */
export class DataStream {
  private readonly rules: DataRules;
  private memory: ProgramMemory;
  private count = 0;
  private done = 0;
  private start = 0;
  private address = 0;
  private indirect = false;
  private idawsUsed = 0;
  private idaw64 = false;
  private blockBytes = 0;
  private limit = LIMIT_FORMAT_1;
  private skip = false;
  private broken = false;

  constructor(rules: DataRules, memory: ProgramMemory) {
    this.rules = rules;
    this.memory = memory;
  }

  /** The area of a CCW of the program that `orb` designates. */
  open(ccw: VirtualCcw, orb: Orb, memory: ProgramMemory): void {
    this.memory = memory;
    this.count = ccw.count;
    this.start = ccw.address;
    this.indirect = (ccw.flags & CCW_FLAG.INDIRECT) !== 0 && this.rules.indirectData;
    this.idaw64 = orb.idaw64 === 1;
    this.blockBytes = this.idaw64 && orb.idawBlock2k === 0 ? 4096 : 2048;
    this.limit = orb.format1 === 1 ? LIMIT_FORMAT_1 : LIMIT_FORMAT_0;
    this.skip = this.rules.skipFlag && (ccw.flags & CCW_FLAG.SKIP) !== 0 && movesToStorage(ccw.command);
    this.rewind();
  }

  /** Back to the first byte. */
  rewind(): void {
    this.done = 0;
    this.idawsUsed = 0;
    this.broken = false;
    this.address = this.start;
  }

  /** Bytes of the area that have not been moved. */
  get residual(): number {
    return this.count - this.done;
  }

  /** Fetches the next `length` bytes into `bytes`; false: program check. */
  fetch(bytes: Uint8Array, length = bytes.length): boolean {
    return this.move(bytes, length, FETCH);
  }

  /** Stores the first `length` bytes of `bytes`; false: program check. */
  store(bytes: Uint8Array, length = bytes.length): boolean {
    return this.move(bytes, length, STORE);
  }

  /** Leaves `length` bytes out; false: program check. */
  advance(length: number): boolean {
    return this.move(NO_BYTES, length, ADVANCE);
  }

  /** Stores one byte at the data address itself, whatever kind of address that is. */
  storeAtDataAddress(bytes: Uint8Array): void {
    this.memory.move(this.start, bytes, 0, 1, true);
  }

  private move(bytes: Uint8Array, length: number, operation: Operation): boolean {
    if (this.done + length > this.count) this.broken = true;
    if (this.broken) return false;
    if (length === 0) return true;
    const moved = this.indirect
      ? this.moveIndirect(bytes, length, operation)
      : this.moveDirect(bytes, length, operation);
    if (!moved) this.broken = true;
    return moved;
  }

  private moveDirect(bytes: Uint8Array, length: number, operation: Operation): boolean {
    if (this.address + length >= this.limit) return false;
    return this.access(bytes, 0, length, operation);
  }

  /**
   * Blocks one after another. An IDAW that does not begin at a block boundary is refused only where this piece begins
   * with it; inside a piece it is taken as it is.
   */
  private moveIndirect(bytes: Uint8Array, length: number, operation: Operation): boolean {
    const { blockBytes } = this;
    if (this.idawsUsed === 0) {
      if (!this.nextIdaw()) return false;
    } else if (this.address % blockBytes === 0) {
      if (!this.nextIdaw() || this.address % blockBytes !== 0) return false;
    }
    let left = blockBytes - (this.address % blockBytes);
    for (let at = 0; ; ) {
      const part = Math.min(length - at, left);
      if (!this.access(bytes, at, part, operation)) return false;
      at += part;
      if (at === length) return true;
      if (!this.nextIdaw()) return false;
      left = blockBytes;
    }
  }

  private access(bytes: Uint8Array, at: number, length: number, operation: Operation): boolean {
    const suppressed = operation === ADVANCE || this.skip;
    if (!suppressed && !this.memory.move(this.address, bytes, at, length, operation === STORE)) return false;
    this.done += length;
    this.address += length;
    return true;
  }

  private nextIdaw(): boolean {
    const bytes = this.idaw64 ? 8 : 4;
    const at = this.start + this.idawsUsed * bytes;
    if (at % bytes !== 0 || at >= this.limit) return false;
    if (!this.memory.move(at, IDAW, 0, bytes, false)) return false;
    this.idawsUsed++;
    const first = ((IDAW[0] << 24) | (IDAW[1] << 16) | (IDAW[2] << 8) | IDAW[3]) >>> 0;
    if (this.idaw64) {
      const second = ((IDAW[4] << 24) | (IDAW[5] << 16) | (IDAW[6] << 8) | IDAW[7]) >>> 0;
      this.address = first * WORD + second;
      return true;
    }
    // QEMU swaps eight bytes where there are four: on a little-endian host the address ends up in the left word.
    this.address = this.rules.littleEndianHost ? first * WORD : first;
    return this.address % WORD < LIMIT_FORMAT_1;
  }
}

/** Sense, read and read backward, by the right bits of the command. */
const movesToStorage = (command: number): boolean =>
  (command & 0x0f) === COMMAND.sense || (command & 0x03) === 0x02 || (command & 0x0f) === READ_BACKWARD;
