import {
  BLOCK_BOUNDARY,
  CONFIGURATION_SPACE,
  INVALID_HANDLE,
  isEnabledHandle,
  LAST_BAR,
  PCI_INSTRUCTIONS,
  PCI_OK,
  PCI_STATUS,
  type PciInstruction,
  type PciOutcome,
  pciError,
  programInterruption,
} from '../zarch/pci.ts';
import { PROGRAM_INTERRUPTION } from '../zarch/program-interruption.ts';
import type { PciAccess } from './access.ts';
import type { PciFunction } from './pci-function.ts';

/** What executors of PCI instructions differ in. */
export interface InstructionRules {
  /** The facility for instructions with mapped addresses is there, and CR2 allows them. */
  readonly mio: boolean;
  /** Block stores of functions that need no alignment are taken as they are; QEMU does not know of such functions. */
  readonly relaxedAlignment: boolean;
  /** Longest block store that is let through, bytes; null: what the function's group says. */
  readonly longestStore: number | null;
}

/** One check: the outcome where the instruction ends here, PCI_OK where it goes on. */
type Check = (access: PciAccess, fn: PciFunction | undefined, rules: InstructionRules) => PciOutcome;

const { PRIVILEGED_OPERATION, SPECIFICATION, OPERAND } = PROGRAM_INTERRUPTION;
/** A facility that is not there makes its instructions unknown ones. */
const OPERATION = 0x01;
const privileged = programInterruption(PRIVILEGED_OPERATION);
const specification = programInterruption(SPECIFICATION);
const operand = programInterruption(OPERAND);

const problemState: Check = ({ problemState: problem }) => (problem ? privileged : PCI_OK);
const facility: Check = (_access, _fn, { mio }) => (mio ? PCI_OK : programInterruption(OPERATION));
const evenRegister: Check = ({ oddRegister }) => (oddRegister ? specification : PCI_OK);
const enabledHandle: Check = ({ handle }) => (isEnabledHandle(handle) ? PCI_OK : INVALID_HANDLE);
const known: Check = (_access, fn) => (fn === undefined ? INVALID_HANDLE : PCI_OK);
/** An address is mapped to a function that knows such instructions, or to none. */
const mapped: Check = (_access, fn) => (fn?.kind.mioCapable === true ? PCI_OK : INVALID_HANDLE);

const notInError: Check = (_access, fn) =>
  fn?.state === 'error' || fn?.state === 'permanent-error' ? pciError(PCI_STATUS.BLOCKED) : PCI_OK;

const anySpace: Check = ({ space }) =>
  space <= LAST_BAR || space === CONFIGURATION_SPACE ? PCI_OK : pciError(PCI_STATUS.INVALID_SPACE);
const barSpace: Check = ({ space }) => (space <= LAST_BAR ? PCI_OK : pciError(PCI_STATUS.INVALID_SPACE));

/** Within a doubleword of a BAR, or a word of configuration space. */
const singleLength: Check = ({ space, offset, length }) => {
  const unit = space === CONFIGURATION_SPACE ? 4 : 8;
  const fits = length > 0 && length <= unit - (offset % unit);
  return fits && !(unit === 4 && length === 3) ? PCI_OK : operand;
};

const isRelaxed = (fn: PciFunction | undefined, rules: InstructionRules): boolean =>
  rules.relaxedAlignment && fn?.group.relaxedAlignment === true;

const blockOffset: Check = ({ offset }, fn, rules) =>
  isRelaxed(fn, rules) || offset % 8 === 0 ? PCI_OK : specification;
const blockLength: Check = ({ length }, fn, rules) => {
  const longest = rules.longestStore ?? fn!.group.longestStore;
  if (length === 0 || length > longest) return specification;
  return isRelaxed(fn, rules) || (length > 8 && length % 8 === 0) ? PCI_OK : specification;
};
const blockBoundary: Check = ({ offset, length }) =>
  (offset % BLOCK_BOUNDARY) + length <= BLOCK_BOUNDARY ? PCI_OK : specification;
const blockOperand: Check = ({ operand: address }, fn, rules) =>
  isRelaxed(fn, rules) || address % 8 === 0 ? PCI_OK : specification;

const insideBar: Check = ({ space, offset, length }, fn) => {
  if (space === CONFIGURATION_SPACE) return PCI_OK;
  const bits = fn!.kind.barBits[space];
  return bits > 0 && offset + length <= 2 ** bits ? PCI_OK : operand;
};

const SINGLE: readonly Check[] = [
  problemState,
  evenRegister,
  enabledHandle,
  known,
  notInError,
  anySpace,
  singleLength,
  insideBar,
];
const BLOCK: readonly Check[] = [
  problemState,
  enabledHandle,
  known,
  notInError,
  barSpace,
  blockOffset,
  blockLength,
  blockBoundary,
  blockOperand,
  insideBar,
];

/**
 * The checks of each instruction in their order (QEMU reference 8.2: s390-pci-inst.c). That of the machine is not
 * published; it is taken to be the same, with its own rules.
 */
export const INSTRUCTION_CHECKS: Readonly<Record<PciInstruction, readonly Check[]>> = {
  pcilg: SINGLE,
  pcistg: SINGLE,
  pcistb: BLOCK,
  pcilgi: [facility, mapped, notInError, singleLength, insideBar],
  pcistgi: [facility, mapped, notInError, singleLength, insideBar],
  pcistbi: [facility, mapped, notInError, blockOffset, blockLength, blockBoundary, blockOperand, insideBar],
  pciwb: [facility],
  // What is wrong with the state is told by the control function itself.
  mpcifc: [problemState, enabledHandle, known],
};

/** The first check that ends the instruction, or PCI_OK. */
export function checkInstruction(
  access: PciAccess,
  fn: PciFunction | undefined,
  rules: InstructionRules,
): PciOutcome {
  for (const check of INSTRUCTION_CHECKS[access.instruction]) {
    const outcome = check(access, fn, rules);
    if (outcome !== PCI_OK) return outcome;
  }
  return PCI_OK;
}

export const isLoad = (instruction: PciInstruction): boolean => PCI_INSTRUCTIONS[instruction].does === 'load';
export const isStore = (instruction: PciInstruction): boolean =>
  PCI_INSTRUCTIONS[instruction].does === 'store' || PCI_INSTRUCTIONS[instruction].does === 'block';
