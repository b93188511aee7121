import { WAIT } from '../channel/channel-subsystem.ts';
import { assert } from '../kernel/assert.ts';
import type { Cpu, Process, Steps, Waiter } from '../kernel/process.ts';
import { E, type Errno } from '../linux/errno.ts';
import { EVENT } from '../observe/event-table.ts';
import type { Observer } from '../observe/observer.ts';
import { CLP } from '../zarch/clp.ts';
import { NONE } from '../zarch/ids.ts';
import { conditionOf, interruptionOf, PCI_OK, type PciOutcome } from '../zarch/pci.ts';
import { PROGRAM_INTERRUPTION } from '../zarch/program-interruption.ts';
import { DataStores, type PciAccess } from './access.ts';
import { isLoad } from './instruction-checks.ts';
import type { PciFunction } from './pci-function.ts';
import type { PciProcessor, ServiceAnswer } from './processor.ts';

/** What a load leaves that has failed (asm/pci_io.h:zpci_read): all ones in the place of the answer's code. */
export const ALL_ONES = 0xffff_ffff;

/**
 * The PCI instructions as a Linux executes them (arch/s390/pci/pci_insn.c), each with one event when its outcome is known.
 * A program interruption is caught by the kernel's exception table and comes back as an error.
 */
export class PciInstructions {
  readonly stores = new DataStores();
  /** Instructions that whoever executes them has found malformed, by the id of their function. */
  private readonly specifications: number[] = [];
  private readonly processor: PciProcessor;
  private readonly observer: Observer;
  private readonly system: number;

  constructor(processor: PciProcessor, observer: Observer, system: number) {
    this.processor = processor;
    this.observer = observer;
    this.system = system;
  }

  /** Executes; 0 or an error. `id` is the function that the operands name. */
  *execute(self: Process, access: PciAccess, id: number): Steps<Errno> {
    const outcome = this.processor.issue(self, access, self);
    return this.ended(access, id, outcome === WAIT ? yield : outcome);
  }

  /** The same in the middle of something that does not wait: on the machine only, where no instruction does. */
  executeNow(cpu: Cpu, access: PciAccess, id: number): Errno {
    const outcome = this.processor.issue(cpu, access, NOBODY);
    assert(outcome !== WAIT, 'the machine answers PCI instructions at once');
    return this.ended(access, id, outcome);
  }

  *list(self: Process): Steps<readonly PciFunction[]> {
    const functions = yield* this.processor.list(self);
    this.service(EVENT.clp, CLP.LIST, 0, 0);
    return functions;
  }

  *setFunction(self: Process, handle: number, operation: number): Steps<ServiceAnswer> {
    const answer = yield* this.processor.setFunction(self, handle, operation);
    this.service(EVENT.clp, CLP.SET_FUNCTION, answer.response, 0);
    return answer;
  }

  *configure(self: Process, id: number, on: boolean): Steps<number> {
    const response = yield* this.processor.configure(self, id, on);
    this.service(EVENT['sclp.pci'], id, response, on ? 1 : 0);
    return response;
  }

  specificationsOf(id: number): number {
    return this.specifications[id] ?? 0;
  }

  private service(event: number, a: number, b: number, c: number): void {
    this.observer.emit(event, this.system, NONE, NONE, NONE, NONE, a, b, c);
  }

  private ended(access: PciAccess, id: number, outcome: PciOutcome): Errno {
    const { instruction, offset, length } = access;
    const interruption = interruptionOf(outcome);
    const cc = interruption === 0 ? conditionOf(outcome) : NONE;
    const { observer, system } = this;
    const place = instruction === 'mpcifc' ? access.control : offset;
    observer.emit(EVENT[instruction], system, NONE, NONE, NONE, cc, id, place, length);
    this.stores.count(access, id);
    if (outcome === PCI_OK) return E.OK;
    if (isLoad(instruction)) access.loaded = ALL_ONES;
    if (interruption === 0) return E.IO;
    if (interruption === PROGRAM_INTERRUPTION.SPECIFICATION)
      this.specifications[id] = this.specificationsOf(id) + 1;
    const event = EVENT['pci.program-check'];
    observer.emit(event, system, NONE, NONE, NONE, NONE, id, interruption, length);
    return E.NXIO;
  }
}

/** Nothing is posted to it. */
const NOBODY: Waiter = { kind: 0, target: 0, priority: 0 };
