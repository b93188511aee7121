import type { Cpu, Waiter } from '../kernel/process.ts';
import type { ChscBlock } from '../zarch/chsc.ts';
import type { Crw } from '../zarch/crw.ts';
import type { SubchannelId } from '../zarch/ids.ts';
import type { Irb } from '../zarch/irb.ts';
import type { Orb } from '../zarch/orb.ts';
import type { Schib } from '../zarch/schib.ts';

/**
 * The seam between control programs and channel subsystems: the I/O instructions. The machine (this folder) answers
 * at once; a virtual channel subsystem may answer WAIT and post the condition code to the waiter later.
 */
const INSTRUCTIONS = [
  'ssch',
  'hsch',
  'csch',
  'xsch',
  'rsch',
  'stsch',
  'msch',
  'tsch',
  'stcrw',
  'rchp',
  'chsc',
] as const;
export type IoInstruction = (typeof INSTRUCTIONS)[number];

/** What an instruction designates besides the subchannel; which one is fixed by the instruction. */
export interface Operands {
  ssch: Orb;
  msch: Schib;
  /** Filled in by the instruction. */
  stsch: Schib;
  /** Filled in by the instruction. */
  tsch: Irb;
  /** Filled in by the instruction. */
  stcrw: Crw;
  /** Request in, response out. */
  chsc: ChscBlock;
  hsch: null;
  csch: null;
  xsch: null;
  rsch: null;
  /** For RCHP the "subchannel" is the CHPID. */
  rchp: null;
}

/** Condition code 0 … 3, or WAIT when the answer comes later. */
export type Outcome = 0 | 1 | 2 | 3 | typeof WAIT;
export const WAIT = -1;

export interface ChannelSubsystem {
  /** Executes one I/O instruction; its cost is charged to `cpu`. */
  issue<I extends IoInstruction>(
    cpu: Cpu,
    instruction: I,
    subchannel: SubchannelId,
    operand: Operands[I],
    waiter: Waiter,
  ): Outcome;
  readonly interrupts: InterruptController;
}

/** Where interruption conditions wait for a CPU that is enabled for them. */
export interface InterruptController {
  /** Makes a subchannel's I/O interruption pending in its subclass. */
  post(subchannel: SubchannelId, isc: number): void;
  /** Takes a pending interruption condition back (CSCH, TSCH, TPI by another CPU). */
  withdraw(subchannel: SubchannelId): void;
  /** Makes the floating channel-report machine check pending. */
  postMachineCheck(): void;
  /** Which subclasses (mask 0x80 >> isc) and whether channel reports may interrupt the program. */
  enable(iscMask: number, channelReports: boolean): void;
  /** Presents the highest-priority pending enabled I/O interruption and removes it; −1 when none is left. */
  takeIo(): SubchannelId;
  /** Presents the machine check when pending and enabled; true when it was. */
  takeMachineCheck(): boolean;
  /** Who is told that something became pending and enabled. Set once by the control program. */
  program: InterruptibleProgram;
}

export interface InterruptibleProgram {
  ioInterruptionPending(): void;
  machineCheckPending(): void;
}
