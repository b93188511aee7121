import {
  type AddressableChannelSubsystem,
  type InterruptController,
  IO_INSTRUCTIONS,
  type IoInstruction,
  type OperandRules,
  type Operands,
  type Outcome,
  type PendingInterruption,
  WAIT,
} from '../channel/channel-subsystem.ts';
import { PRIORITY } from '../kernel/priority.ts';
import type { Cpu, Process, Steps, Waiter } from '../kernel/process.ts';
import type { EventKind } from '../kernel/simulation.ts';
import type { SimTime } from '../kernel/time.ts';
import { GuestMemory } from '../linux/vfio/guest-memory.ts';
import { EVENT } from '../observe/event-table.ts';
import type { Observer } from '../observe/observer.ts';
import { NONE, type SubchannelId } from '../zarch/ids.ts';
import type { Storage, StoragePlace } from '../zarch/storage.ts';
import type { RelayMachine, VmmRelay, VmmRelayFactory } from './event-relay.ts';
import { executeExit } from './exit-handler.ts';
import { type LoopHost, type LoopJob, type LoopTimer, MainLoop } from './main-loop.ts';
import type { VirtualCssOptions } from './options.ts';
import { type PassthroughFunctionPolicies, QEMU_POLICIES } from './passthrough-policies.ts';
import { VcpuExit } from './vcpu-exit.ts';
import { PassthroughDevice, type VfioCcwProperties } from './vfio-ccw.ts';
import { VirtualChannelSubsystem } from './virtual-css.ts';

/** What a virtual machine costs, in nanoseconds (architecture reference H, kvm). */
export interface VirtualMachineCosts {
  /** From the guest to QEMU: the processor leaves the guest, and its thread the kernel. */
  readonly exitNs: SimTime;
  /** QEMU's own work for an exit, under its lock. */
  readonly interceptNs: SimTime;
  /** A system call of QEMU, without what the kernel does for it. */
  readonly syscallNs: SimTime;
  /** From the kernel's signal to the handler that asks for the lock. */
  readonly eventFdNs: SimTime;
}

export interface HostedOptions {
  readonly name: string;
  /** Number of the guest in records. */
  readonly system: number;
  readonly observer: Observer;
  readonly host: LoopHost;
  readonly css: VirtualCssOptions;
  readonly costs: VirtualMachineCosts;
  readonly relay: VmmRelayFactory;
  /** What is done for passed-through subchannels; what is left out is what QEMU does. */
  readonly policies?: Partial<PassthroughFunctionPolicies>;
  /** Where the guest's storage is in the host's; left out: nowhere, and its channel programs must come as a whole. */
  readonly storage?: StoragePlace;
}

const NUMBER = Object.fromEntries(IO_INSTRUCTIONS.map((name, number) => [name, number])) as Record<
  IoInstruction,
  number
>;

/**
 * The channel subsystem of a guest whose QEMU runs on a host. An instruction takes a CPU out of the guest, and is answered
 * when QEMU has had its lock and has done it:
 *
 *   issue ─► exit ─► lock ─┬─ emulated subchannel ─► VirtualChannelSubsystem ─────────────► condition code posted
 *                          └─ passed-through one ─► relay ─► regions of vfio-ccw ─► host ─┘
 *
 * Two things happen in the host's kernel without QEMU: TPI, and that TSCH takes the interruption away. While a CPU is out
 * of the guest, the guest's Linux is free to use it for something else, which a real one is not.
 */
export class HostedChannelSubsystem implements AddressableChannelSubsystem, RelayMachine {
  readonly css: VirtualChannelSubsystem;
  readonly loop: MainLoop;
  readonly relay: VmmRelay;
  readonly policies: PassthroughFunctionPolicies;
  readonly devices: PassthroughDevice[] = [];
  /** The guest's storage as the host's kernel knows it. */
  readonly memory = new GuestMemory();
  private readonly options: HostedOptions;
  private readonly spare: VcpuExit[] = [];
  private readonly exits: VcpuExit[] = [];
  private readonly exited: EventKind;
  private readonly woken: EventKind;
  private readonly notifiers: LoopJob[] = [];
  private readonly handleExit = (exit: VcpuExit, self: Process): Steps | null =>
    executeExit(this, exit, self);
  private readonly exitEnded = (exit: VcpuExit): void => this.answer(exit);

  constructor(options: HostedOptions) {
    const { name, host, observer, system, relay } = options;
    const { sim } = host;
    this.options = options;
    this.css = new VirtualChannelSubsystem(options.css, observer, system, options.storage);
    this.loop = new MainLoop(`${name}.qemu`, host);
    this.relay = relay(this);
    this.policies = { ...QEMU_POLICIES, ...options.policies };
    this.css.operandRules.transportMode = this.policies.transport !== 'qemu';
    this.exited = sim.defineEvent(`${name}.exit`, (at) => this.loop.submit(this.exits[at]));
    this.woken = sim.defineEvent(`${name}.eventfd`, (at) => this.loop.submit(this.notifiers[at]));
    this.memory.map(0, options.css.storageBytes, options.storage?.address ?? 0);
  }

  get interrupts(): InterruptController {
    return this.css.interrupts;
  }
  get storage(): Storage {
    return this.css.storage;
  }
  get operandRules(): OperandRules {
    return this.css.operandRules;
  }

  issue<I extends IoInstruction>(
    _cpu: Cpu,
    name: I,
    id: SubchannelId,
    operand: Operands[I],
    waiter: Waiter,
  ): Outcome {
    if (name === 'tpi') {
      const { iscMask, code } = operand as PendingInterruption;
      return this.interrupts.take(iscMask, code) ? 1 : 0;
    }
    if (this.loop.isOver) return WAIT;
    if (name === 'tsch') this.css.interrupts.tested(id);
    const { observer, system, host, costs } = this.options;
    observer.emit(EVENT['vcpu.exit'], system, NONE, NONE, NONE, NONE, NUMBER[name], 0, 0);
    const exit = this.spare.pop() ?? this.newExit();
    exit.name = name;
    exit.id = id;
    exit.operand = operand;
    exit.waiter = waiter;
    host.sim.post(costs.exitNs, PRIORITY.VMM, this.exited, exit.at, 0);
    return WAIT;
  }

  intercept(name: IoInstruction, register1: number): void {
    this.css.intercept(name, register1);
  }

  reportNotStored(): void {
    this.css.reportNotStored();
  }

  report(word: number): void {
    this.css.injectReport(word);
  }

  timer(expired: (self: Process) => Steps): LoopTimer {
    return this.loop.timer(expired);
  }

  /** A device of the command line; it has a subchannel when it is realized. */
  addDevice(properties: VfioCcwProperties): PassthroughDevice {
    const { observer, system, costs } = this.options;
    const { features } = this.css;
    return new PassthroughDevice(properties, { features, observer, system, syscallNs: costs.syscallNs });
  }

  /** The kernel has signalled an eventfd: its handler asks for the lock. */
  wakeFor(notifier: LoopJob): void {
    let at = this.notifiers.indexOf(notifier);
    if (at < 0) at = this.notifiers.push(notifier) - 1;
    const { host, costs } = this.options;
    host.sim.post(costs.eventFdNs, PRIORITY.VMM, this.woken, at, 0);
  }

  /** Takes a device from the guest and closes it; the guest is told by a report. */
  *unplug(self: Process, device: PassthroughDevice): Steps {
    this.css.unplug(device.sch);
    device.unplugged();
    const at = this.devices.indexOf(device);
    if (at >= 0) this.devices.splice(at, 1);
    const steps = this.relay.unplugged?.(self, device);
    if (steps !== undefined) yield* steps;
    yield* device.close(self);
  }

  /** Returns when every instruction that has left the guest by now is answered (pause_all_vcpus). */
  *drain(self: Process): Steps {
    yield* self.sleep(this.options.costs.exitNs);
    yield* this.loop.perform(self, function* () {});
  }

  /** Subsystem reset. Devices of the host are reset by their kernel, and keep their SCHIBs here. */
  *reset(self: Process): Steps {
    this.css.reset();
    for (const device of this.devices) yield* device.resetHost(self);
    const steps = this.relay.reset?.(self);
    if (steps !== undefined) yield* steps;
  }

  /**
   * The process is killed. Its processors are in the guest no more from their next exit on, and with its files closed
   * operations of passed-through devices are ended by the host. Timers of its Linux go on, and nothing that they
   * start gets out.
   */
  kill(): void {
    if (this.loop.isOver) return;
    const { observer, system } = this.options;
    observer.emit(EVENT['vmm.killed'], system, NONE, NONE, NONE, NONE, 0, 0, 0);
    this.quit();
  }

  /** The process ends, for whatever reason: the kernel closes its files. */
  quit(): void {
    this.loop.end((self) => this.closeFiles(self));
  }

  /** What the kernel does when the process ends. */
  *closeFiles(self: Process): Steps {
    for (const device of this.devices) yield* device.close(self);
    this.devices.length = 0;
  }

  private newExit(): VcpuExit {
    const { interceptNs } = this.options.costs;
    const exit = new VcpuExit(this.exits.length, interceptNs, this.handleExit, this.exitEnded);
    this.exits.push(exit);
    return exit;
  }

  private answer(exit: VcpuExit): void {
    const { kind, target, priority } = exit.waiter!;
    this.spare.push(exit);
    this.loop.sim.post(0, priority, kind, target, exit.cc);
  }
}
