import {
  type AddressableChannelSubsystem,
  adapterInterruption,
  type IoInstruction,
  type Operands,
  WAIT,
} from '../channel/channel-subsystem.ts';
import { assertNever } from '../kernel/assert.ts';
import type { Process, Steps } from '../kernel/process.ts';
import { clearIrb } from '../zarch/block-copy.ts';
import { CHSC_BLOCK_BYTES, ChscBlock } from '../zarch/chsc.ts';
import { Crw, crwWord } from '../zarch/crw.ts';
import { type Chpid, NONE, type SubchannelId } from '../zarch/ids.ts';
import { encodeIoInterruptionCode, IoInterruptionCode } from '../zarch/interruption-code.ts';
import { EXTENDED_IRB_BYTES, encodeIrb, IRB_BYTES, Irb } from '../zarch/irb.ts';
import { CHANNEL_REPORT_MCIC } from '../zarch/machine-check.ts';
import { decodeOrb, Orb } from '../zarch/orb.ts';
import { PROGRAM_INTERRUPTION, type ProgramInterruption } from '../zarch/program-interruption.ts';
import { decodeSchib, encodeSchib, SCHIB_BYTES, Schib } from '../zarch/schib.ts';
import { fetchWord } from '../zarch/word-layout.ts';
import type { InstructionEvents } from './instruction-events.ts';
import type { InstructionStep } from './step.ts';

/** How an instruction ended: condition code 0 … 3 and `pgm` 0, or the program-interruption code and `cc` −1. */
export interface InstructionResult {
  readonly cc: number;
  readonly pgm: ProgramInterruption | 0;
}

/** Real addresses of low core that I/O instructions and interruptions store into. */
export const LOW_CORE = { IO_INTERRUPTION: 0xb8, MACHINE_CHECK: 0xe8 } as const;

const ORB_BYTES = 12;
const EXTENDED_ORB_BYTES = 32;
/** Last byte of the second word of an ORB: the extension bit. */
const ORB_EXTENSION_AT = 7;
const TPI_BYTES = 8;
const STATUS_BYTES = 32;
const CRW_BYTES = 4;
const CHSC_HEADER_BYTES = 16;

/**
 * A CPU that executes I/O instructions of a program in storage: operands by address and register, checked as the
 * channel subsystem's `operandRules` say, then issued, then results stored (Principles of Operation, "I/O Instructions").
 *
 *   problem state ─► alignment ─► access ─► operand ─► issue ─► store
 *     pgm 2            pgm 6      pgm 4, 5   pgm 15     cc
 */
export class Processor {
  readonly css: AddressableChannelSubsystem;
  /** PSW: problem state and access key 0 … 15. */
  problemState = false;
  key = 0;
  /** Enabled I/O-interruption subclasses (mask 0x80 >> isc; control register 6) and channel reports (register 14). */
  iscMask = 0xff;
  channelReports = true;
  private readonly events: InstructionEvents;

  constructor(css: AddressableChannelSubsystem, events: InstructionEvents) {
    this.css = css;
    this.events = events;
  }

  /** Another CPU of the same configuration, in supervisor state. */
  sibling(): Processor {
    return new Processor(this.css, this.events);
  }

  /** Executes one instruction; time goes on by what it costs. */
  *execute(self: Process, step: InstructionStep): Steps<InstructionResult> {
    const result = this.problemState
      ? interruption(PROGRAM_INTERRUPTION.PRIVILEGED_OPERATION)
      : yield* this.privileged(self, step);
    yield* self.settle();
    return result;
  }

  private *privileged(self: Process, step: InstructionStep): Steps<InstructionResult> {
    const kind = step.do;
    this.css.intercept?.(kind, register1Of(step));
    switch (kind) {
      case 'ssch':
        return yield* this.startSubchannel(self, step.sid, step.at);
      case 'msch':
        return yield* this.modifySubchannel(self, step.sid, step.at);
      case 'stsch':
        return yield* this.storeSubchannel(self, step.sid, step.at);
      case 'tsch':
        return yield* this.testSubchannel(self, step.sid, step.at);
      case 'hsch':
      case 'csch':
      case 'xsch':
      case 'rsch':
        return yield* this.signalSubchannel(self, kind, step.sid);
      case 'stcrw':
        return yield* this.storeReport(self, step.at);
      case 'tpi':
        return yield* this.testInterruption(self, step.at);
      case 'stcps':
        return yield* this.storePathStatus(self, step.at);
      case 'chsc':
        return yield* this.callSubsystem(self, step.at);
      case 'rchp':
        return yield* this.resetChannelPath(self, step.register1);
      case 'sal':
        return yield* this.setAddressLimit(self, step.register1);
      case 'schm':
        return yield* this.setMonitor(self, step.register1, step.register2);
      default:
        return assertNever(kind);
    }
  }

  private *startSubchannel(self: Process, sid: number, at: number): Steps<InstructionResult> {
    const fault = this.identificationFault('ssch', sid) || this.fault(at, 4, ORB_BYTES, 'fetch');
    if (fault !== 0) return interruption(fault);
    const block = new Uint8Array(EXTENDED_ORB_BYTES);
    this.css.storage.fetch(at, block, 0, ORB_BYTES);
    if (this.css.operandRules.fetchesOrbExtension && (block[ORB_EXTENSION_AT] & 1) !== 0) {
      const beyond = this.fault(at, 4, EXTENDED_ORB_BYTES, 'fetch');
      if (beyond !== 0) return interruption(beyond);
      this.css.storage.fetch(at, block);
    }
    const subchannel = this.css.operandRules.subchannel(sid);
    if (subchannel === NONE || !this.css.operandRules.isValidOrb(block)) return OPERAND_EXCEPTION;
    const orb = decodeOrb(block, new Orb());
    const cc = yield* this.issue(self, 'ssch', subchannel, orb);
    this.events.executed('ssch', subchannel, cc, orb);
    return ended(cc);
  }

  private *modifySubchannel(self: Process, sid: number, at: number): Steps<InstructionResult> {
    const fault = this.identificationFault('msch', sid) || this.fault(at, 4, SCHIB_BYTES, 'fetch');
    if (fault !== 0) return interruption(fault);
    const block = new Uint8Array(SCHIB_BYTES);
    this.css.storage.fetch(at, block);
    const subchannel = this.css.operandRules.subchannel(sid);
    if (subchannel === NONE || !this.css.operandRules.isValidSchib(block)) return OPERAND_EXCEPTION;
    const schib = decodeSchib(block);
    const cc = yield* this.issue(self, 'msch', subchannel, schib);
    this.events.executed('msch', subchannel, cc, schib);
    return ended(cc);
  }

  private *storeSubchannel(self: Process, sid: number, at: number): Steps<InstructionResult> {
    const fault = this.identificationFault('stsch', sid) || this.alignmentFault(at, 4);
    if (fault !== 0) return interruption(fault);
    const { operandRules } = this.css;
    const subchannel = operandRules.subchannel(sid);
    const access = this.css.storage.check(at, SCHIB_BYTES, this.key, 'store');
    if (access !== 0 && (subchannel === NONE || operandRules.checksOperandOfAbsentSubchannel)) {
      return interruption(access);
    }
    if (subchannel === NONE) return OPERAND_EXCEPTION;
    const schib = new Schib();
    const cc = yield* this.issue(self, 'stsch', subchannel, schib);
    this.events.executed('stsch', subchannel, cc, schib);
    if (cc !== 0) return ended(cc);
    if (access !== 0) return interruption(access);
    this.css.storage.store(at, encodeSchib(schib));
    return ended(cc);
  }

  private *testSubchannel(self: Process, sid: number, at: number): Steps<InstructionResult> {
    const fault = this.identificationFault('tsch', sid) || this.alignmentFault(at, 4);
    if (fault !== 0) return interruption(fault);
    const { operandRules, storage } = this.css;
    const subchannel = operandRules.subchannel(sid);
    let access = storage.check(at, EXTENDED_IRB_BYTES, this.key, 'store');
    if (access !== 0) {
      // Status must stay pending when it cannot be stored: what would be stored is found out beforehand.
      const stored = yield* this.irbBytes(self, subchannel);
      const checked = stored > 0 ? stored : operandRules.checksOperandOfAbsentSubchannel ? IRB_BYTES : 0;
      access = checked > 0 ? storage.check(at, checked, this.key, 'store') : 0;
      if (access !== 0) return interruption(access);
    }
    if (subchannel === NONE) return OPERAND_EXCEPTION;
    const irb = new Irb();
    clearIrb(irb);
    const cc = yield* this.issue(self, 'tsch', subchannel, irb);
    this.events.executed('tsch', subchannel, cc, irb);
    if (cc !== 3) storage.store(at, encodeIrb(irb));
    return ended(cc);
  }

  private *signalSubchannel(
    self: Process,
    instruction: 'hsch' | 'csch' | 'xsch' | 'rsch',
    sid: number,
  ): Steps<InstructionResult> {
    const subchannel = this.css.operandRules.subchannel(sid);
    if (subchannel === NONE) return OPERAND_EXCEPTION;
    const cc = yield* this.issue(self, instruction, subchannel, null);
    this.events.executed(instruction, subchannel, cc, null);
    return ended(cc);
  }

  private *storeReport(self: Process, at: number): Steps<InstructionResult> {
    const alignment = this.alignmentFault(at, 4);
    if (alignment !== 0) return interruption(alignment);
    const access = this.css.storage.check(at, CRW_BYTES, this.key, 'store');
    if (access !== 0) {
      this.css.reportNotStored?.();
      return interruption(access);
    }
    const crw = new Crw();
    const cc = yield* this.issue(self, 'stcrw', 0, crw);
    this.events.executed('stcrw', NONE, cc, crw);
    this.css.storage.storeWord(at, crwWord(crw));
    return ended(cc);
  }

  /** With nothing pending nothing is stored, and an operand that cannot be stored into is not noticed. */
  private *testInterruption(self: Process, at: number): Steps<InstructionResult> {
    const alignment = this.alignmentFault(at, 4);
    if (alignment !== 0) return interruption(alignment);
    const code = new IoInterruptionCode();
    const cc = yield* this.issue(self, 'tpi', 0, { iscMask: this.iscMask, code });
    if (cc === 0) return ended(cc);
    const access = at === 0 ? 0 : this.css.storage.check(at, TPI_BYTES, this.key, 'store');
    if (access !== 0) {
      const condition = code.adapter === 1 ? adapterInterruption(code.isc) : code.subchannel;
      this.css.interrupts.post(condition, code.isc);
      return interruption(access);
    }
    if (at === 0) this.storeInterruptionCode(code);
    else this.css.storage.store(at, encodeIoInterruptionCode(code), 0, TPI_BYTES);
    return ended(cc);
  }

  /** An I/O interruption is taken; its code has been presented. */
  ioInterruption(code: IoInterruptionCode): void {
    this.events.ioInterruption(code);
    this.storeInterruptionCode(code);
  }

  /** The machine check of a channel report is taken. */
  machineCheck(): void {
    this.events.machineCheck();
    const { storage } = this.css;
    storage.storeWord(LOW_CORE.MACHINE_CHECK, Number(CHANNEL_REPORT_MCIC >> 32n));
    storage.storeWord(LOW_CORE.MACHINE_CHECK + 4, Number(CHANNEL_REPORT_MCIC & 0xffffffffn));
  }

  private storeInterruptionCode(code: IoInterruptionCode): void {
    this.css.storage.store(LOW_CORE.IO_INTERRUPTION, encodeIoInterruptionCode(code));
  }

  /** STORE SUBCHANNEL into a place of the CPU's own: the SCHIB, null where nothing was stored. */
  *lookAt(self: Process, sid: number): Steps<Uint8Array | null> {
    const subchannel = this.css.operandRules.subchannel(sid);
    if (subchannel === NONE) return null;
    const schib = new Schib();
    const cc = yield* this.issue(self, 'stsch', subchannel, schib);
    this.events.executed('stsch', subchannel, cc, schib);
    yield* self.settle();
    return cc === 0 ? encodeSchib(schib) : null;
  }

  private *storePathStatus(self: Process, at: number): Steps<InstructionResult> {
    if (!this.css.operandRules.storesPathStatus) return ended(0);
    const fault = this.fault(at, STATUS_BYTES, STATUS_BYTES, 'store');
    if (fault !== 0) return interruption(fault);
    const status = new Uint8Array(STATUS_BYTES);
    this.css.storage.fetch(at, status);
    const cc = yield* this.issue(self, 'stcps', 0, status);
    this.css.storage.store(at, status);
    return ended(cc);
  }

  private *callSubsystem(self: Process, at: number): Steps<InstructionResult> {
    const fault = this.fault(at, CHSC_BLOCK_BYTES, CHSC_HEADER_BYTES, 'fetch');
    if (fault !== 0) return interruption(fault);
    const bytes = new Uint8Array(CHSC_BLOCK_BYTES);
    this.css.storage.fetch(at, bytes);
    const length = fetchWord(bytes, 0) >>> 16;
    if (!this.css.operandRules.isValidRequestLength(length)) return OPERAND_EXCEPTION;
    const access = this.css.storage.check(at, CHSC_BLOCK_BYTES, this.key, 'store');
    if (access !== 0) return interruption(access);
    const block = new ChscBlock();
    block.bytes = bytes;
    const cc = yield* this.issue(self, 'chsc', 0, block);
    this.events.executed('chsc', NONE, cc, block);
    const response = Math.min(fetchWord(bytes, length) >>> 16, CHSC_BLOCK_BYTES - length);
    if (cc === 0) this.css.storage.store(at + length, bytes, length, response);
    return ended(cc);
  }

  private *resetChannelPath(self: Process, register1: number): Steps<InstructionResult> {
    if (!this.css.operandRules.isValidChannelPath(register1)) return OPERAND_EXCEPTION;
    const chpid: number = channelPathOf(register1);
    const cc = yield* this.issue(self, 'rchp', chpid, null);
    this.events.executed('rchp', chpid, cc, null);
    return ended(cc);
  }

  private *setAddressLimit(self: Process, address: number): Steps<InstructionResult> {
    if (!this.css.operandRules.isValidAddressLimit(address)) return OPERAND_EXCEPTION;
    return ended(yield* this.issue(self, 'sal', 0, { address }));
  }

  private *setMonitor(self: Process, register1: number, origin: number): Steps<InstructionResult> {
    if (!this.css.operandRules.isValidMonitor(register1, origin)) return OPERAND_EXCEPTION;
    const update = (register1 & 2) !== 0;
    const deviceConnectTime = (register1 & 1) !== 0;
    const key = register1 >>> 28;
    return ended(yield* this.issue(self, 'schm', 0, { update, deviceConnectTime, key, origin }));
  }

  private *issue<I extends IoInstruction>(
    self: Process,
    instruction: I,
    subchannel: SubchannelId,
    operand: Operands[I],
  ): Steps<number> {
    const outcome = this.css.issue(self, instruction, subchannel, operand, self);
    return outcome === WAIT ? yield : outcome;
  }

  /** Bytes that TSCH would store now, without an instruction that a program would see; the subchannel may be none. */
  private *irbBytes(self: Process, subchannel: SubchannelId): Steps<number> {
    if (subchannel === NONE) return IRB_BYTES;
    const schib = new Schib();
    const { pmcw } = schib;
    const cc = yield* this.issue(self, 'stsch', subchannel, schib);
    if (cc !== 0 || pmcw.enabled === 0) return 0;
    return pmcw.extendedMeasurement === 1 ? EXTENDED_IRB_BYTES : IRB_BYTES;
  }

  /** General register 1 of an instruction that looks at it before the operand. */
  private identificationFault(instruction: IoInstruction, sid: number): ProgramInterruption | 0 {
    const { operandRules } = this.css;
    if (!operandRules.identificationFirst.has(instruction)) return 0;
    return operandRules.subchannel(sid) === NONE ? PROGRAM_INTERRUPTION.OPERAND : 0;
  }

  private alignmentFault(at: number, alignment: number): ProgramInterruption | 0 {
    return at % alignment === 0 ? 0 : PROGRAM_INTERRUPTION.SPECIFICATION;
  }

  private fault(
    at: number,
    alignment: number,
    length: number,
    access: 'fetch' | 'store',
  ): ProgramInterruption | 0 {
    return this.alignmentFault(at, alignment) || this.css.storage.check(at, length, this.key, access);
  }
}

/** General register 1 as the instruction finds it; zero where it does not look. */
function register1Of(step: InstructionStep): number {
  if ('sid' in step) return step.sid;
  return 'register1' in step ? step.register1 : 0;
}

const ended = (cc: number): InstructionResult => ({ cc, pgm: 0 });
const interruption = (pgm: ProgramInterruption): InstructionResult => ({ cc: -1, pgm });
const OPERAND_EXCEPTION = interruption(PROGRAM_INTERRUPTION.OPERAND);

/** Image in bits 8 … 15 of the word, CHPID in bits 24 … 31. */
const channelPathOf = (register1: number): Chpid => (((register1 >>> 16) & 0xff) << 8) | (register1 & 0xff);
