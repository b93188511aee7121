import type { Cpu, Process, Steps } from '../kernel/process.ts';
import type { SimTime } from '../kernel/time.ts';
import { EVENT } from '../observe/event-table.ts';
import type { Observer } from '../observe/observer.ts';
import { CLP_RESPONSE } from '../zarch/clp.ts';
import { NONE } from '../zarch/ids.ts';
import { PCI_INSTRUCTIONS, PCI_OK, PCI_STATUS, type PciOutcome, pciError } from '../zarch/pci.ts';
import type { DataStores, PciAccess } from './access.ts';
import { byHandle, configureFunction, setFunction } from './clp.ts';
import { ANSWER, type Answer, type PciDevice } from './device.ts';
import { modifyFunctionControls } from './function-controls.ts';
import { checkInstruction, type InstructionRules, isStore } from './instruction-checks.ts';
import type { PciFunction } from './pci-function.ts';
import type { PciProcessor, ServiceAnswer } from './processor.ts';

/** What PCI instructions cost, ns (assumptions, see docs/decisions.md). */
export interface PciCosts {
  readonly loadNs: SimTime;
  readonly storeNs: SimTime;
  /** A block store, without its bytes. */
  readonly blockNs: SimTime;
  /** Bytes per second of a block store. */
  readonly bandwidth: number;
  readonly clpNs: SimTime;
  readonly sclpNs: SimTime;
}

/** A function of the machine with what is behind it. */
export interface MachineFunction {
  readonly fn: PciFunction;
  readonly device: PciDevice;
  /** Stores that have named it so far, whatever became of them, and those that the device has taken. */
  readonly stores: DataStores;
  readonly taken: DataStores;
  /** What has reached the device so far, and what it did about it: numbers by ANSWER. */
  readonly answers: number[];
}

/**
 * PCI instructions as the machine's firmware executes them, for a partition, or for a guest whose functions it interprets
 * (linux 9.2, QEMU reference 8.4). A store is at the device when the instruction ends; loads wait for the answer.
 */
export class MachinePci implements PciProcessor {
  private readonly functions: readonly MachineFunction[];
  private readonly faces: readonly PciFunction[];
  private readonly costs: PciCosts;
  private readonly rules: InstructionRules;
  private readonly observer: Observer;

  constructor(
    functions: readonly MachineFunction[],
    costs: PciCosts,
    rules: InstructionRules,
    observer: Observer,
  ) {
    this.functions = functions;
    this.faces = functions.map(({ fn }) => fn);
    this.costs = costs;
    this.rules = rules;
    this.observer = observer;
  }

  issue(cpu: Cpu, access: PciAccess): PciOutcome {
    const target = this.find(access.handle);
    cpu.charge(this.costOf(access));
    const { does, mio } = PCI_INSTRUCTIONS[access.instruction];
    const outcome = checkInstruction(access, target?.fn, this.rules);
    if (target === undefined) return outcome;
    target.stores.count(access, target.fn.id);
    if (outcome !== PCI_OK) {
      if (mio && isStore(access.instruction) && !target.fn.kind.mioCapable)
        this.answered(target, access, ANSWER.MIO);
      return outcome;
    }
    if (does === 'control') return modifyFunctionControls(target.fn, access.control);
    return does === 'barrier' ? PCI_OK : this.reach(target, access, does === 'load');
  }

  *list(self: Process): Steps<readonly PciFunction[]> {
    self.charge(this.costs.clpNs);
    yield* self.settle();
    return this.known;
  }

  *setFunction(self: Process, handle: number, operation: number): Steps<ServiceAnswer> {
    self.charge(this.costs.clpNs);
    const answer = this.changeFunction(handle, operation);
    yield* self.settle();
    return answer;
  }

  *configure(self: Process, functionId: number, on: boolean): Steps<number> {
    self.charge(this.costs.sclpNs);
    const response = configureFunction(this.faces, functionId, on);
    yield* self.settle();
    return response;
  }

  /** The functions that the system is shown. */
  get known(): readonly PciFunction[] {
    return this.faces.filter(({ state }) => state !== 'reserved');
  }

  /** SET PCI FN, as it takes effect; what is refused leaves the device as it is. */
  changeFunction(handle: number, operation: number): ServiceAnswer {
    const answer = setFunction(this.faces, handle, operation);
    if (answer.response !== CLP_RESPONSE.OK) return answer;
    const fn = byHandle(this.faces, answer.handle);
    this.functions.find((other) => other.fn === fn)?.device.reset();
    return answer;
  }

  /** What the device refuses comes back as an error of the function's own. */
  private reach(target: MachineFunction, access: PciAccess, load: boolean): PciOutcome {
    const answer = load ? target.device.load(access) : target.device.store(access);
    if (!load) this.answered(target, access, answer);
    return answer === ANSWER.TAKEN ? PCI_OK : pciError(PCI_STATUS.FUNCTION_NOT_AVAILABLE);
  }

  /** What became of a store. */
  private answered({ fn, answers, taken }: MachineFunction, access: PciAccess, answer: Answer): void {
    const { offset, length } = access;
    answers[answer]++;
    if (answer === ANSWER.TAKEN) taken.count(access, fn.id);
    const event = answer === ANSWER.TAKEN ? EVENT['pci.store'] : EVENT['pci.refused'];
    const middle = answer === ANSWER.TAKEN ? offset : answer;
    this.observer.emit(event, fn.system, NONE, NONE, NONE, NONE, fn.id, middle, length);
  }

  /** Without a closure: stores are made by the thousand. */
  private find(handle: number): MachineFunction | undefined {
    for (const target of this.functions) if (target.fn.handle === handle) return target;
    return undefined;
  }

  private costOf({ instruction, length }: PciAccess): SimTime {
    const { loadNs, storeNs, blockNs, bandwidth } = this.costs;
    switch (PCI_INSTRUCTIONS[instruction].does) {
      case 'load':
        return loadNs;
      case 'block':
        return blockNs + Math.ceil((length * 1e9) / bandwidth);
      default:
        return storeNs;
    }
  }
}
