import type { InstructionStep } from '../../src/program/step.ts';

/**
 * Which program interruptions an I/O instruction ends with, read off the references and nothing else. QEMU looks at
 * operands in an order that can be seen; on the machine several exceptions can be due at once, and in some reserved
 * places the architecture leaves it open whether one is.
 */
export interface Exceptions {
  /** One of these must come. Empty: none must, and a condition code is right. */
  readonly due: readonly number[];
  /** One of these may come in place of it. */
  readonly possible: readonly number[];
  /** What is due is not looked for when the subchannel is not provided or not enabled: condition code 3 is right, too. */
  readonly unlessAbsent: boolean;
}

const PROTECTION = 0x04;
const ADDRESSING = 0x05;
const SPECIFICATION = 0x06;
const OPERAND = 0x15;

/** Storage and CPU as the instruction finds them. */
export interface Surroundings {
  readonly storageBytes: number;
  /** Words of the operand as they stand in storage, as far as storage reaches. */
  readonly word: (address: number) => number;
  /** Access key of the PSW, and the storage key of the 4 KiB block that an address lies in. */
  readonly key: number;
  readonly storageKey: (address: number) => number;
  /** The program has enabled the multiple-image facility. */
  readonly multipleImages: boolean;
  /** An interruption for TPI is pending. */
  readonly interruption: boolean;
}

const LENGTH = { ssch: 12, msch: 52, stsch: 52, tsch: 64, stcrw: 4, tpi: 8, stcps: 32, chsc: 16 } as const;
const ALIGNMENT = { ssch: 4, msch: 4, stsch: 4, tsch: 4, stcrw: 4, tpi: 4, stcps: 32, chsc: 4096 } as const;

const EXTENDED_ORB_BYTES = 32;

/** Exceptions of QEMU: the first in its order of checks, and no other. */
export function ofQemu(step: InstructionStep, at: Surroundings): Exceptions {
  const first = qemuChecks(step, at).find((exception) => exception !== 0);
  return { due: first === undefined ? [] : [first], possible: [], unlessAbsent: false };
}

function qemuChecks(step: InstructionStep, at: Surroundings): number[] {
  switch (step.do) {
    case 'ssch':
      return [
        alignment(step),
        access(step, at),
        operand(!isQemuId(step.sid) || isQemuInvalidOrb(at.word(step.at + 4), at.word(step.at + 8))),
      ];
    case 'msch':
      return [
        alignment(step),
        access(step, at),
        operand(!isQemuId(step.sid) || isQemuInvalidSchib(step.at, at)),
      ];
    case 'stsch':
      return [alignment(step), access(step, at), operand(!isQemuId(step.sid))];
    case 'tsch':
      return [operand(!isQemuId(step.sid)), alignment(step), access(step, at)];
    case 'stcrw':
      return [alignment(step), access(step, at)];
    case 'tpi':
      return [alignment(step), at.interruption && step.at !== 0 ? access(step, at) : 0];
    case 'chsc':
      return [alignment(step), access(step, at), operand(isInvalidLength(at.word(step.at) >>> 16))];
    case 'stcps':
      return [];
    case 'rchp':
      return [operand((step.register1 & 0xff00ff00) !== 0 || !hasImage(step.register1, at))];
    default:
      return [registers(step, isQemuId)];
  }
}

/** The image is named zero, or, once there can be several, as what it is. */
const hasImage = (register1: number, { multipleImages }: Surroundings): boolean =>
  ((register1 >>> 16) & 0xff) === (multipleImages ? 0xfe : 0);

/** Exceptions of the machine: all that are due, in whatever order it finds them. */
export function ofMachine(step: InstructionStep, at: Surroundings): Exceptions {
  const due = machineChecks(step, at).filter((exception) => exception !== 0);
  const stores = step.do === 'stsch' || step.do === 'tsch';
  const unlessAbsent =
    stores && due.every((exception) => exception === ADDRESSING || exception === PROTECTION);
  return { due, possible: isUnsettled(step, at) ? [OPERAND] : [], unlessAbsent };
}

function machineChecks(step: InstructionStep, at: Surroundings): number[] {
  switch (step.do) {
    case 'ssch': {
      const control = at.word(step.at + 4);
      const invalid = (control & 0x3e) !== 0 || (at.word(step.at + 8) & 0x80000000) !== 0;
      const bytes = (control & 1) !== 0 ? EXTENDED_ORB_BYTES : LENGTH.ssch;
      return [alignment(step), access(step, at, bytes), operand(!isArchitectedId(step.sid) || invalid)];
    }
    case 'msch':
      return [
        alignment(step),
        access(step, at),
        operand(!isArchitectedId(step.sid) || isInvalidSchib(step.at, at)),
      ];
    case 'stsch':
    case 'tsch':
      return [alignment(step), access(step, at), operand(!isArchitectedId(step.sid))];
    case 'stcrw':
    case 'stcps':
      return [alignment(step), access(step, at)];
    case 'tpi':
      return [alignment(step), at.interruption && step.at !== 0 ? access(step, at) : 0];
    case 'chsc':
      return [alignment(step), access(step, at), operand(isInvalidLength(at.word(step.at) >>> 16))];
    case 'rchp':
      return [operand((step.register1 & 0xff00ff00) !== 0)];
    default:
      return [registers(step, isArchitectedId)];
  }
}

/** Where the architecture, or the sources that are known of it, leave open whether a reserved place is looked at. */
function isUnsettled(step: InstructionStep, at: Surroundings): boolean {
  switch (step.do) {
    case 'ssch':
      return isOtherImage(step.sid) || (at.word(step.at + 4) & 0x00040000) !== 0;
    case 'msch':
      if ((at.word(step.at + 4) & 0xc7000000) !== 0 || (at.word(step.at + 24) & 0xfffffffa) !== 0)
        return true;
      return isOtherImage(step.sid);
    case 'rchp':
      return (step.register1 & 0x00ff0000) !== 0;
    case 'stsch':
    case 'tsch':
    case 'hsch':
    case 'csch':
    case 'xsch':
    case 'rsch':
      return isOtherImage(step.sid);
    default:
      return false;
  }
}

function registers(step: InstructionStep, isId: (sid: number) => boolean): number {
  switch (step.do) {
    case 'hsch':
    case 'csch':
    case 'xsch':
    case 'rsch':
      return operand(!isId(step.sid));
    case 'schm': {
      const misplaced = (step.register1 & 2) !== 0 && (step.register2 & 0x1f) !== 0;
      return operand((step.register1 & 0x0ffffffc) !== 0 || misplaced);
    }
    case 'sal':
      return operand((step.register1 & 0x8000ffff) !== 0);
    default:
      return 0;
  }
}

const operand = (isInvalid: boolean): number => (isInvalid ? OPERAND : 0);

type Addressed = InstructionStep & { readonly do: keyof typeof LENGTH; readonly at: number };

const alignment = (step: Addressed): number => (step.at % ALIGNMENT[step.do] === 0 ? 0 : SPECIFICATION);

/** What the operand is for; the answer of CHANNEL SUBSYSTEM CALL goes into the block that the request came from. */
const STORES: ReadonlySet<string> = new Set(['stsch', 'tsch', 'stcrw', 'tpi', 'stcps', 'chsc']);

function access(step: Addressed, at: Surroundings, bytes: number = LENGTH[step.do]): number {
  const last = step.at + bytes - 1;
  if (last >= at.storageBytes) return ADDRESSING;
  const stores = STORES.has(step.do);
  return isOpen(step.at, at, stores) && isOpen(last, at, stores) ? 0 : PROTECTION;
}

function isOpen(address: number, { key, storageKey }: Surroundings, stores: boolean): boolean {
  const found = storageKey(address);
  return key === 0 || found >> 4 === key || (!stores && (found & FETCH_PROTECTION) === 0);
}

const FETCH_PROTECTION = 0x08;

const isQemuId = (sid: number): boolean =>
  (sid & 0x00010000) !== 0 && ((sid & 0x00080000) !== 0 || sid >>> 24 === 0);

const isArchitectedId = (sid: number): boolean => isQemuId(sid) && (sid & 0x00f00000) === 0;

/** The m bit: another image may be named, once the program has enabled the facility. */
const isOtherImage = (sid: number): boolean => (sid & 0x00080000) !== 0;

const isQemuInvalidOrb = (control: number, address: number): boolean =>
  (control & 0x0004007e) !== 0 || (address & 0x80000000) !== 0;

function isQemuInvalidSchib(block: number, { word }: Surroundings): boolean {
  const modes = word(block + 24);
  const misplaced = (modes & 4) !== 0 && (word(block + 44) & 0x3f) !== 0;
  return (word(block + 4) & 0xc3000000) !== 0 || (modes & 0xff1ffffa) !== 0 || misplaced;
}

function isInvalidSchib(block: number, { word }: Surroundings): boolean {
  const misplaced = (word(block + 24) & 4) !== 0 && (word(block + 44) & 0x3f) !== 0;
  return (word(block + 4) & 0x00600000) === 0x00600000 || misplaced;
}

const isInvalidLength = (length: number): boolean => length < 16 || length > 4088 || length % 8 !== 0;

/** CHANNEL SUBSYSTEM CALL with the request to enable the multiple-image facility, in every reserved place zero. */
export function enablesMultipleImages(step: InstructionStep, { word }: Surroundings): boolean {
  return step.do === 'chsc' && word(step.at) === 0x04000031 && word(step.at + 4) === 0;
}
