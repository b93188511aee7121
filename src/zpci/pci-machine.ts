import type { MachineChannelSubsystem } from '../channel/image.ts';
import { PRIORITY } from '../kernel/priority.ts';
import type { EventKind, Simulation } from '../kernel/simulation.ts';
import type { SimTime } from '../kernel/time.ts';
import { EVENT } from '../observe/event-table.ts';
import type { Observer } from '../observe/observer.ts';
import { NO_PATH_EVENT, SEI_PCI_CONTENT } from '../zarch/chsc.ts';
import { Crw, ERC, RSC } from '../zarch/crw.ts';
import { NONE } from '../zarch/ids.ts';
import { AVAILABILITY, ERROR_EVENT } from '../zarch/pci.ts';
import { DataStores } from './access.ts';
import { ANSWER_NAMES, PlainDevice } from './device.ts';
import { FUNCTION_KINDS, type FunctionKindName } from './function-kinds.ts';
import { type FunctionState, isConfigured, isEnabledState } from './function-states.ts';
import { IsmDevice } from './ism-device.ts';
import { type MachineFunction, MachinePci, type PciCosts } from './machine-pci.ts';
import { PciFunction } from './pci-function.ts';

/** A function of the machine; its id is its position, counted from 1. */
export interface PciFunctionSpecification {
  readonly name: string;
  readonly type: FunctionKindName;
  readonly state: FunctionState;
  /** Partition whose function it is, and that hears of it; NONE: no one's. */
  readonly system: number;
}

export interface PciMachineOptions {
  readonly sim: Simulation;
  readonly observer: Observer;
  /** Channel-subsystem images by system. */
  readonly images: readonly MachineChannelSubsystem[];
  readonly functions: readonly PciFunctionSpecification[];
  readonly mio: boolean;
  readonly longestStore: number;
  /** From a change to the event information about it. */
  readonly detectNs: SimTime;
  readonly costs: PciCosts;
}

/** What the machine does to a function from outside, at the support element or because the hardware wants it. */
export type Configuring = 'configured' | 'standby' | 'reserved';

/** The PCI functions of a machine: what is done to them from outside, and what their partitions hear of it. */
export class PciMachine {
  readonly functions: readonly MachineFunction[];
  private readonly options: PciMachineOptions;
  private readonly told: EventKind;
  private readonly notices: { fn: PciFunction; code: number; handle: number; failingAddress: number }[] = [];

  constructor(options: PciMachineOptions) {
    this.options = options;
    this.functions = options.functions.map((specification, at) => this.create(specification, at));
    this.told = options.sim.defineEvent('machine.pci-event', (at) => this.tell(at));
  }

  function(id: number): MachineFunction {
    return this.functions[id - 1];
  }

  /** What executes the instructions of a partition for its functions; a guest's have no mapped addresses. */
  firmware(ids: readonly number[], mio: boolean): MachinePci {
    const rules = { mio: mio && this.options.mio, relaxedAlignment: true, longestStore: null };
    const { costs, observer } = this.options;
    return new MachinePci(
      ids.map((id) => this.function(id)),
      costs,
      rules,
      observer,
    );
  }

  get hasMio(): boolean {
    return this.options.mio;
  }

  /**
   * A function is configured, or taken away. Linux is asked to give back what it has (0303), and does it by SCLP, whereby
   * the function is on standby; or it is not asked (0304).
   */
  configure(id: number, to: Configuring, asked: boolean): void {
    const { fn, device } = this.function(id);
    const was = isConfigured(fn.state);
    if (to === 'configured') {
      fn.take('add');
      if (fn.take('configure')) this.report(fn, AVAILABILITY.CONFIGURED);
    } else if (was && asked && fn.system !== NONE) this.report(fn, AVAILABILITY.DECONFIGURATION_REQUESTED);
    else if (to === 'standby' && fn.state === 'reserved') {
      fn.take('add');
      this.report(fn, AVAILABILITY.STANDBY);
    } else if (fn.state !== to) {
      fn.take(to === 'standby' ? 'deconfigure' : 'remove');
      device.reset();
      this.report(fn, was ? AVAILABILITY.DECONFIGURED : AVAILABILITY.RESERVED);
    }
  }

  /**
   * An error event; but for those of the measurement block it takes the function out of use. Functions that nobody has
   * enabled do nothing that could fail.
   */
  fail(id: number, code: number, failingAddress: number): void {
    const { fn } = this.function(id);
    if (!isEnabledState(fn.state)) return;
    const isPermanent = (ERROR_EVENT.PERMANENT as readonly number[]).includes(code);
    const isHarmless = (ERROR_EVENT.MEASUREMENT as readonly number[]).includes(code);
    if (!isHarmless) fn.take(isPermanent ? 'break' : 'fail');
    this.report(fn, code, failingAddress);
  }

  private create({ name, type, state, system }: PciFunctionSpecification, at: number): MachineFunction {
    const { longestStore, observer } = this.options;
    const kind = FUNCTION_KINDS[type];
    const group = { longestStore, relaxedAlignment: kind.relaxedAlignment };
    const fn = new PciFunction({ name, id: at + 1, kind, group, state, index: at + 1, observer, system });
    const device = type === 'ism' ? new IsmDevice(longestStore) : new PlainDevice();
    const counts = { stores: new DataStores(), taken: new DataStores() };
    return { fn, device, ...counts, answers: ANSWER_NAMES.map(() => 0) };
  }

  /** The event carries the handle of the moment at which it happened. */
  private report(fn: PciFunction, code: number, failingAddress = NO_ADDRESS): void {
    if (fn.system === NONE) return;
    const at = this.notices.push({ fn, code, handle: fn.handle, failingAddress }) - 1;
    this.options.sim.post(this.options.detectNs, PRIORITY.MACHINE, this.told, at, 0);
  }

  private tell(at: number): void {
    const { fn, code, handle, failingAddress } = this.notices[at];
    const { observer, images } = this.options;
    observer.emit(EVENT['pci.event'], fn.system, NONE, NONE, NONE, NONE, fn.id, code, handle);
    const crw = new Crw();
    crw.rsc = RSC.CHANNEL_SUBSYSTEM;
    crw.erc = ERC.EVENT;
    const isError = failingAddress !== NO_ADDRESS;
    images[fn.system].reportEvent(
      {
        ...NO_PATH_EVENT,
        contentCode: isError ? SEI_PCI_CONTENT.ERROR : SEI_PCI_CONTENT.AVAILABILITY,
        pci: {
          functionHandle: handle,
          functionId: fn.id,
          code,
          error: 0,
          failingAddress: isError ? failingAddress : 0,
        },
      },
      crw,
    );
  }
}

/** Availability events have none; that of an error may well be zero. */
const NO_ADDRESS = -1;
