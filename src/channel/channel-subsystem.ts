import type { Cpu, Waiter } from '../kernel/process.ts';
import type { ChscBlock } from '../zarch/chsc.ts';
import type { Crw } from '../zarch/crw.ts';
import type { SubchannelId } from '../zarch/ids.ts';
import type { IoInterruptionCode } from '../zarch/interruption-code.ts';
import type { Irb } from '../zarch/irb.ts';
import type { Orb } from '../zarch/orb.ts';
import type { Schib } from '../zarch/schib.ts';
import type { Storage } from '../zarch/storage.ts';

/**
 * The seam between control programs and channel subsystems: the I/O instructions. The machine (this folder) answers
 * at once; a virtual channel subsystem may answer WAIT and post the condition code to the waiter later.
 */
export const IO_INSTRUCTIONS = [
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
  'tpi',
  'schm',
  'sal',
  'stcps',
] as const;
export type IoInstruction = (typeof IO_INSTRUCTIONS)[number];

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
  tpi: PendingInterruption;
  schm: MeasurementControl;
  sal: AddressLimit;
  /** Channel-path status, one bit per CHPID, 32 bytes: filled in by the instruction. */
  stcps: Uint8Array;
}

/** TEST PENDING INTERRUPTION: for which subclasses (control register 6), and where the code goes with cc 1. */
export interface PendingInterruption {
  readonly iscMask: number;
  readonly code: IoInterruptionCode;
}

/** What SET CHANNEL MONITOR finds in general registers 1 and 2. */
export interface MeasurementControl {
  /** Measurement-block update active. */
  readonly update: boolean;
  /** Device-connect-time measurement active. */
  readonly deviceConnectTime: boolean;
  /** Measurement-block key, 0 … 15. */
  readonly key: number;
  /** Measurement-block origin for format 0, a multiple of 32. */
  readonly origin: number;
}

/** What SET ADDRESS LIMIT finds in general register 1: a multiple of 65,536. */
export interface AddressLimit {
  readonly address: number;
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

/** A channel subsystem for programs that give operands by address: it has their main storage. */
export interface AddressableChannelSubsystem extends ChannelSubsystem {
  /** What it checks in operands that a program gives by address and register. */
  readonly operandRules: OperandRules;
  /** Main storage of the program: operands, channel programs and measurement blocks. */
  readonly storage: Storage;
  /**
   * Told of an instruction before its operands are checked; `register1` is zero for one that does not look at it. For
   * implementations that record instructions which then end with a program interruption.
   */
  intercept?(instruction: IoInstruction, register1: number): void;
  /**
   * Told of a STCRW whose operand cannot be stored into. For implementations that find that out only after they have looked
   * at their reports.
   */
  reportNotStored?(): void;
}

/**
 * What an implementation refuses before it looks at a subchannel. Linux never gives such operands and skips these
 * checks; a bare-metal program (`program/`) has every operand checked by them.
 */
export interface OperandRules {
  /** The subchannel that general register 1 names; NONE: operand exception. */
  subchannel(identification: number): SubchannelId;
  /** 12 bytes, or 32 with the extension bit on. */
  isValidOrb(orb: Uint8Array): boolean;
  /** 52 bytes. */
  isValidSchib(schib: Uint8Array): boolean;
  isValidMonitor(register1: number, register2: number): boolean;
  /** RESET CHANNEL PATH. */
  isValidChannelPath(register1: number): boolean;
  isValidAddressLimit(register1: number): boolean;
  /** CHANNEL SUBSYSTEM CALL: length of the request block. */
  isValidRequestLength(length: number): boolean;
  /** Instructions that check general register 1 before the alignment of their operand. */
  readonly identificationFirst: ReadonlySet<IoInstruction>;
  /** STSCH with cc 3, TSCH with cc 3: whether the operand must be accessible all the same. */
  readonly checksOperandOfAbsentSubchannel: boolean;
  /** SSCH: whether the extension of an ORB is fetched when its bit is on. */
  readonly fetchesOrbExtension: boolean;
  /** STCPS: false where it does nothing and does not look at its operand either. */
  readonly storesPathStatus: boolean;
}

/** An adapter interruption among subchannels: below NONE, with its subclass. */
export const adapterInterruption = (isc: number): SubchannelId => -2 - isc;

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
  /**
   * Presents the highest-priority pending enabled I/O interruption and removes it; −1 when none is left. One of an
   * adapter, which has no subchannel, is presented as `adapterInterruption` of its subclass.
   */
  takeIo(): SubchannelId;
  /**
   * Presents the highest-priority pending I/O interruption of the subclasses in `iscMask` with its code and removes it;
   * false when none is pending. TPI does this whether or not the CPU is enabled.
   */
  take(iscMask: number, code: IoInterruptionCode): boolean;
  /** Presents the machine check when pending and the CPU is enabled for it; true when it was. */
  takeMachineCheck(cpu?: number): boolean;
  /** Who is told that something became pending and enabled. Set once by the control program. */
  program: InterruptibleProgram;
}

export interface InterruptibleProgram {
  /** `cpu`: the one that is to take it. When it has closed its mask since, it finds nothing to take. */
  ioInterruptionPending(cpu?: number): void;
  machineCheckPending(cpu?: number): void;
}
