import { FLAG, NOP, SENSE, SENSE_ID, TIC } from '../../instructions/stored-ccw.ts';

const { CC, CD, MIDA, S, SLI } = FLAG;

/**
 * What QEMU's interpreter makes of a channel program in storage, for the commands that every device knows. Written from
 * the reference, not from the code under test: programs are lists, a transfer in channel names an index.
 */
export interface Word {
  readonly command: number;
  readonly flags: number;
  readonly count: number;
  /** Where the data go; for a transfer in channel the index of the CCW that is next. */
  readonly at: 'area' | 'zero' | 'outside' | number;
}

export interface Program {
  readonly format: 0 | 1;
  readonly words: readonly Word[];
  /** Indices whose suspend flag the program has turned off since. */
  readonly resumed: Set<number>;
}

export type Ending = 'normal' | 'command-reject' | 'program-check' | 'suspended';

const SENSE_BYTES = 32;
const SENSE_ID_BYTES = 256;
/** This many CCWs with a zero data address are let through per program. */
const WITHOUT_DATA = 255;

/** What is stored behind the program. */
const NOTHING: Word = { command: 0, flags: 0, count: 0, at: 'zero' };

/** One run of the interpreter: from SSCH, or from RSCH, to the first CCW that does not chain on. */
export class Interpretation {
  ending: Ending | 'chain' = 'chain';
  /** Index of the CCW that was last looked at. */
  last: number;
  /** Null: no command of this run has touched the residual count. */
  residual: number | null = null;
  /** First sense byte. */
  sense: number;
  /** First byte that a command stored into the data area; null: none did. */
  stored: number | null = null;
  /** CCWs with a zero data address so far. */
  withoutData: number;
  /** The CCW before was a transfer in channel. */
  afterTransfer: boolean;
  private readonly program: Program;
  private readonly suspendAllowed: boolean;

  constructor(
    program: Program,
    start: {
      from: number;
      suspendAllowed: boolean;
      sense: number;
      withoutData: number;
      afterTransfer: boolean;
    },
  ) {
    this.program = program;
    this.last = start.from;
    this.suspendAllowed = start.suspendAllowed;
    this.sense = start.sense;
    this.withoutData = start.withoutData;
    this.afterTransfer = start.afterTransfer;
    for (let at = start.from; this.ending === 'chain'; ) {
      this.last = at;
      at = this.interpret(program.words[at] ?? NOTHING, at);
    }
  }

  /** Looks at one CCW; returns the index of the next. The rules stand in the order in which QEMU checks them. */
  private interpret(word: Word, at: number): number {
    const old = this.program.format === 0;
    const transfers = (word.command & 0xf) === TIC;
    const ignored = old && transfers;
    const count = ignored ? 0 : word.count;
    const flags = ignored ? 0 : this.program.resumed.has(at) ? word.flags & ~S : word.flags;
    if ((word.command & 0xf) === 0) return this.end('program-check');
    if (!old && transfers && word.command !== TIC) return this.end('program-check');
    if (old && !transfers && count === 0) return this.end('program-check');
    if ((flags & MIDA) !== 0) return this.end('program-check');
    if ((flags & S) !== 0) return this.end(this.suspendAllowed ? 'suspended' : 'program-check');
    if (word.at === 'zero' && this.withoutData++ === WITHOUT_DATA) return this.end('program-check');
    if (transfers) {
      if (this.afterTransfer || flags !== 0 || count !== 0) return this.end('program-check');
      this.afterTransfer = true;
      return word.at as number;
    }
    this.afterTransfer = false;
    this.execute(word, flags, count);
    if (this.ending === 'chain' && (flags & CC) === 0) this.ending = 'normal';
    return at + 1;
  }

  private execute(word: Word, flags: number, count: number): void {
    const exact = (flags & SLI) === 0 || (flags & CD) !== 0;
    const device = word.command === SENSE ? SENSE_BYTES : word.command === SENSE_ID ? SENSE_ID_BYTES : -1;
    if (word.command === NOP) return;
    if (device < 0) {
      this.sense = 0x80;
      this.ending = 'command-reject';
    } else if (exact && count !== device) {
      this.ending = 'program-check';
    } else if (word.at === 'outside' && count > 0) {
      if (word.command === SENSE) this.residual = count;
      this.ending = 'program-check';
    } else {
      const moved = Math.min(count, device);
      this.residual = count - moved;
      if (word.at === 'area' && moved > 0) this.stored = firstByte(word.command, moved, this.sense);
      if (word.command === SENSE) this.sense = 0;
    }
  }

  private end(ending: Ending): number {
    this.ending = ending;
    return 0;
  }
}

/** A SENSE ID of less than four bytes does not even say that it is one. */
function firstByte(command: number, moved: number, sense: number): number {
  if (command === SENSE) return sense;
  return moved < 4 ? 0 : 0xff;
}
