import { PCI_INSTRUCTIONS, type PciInstruction } from '../zarch/pci.ts';

/**
 * Stores into BAR 0 by the id of the function: there the data of ISM are, and nothing else. What several applications do at
 * one time cannot be told apart by the clock, but by the function it can.
 */
export class DataStores {
  private readonly counts: number[] = [];

  count({ instruction, space }: PciAccess, id: number, by = 1): void {
    const { does } = PCI_INSTRUCTIONS[instruction];
    if (space === 0 && (does === 'store' || does === 'block')) this.counts[id] = this.of(id) + by;
  }

  of(id: number): number {
    return this.counts[id] ?? 0;
  }
}

/** What a store carries as a whole: pieces of it carry nothing that anybody could make sense of. */
export type StoredContent = object;

/**
 * The operands of one load or store. Whoever executes instructions has one and fills it in again and again: stores are made
 * by the thousand.
 */
export class PciAccess {
  instruction: PciInstruction = 'pcilg';
  problemState = false;
  /** The register that holds handle, space and length must be the even one of a pair for PCILG and PCISTG. */
  oddRegister = false;
  /** The function's handle; with MIO that of the function that the address is mapped to, zero where it is mapped to none. */
  handle = 0;
  space = 0;
  /** Place in the space, below 2^53. */
  offset = 0;
  length = 0;
  /** PCISTB: where the data are in main storage. */
  operand = 0;
  /** MPCIFC: the control function. */
  control = 0;
  content: StoredContent | null = null;
  /** What a load has brought: the answer of the device, all ones where it has none. */
  loaded = 0;

  set(instruction: PciInstruction, handle: number, space: number, offset: number, length: number): this {
    this.instruction = instruction;
    this.handle = handle;
    this.space = space;
    this.offset = offset;
    this.length = length;
    this.operand = 0;
    this.content = null;
    return this;
  }
}
