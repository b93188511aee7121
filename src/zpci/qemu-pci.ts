import { WAIT } from '../channel/channel-subsystem.ts';
import { assert } from '../kernel/assert.ts';
import { PRIORITY } from '../kernel/priority.ts';
import type { Cpu, Process, Steps, Waiter } from '../kernel/process.ts';
import type { EventKind, Simulation } from '../kernel/simulation.ts';
import type { SimTime } from '../kernel/time.ts';
import { E } from '../linux/errno.ts';
import { EVENT } from '../observe/event-table.ts';
import type { Observer } from '../observe/observer.ts';
import type { LoopJob, MainLoop } from '../qemu/main-loop.ts';
import { CLP_OPERATION, CLP_RESPONSE, SCLP_RESPONSE } from '../zarch/clp.ts';
import { NONE } from '../zarch/ids.ts';
import {
  CONFIGURATION_SPACE,
  isEnabledHandle,
  PCI_INSTRUCTIONS,
  PCI_OK,
  type PciOutcome,
  programInterruption,
} from '../zarch/pci.ts';
import { PROGRAM_INTERRUPTION } from '../zarch/program-interruption.ts';
import { DataStores, PciAccess } from './access.ts';
import { configureFunction, setFunction } from './clp.ts';
import { modifyFunctionControls } from './function-controls.ts';
import { checkInstruction, type InstructionRules } from './instruction-checks.ts';
import { qemuAccessBytes } from './io-chunks.ts';
import type { MachinePci } from './machine-pci.ts';
import type { PciFunction } from './pci-function.ts';
import type { PciPath } from './pci-paths.ts';
import type { PciProcessor, ServiceAnswer } from './processor.ts';
import type { QemuFunction } from './qemu-function.ts';

/** What leaving the guest costs, ns (architecture reference H, kvm). */
export interface QemuPciCosts {
  readonly exitNs: SimTime;
  readonly interceptNs: SimTime;
  readonly syscallNs: SimTime;
}

export interface QemuPciOptions {
  readonly name: string;
  readonly sim: Simulation;
  readonly loop: MainLoop;
  readonly observer: Observer;
  readonly system: number;
  readonly path: PciPath;
  readonly costs: QemuPciCosts;
  /** Resets a function of the host, as vfio-pci does for whoever has opened it. */
  readonly reset: (fn: PciFunction) => void;
  /** Executes instructions for functions that are interpreted. */
  readonly firmware: MachinePci;
}

/** Longest block store of functions that QEMU does not know better of (vfio_pci_zdev.c: ZPCI_MAX_WRITE_SIZE). */
const TOLD_BLOCK = 128;

/**
 * PCI instructions of a guest. Those for interpreted functions are the machine's; all others leave the guest, and QEMU
 * executes them under its lock (s390-pci-inst.c): CLP and SCLP always.
 *
 *   issue ─┬─ interpreted ─► firmware ─────────────────────────────────────────────► outcome at once
 *          └─ exit ─► lock ─► checks ─► write, write, … ─► driver of the host ─► … ─► outcome posted
 */
export class QemuPci implements PciProcessor {
  readonly functions: QemuFunction[] = [];
  /** Stores for which a CPU has left the guest, and writes of QEMU for them. */
  readonly exited = new DataStores();
  readonly writes = new DataStores();
  /** The last thing that a guest does with a function whose unplug was asked for. */
  onReleased: (released: QemuFunction) => void = () => {};
  private readonly options: QemuPciOptions;
  private loop: MainLoop;
  private readonly rules: InstructionRules;
  private readonly exits: PciExit[] = [];
  private readonly spare: PciExit[] = [];
  private readonly left: EventKind;
  private readonly carryOut = (exit: PciExit, self: Process): void => this.execute(exit, self);
  private readonly answer = (exit: PciExit): void => {
    const { kind, target, priority } = exit.waiter!;
    this.spare.push(exit);
    this.options.sim.post(0, priority, kind, target, exit.outcome);
  };
  private readonly transfer = { space: 0, offset: 0, length: 0, content: null as object | null };

  constructor(options: QemuPciOptions) {
    const { relaxed } = options.path;
    this.options = options;
    this.loop = options.loop;
    this.rules = {
      mio: false,
      relaxedAlignment: relaxed,
      longestStore: relaxed ? null : TOLD_BLOCK,
    };
    const { sim, name } = options;
    this.left = sim.defineEvent(`${name}.pci-exit`, (at) => this.loop.submit(this.exits[at]));
  }

  /** Whoever leaves the guest from now on asks for the lock of another QEMU. */
  moveTo(loop: MainLoop): void {
    this.loop = loop;
  }

  issue(cpu: Cpu, access: PciAccess, waiter: Waiter): PciOutcome | typeof WAIT {
    const { firmware, observer, system, costs, sim } = this.options;
    const target = this.find(access.handle);
    const isData = PCI_INSTRUCTIONS[access.instruction].does !== 'control';
    if (target?.interpreted === true && isData) return firmware.issue(cpu, access);
    const id = target?.fn.id ?? NONE;
    observer.emit(EVENT['vcpu.pci-exit'], system, NONE, NONE, NONE, NONE, id, 0, 0);
    this.exited.count(access, id);
    const exit = this.spare.pop() ?? this.newExit();
    exit.access = access;
    exit.waiter = waiter;
    sim.post(costs.exitNs, PRIORITY.VMM, this.left, exit.at, 0);
    return WAIT;
  }

  *list(self: Process): Steps<readonly PciFunction[]> {
    yield* this.service(self, () => {});
    return this.functions.map(({ fn }) => fn).filter(({ state }) => state !== 'reserved');
  }

  /**
   * A guest that disables a function has it reset in the host, where it gets another handle; one that is interpreted is read
   * anew each time that the guest enables the function.
   */
  *setFunction(self: Process, handle: number, operation: number): Steps<ServiceAnswer> {
    let answer: ServiceAnswer = { response: CLP_RESPONSE.INVALID_HANDLE, handle };
    yield* this.service(self, () => {
      const target = this.find(handle);
      const enables = operation === CLP_OPERATION.ENABLE;
      const isStale = target?.interpreted === true && !isEnabledHandle(target.host.fn.handle);
      if (target === undefined || (enables && isStale)) return;
      answer = setFunction(this.faces, handle, operation);
      if (answer.response !== CLP_RESPONSE.OK) return;
      if (!enables) this.options.reset(target.host.fn);
      if (!enables || !target.interpreted) return;
      target.fn.handle = target.host.fn.handle;
      answer = { ...answer, handle: target.fn.handle };
    });
    return answer;
  }

  *configure(self: Process, functionId: number, on: boolean): Steps<number> {
    let response: number = SCLP_RESPONSE.UNKNOWN_ADAPTER;
    yield* this.service(self, () => {
      response = configureFunction(this.faces, functionId, on);
      const target = this.functions.find(({ fn }) => fn.id === functionId);
      if (!on && target?.unplugRequested === true) this.onReleased(target);
    });
    return response;
  }

  private get faces(): PciFunction[] {
    return this.functions.map(({ fn }) => fn);
  }

  private find(handle: number): QemuFunction | undefined {
    for (const target of this.functions)
      if (target.fn.handle === handle && target.fn.state !== 'reserved') return target;
    return undefined;
  }

  /** Has QEMU do something about functions, under its lock. */
  private *service(self: Process, body: () => void): Steps {
    const { costs } = this.options;
    yield* self.sleep(costs.exitNs);
    yield* this.loop.perform(self, function* (qemu) {
      qemu.charge(costs.interceptNs);
      yield* qemu.settle();
      body();
    });
  }

  private execute(exit: PciExit, self: Process): void {
    const { access } = exit;
    const target = this.find(access.handle);
    exit.outcome = checkInstruction(access, target?.fn, this.rules);
    if (exit.outcome !== PCI_OK || target === undefined) return;
    switch (PCI_INSTRUCTIONS[access.instruction].does) {
      case 'control':
        exit.outcome = modifyFunctionControls(target.fn, access.control);
        break;
      case 'load':
        if (access.space !== CONFIGURATION_SPACE) access.loaded = this.read(self, target, access);
        break;
      case 'store':
        if (access.space === CONFIGURATION_SPACE) break;
        exit.outcome = this.write(self, target, access, 0, qemuAccessBytes(access.length));
        break;
      case 'block':
        exit.outcome = this.writeBlock(self, target, access);
        break;
      default:
    }
  }

  /** Doubleword after doubleword: a later one that fails leaves the earlier ones done. */
  private writeBlock(self: Process, target: QemuFunction, access: PciAccess): PciOutcome {
    const { length } = access;
    if (this.options.path.blocks === 'whole') return this.write(self, target, access, 0, length);
    for (let done = 0; done < length; done += DOUBLEWORD) {
      // With relaxed alignment there may be less than a doubleword at the end.
      const bytes = Math.min(DOUBLEWORD, length - done);
      const outcome = this.write(self, target, access, done, bytes);
      if (outcome !== PCI_OK) return outcome;
    }
    return PCI_OK;
  }

  private write(
    self: Process,
    { fn, host }: QemuFunction,
    access: PciAccess,
    done: number,
    bytes: number,
  ): PciOutcome {
    const { transfer } = this;
    const isWhole = bytes === access.length;
    this.writes.count(access, fn.id);
    this.prepare(self, access, done, bytes);
    transfer.content = isWhole ? access.content : null;
    this.emit(EVENT['vmm.pci-write'], fn.id, transfer.offset, bytes);
    return host.write(self, transfer) === E.OK ? PCI_OK : operand;
  }

  private read(self: Process, { fn, host }: QemuFunction, access: PciAccess): number {
    const bytes = qemuAccessBytes(access.length);
    this.prepare(self, access, 0, bytes);
    this.emit(EVENT['vmm.pci-read'], fn.id, access.offset, bytes);
    return host.read(self, this.transfer);
  }

  private prepare(self: Process, access: PciAccess, done: number, bytes: number): void {
    const { transfer, options } = this;
    transfer.space = access.space;
    transfer.offset = access.offset + done;
    transfer.length = bytes;
    self.charge(options.costs.syscallNs);
  }

  private emit(event: number, a: number, b: number, c: number): void {
    const { observer, system } = this.options;
    observer.emit(event, system, NONE, NONE, NONE, NONE, a, b, c);
  }

  private newExit(): PciExit {
    const exit = new PciExit(this.exits.length, this.options.costs.interceptNs, this.carryOut, this.answer);
    this.exits.push(exit);
    assert(this.exits.length <= MOST_EXITS, 'a guest has no more exits than processors and threads');
    return exit;
  }
}

const DOUBLEWORD = 8;
const MOST_EXITS = 1024;
const operand = programInterruption(PROGRAM_INTERRUPTION.OPERAND);

/** A CPU of the guest outside of it for a PCI instruction: it waits for the lock, and goes back with the outcome. */
class PciExit implements LoopJob {
  readonly at: number;
  readonly costNs: SimTime;
  access: PciAccess = new PciAccess();
  waiter: Waiter | null = null;
  outcome: PciOutcome = PCI_OK;
  private readonly carryOut: (exit: PciExit, self: Process) => void;
  private readonly returned: (exit: PciExit) => void;

  constructor(
    at: number,
    costNs: SimTime,
    carryOut: (exit: PciExit, self: Process) => void,
    returned: (exit: PciExit) => void,
  ) {
    this.at = at;
    this.costNs = costNs;
    this.carryOut = carryOut;
    this.returned = returned;
  }

  begin(self: Process): null {
    this.carryOut(this, self);
    return null;
  }

  ended(): void {
    this.returned(this);
  }
}
