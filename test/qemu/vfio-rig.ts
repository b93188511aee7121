import type { InterruptibleProgram, IoInstruction, Operands } from '../../src/channel/channel-subsystem.ts';
import { WAIT } from '../../src/channel/channel-subsystem.ts';
import { PRIORITY } from '../../src/kernel/priority.ts';
import { type Process, Processes, type Steps } from '../../src/kernel/process.ts';
import { Simulation } from '../../src/kernel/simulation.ts';
import { Station } from '../../src/kernel/station.ts';
import { NEVER } from '../../src/kernel/time.ts';
import { EVENT_NAMES } from '../../src/observe/event-table.ts';
import type { Observer } from '../../src/observe/observer.ts';
import { type BusId, VIRTUAL_CSSID } from '../../src/qemu/device-configuration.ts';
import { upstreamVmmRelay, type VmmRelayFactory } from '../../src/qemu/event-relay.ts';
import { HostedChannelSubsystem } from '../../src/qemu/hosted-css.ts';
import { RECORDED_QEMU } from '../../src/qemu/options.ts';
import type { PassthroughFunctionPolicies } from '../../src/qemu/passthrough-policies.ts';
import type { QemuRelease } from '../../src/qemu/qemu-features.ts';
import type { Refusal } from '../../src/qemu/refusals.ts';
import type { PassthroughDevice, VfioCcwProperties } from '../../src/qemu/vfio-ccw.ts';
import { assignSubchannel, realize } from '../../src/qemu/vfio-realize.ts';
import type { ChannelProgram } from '../../src/zarch/ccw.ts';
import { Crw, crwWord } from '../../src/zarch/crw.ts';
import { Irb } from '../../src/zarch/irb.ts';
import { Orb } from '../../src/zarch/orb.ts';
import { Schib } from '../../src/zarch/schib.ts';
import { FakeVfio } from './fake-vfio.ts';

const PATH_TYPE = 0x1b;
const PROGRAM: ChannelProgram = { ccws: [], length: 0 };

export interface VfioRigOptions {
  readonly release?: QemuRelease;
  readonly relay?: VmmRelayFactory;
  readonly properties?: Partial<VfioCcwProperties>;
  readonly policies?: Partial<PassthroughFunctionPolicies>;
}

/** A QEMU on a host of which only vfio-ccw is there, and a guest that executes one instruction at a time. */
export class VfioRig implements Observer, InterruptibleProgram {
  readonly sim = new Simulation();
  readonly vm: HostedChannelSubsystem;
  /** What all channel paths of the host know of transport mode. */
  transportLimit = 0;
  readonly schib = new Schib();
  readonly irb = new Irb();
  readonly crw = new Crw();
  /** Events of the virtual machine's border, as `name a b`. */
  readonly events: string[] = [];
  interruptions = 0;
  machineChecks = 0;
  private readonly processes = new Processes(this.sim);
  private readonly properties: VfioCcwProperties;

  constructor({
    release = '10.2',
    relay = upstreamVmmRelay,
    properties = {},
    policies = {},
  }: VfioRigOptions = {}) {
    this.properties = { forcePrefetch: false, ...properties };
    const cpus = new Station(this.sim, 'host.cpus', 2, PRIORITY.HOST);
    this.vm = new HostedChannelSubsystem({
      name: 'guest',
      system: 0,
      observer: this,
      host: { sim: this.sim, processes: this.processes, cpus },
      css: { ...RECORDED_QEMU, release, accelerator: 'kvm', littleEndianHost: false },
      costs: { exitNs: 2_000, interceptNs: 8_000, syscallNs: 1_000, eventFdNs: 10_000 },
      relay,
      policies,
    });
    this.vm.interrupts.program = this;
    this.vm.interrupts.enable(0xff, true);
  }

  emit(
    event: number,
    _system: number,
    _sch: number,
    _chpid: number,
    _lpm: number,
    _cc: number,
    a: number,
    b: number,
  ): void {
    const name = EVENT_NAMES[event];
    if (name.startsWith('vmm.')) this.events.push(`${name.slice(4)} ${a} ${b}`);
  }
  command(): void {}
  requestEnded(): void {}
  ioInterruptionPending(): void {
    this.interruptions++;
  }
  machineCheckPending(): void {
    this.machineChecks++;
    this.vm.interrupts.takeMachineCheck();
  }

  /** Realizes a device of the host; what is wrong with it, or null. */
  realize(host: FakeVfio, options: { hotplugged?: boolean; busId?: BusId | null } = {}): Refusal | null {
    const { hotplugged = false, busId = { cssid: VIRTUAL_CSSID, ssid: 0, deviceNumber: 0x1000 } } = options;
    const { vm } = this;
    const device = vm.addDevice(this.properties);
    const sch = assignSubchannel(vm, device, busId);
    if (typeof sch === 'string') return sch;
    let problem: Refusal | null = null;
    const paths = { type: () => PATH_TYPE, transportLimit: () => this.transportLimit };
    this.inLoop(function* (self) {
      problem = yield* realize(vm, self, device, host, { paths, hotplugged });
    });
    return problem;
  }

  /** Has QEMU do something under its lock. */
  inLoop(body: (self: Process) => Steps): void {
    this.vm.loop.submit({ costNs: 0, begin: body, ended() {} });
    this.settle();
  }

  get device(): PassthroughDevice {
    return this.vm.devices[0];
  }

  /** Lets everything happen that is under way. */
  settle(): void {
    this.sim.run(NEVER);
  }

  /** The condition code of an instruction, once QEMU has answered. */
  issue<I extends IoInstruction>(name: I, operand: Operands[I], id = 0): number {
    const { vm } = this;
    let answer = -1;
    this.processes.spawn('cpu', PRIORITY.GUEST, null, 0, function* (self) {
      const outcome = vm.issue(self, name, id, operand, self);
      answer = outcome === WAIT ? yield : outcome;
    });
    this.settle();
    return answer;
  }

  stsch(id = 0): number {
    return this.issue('stsch', this.schib, id);
  }
  tsch(id = 0): number {
    return this.issue('tsch', this.irb, id);
  }
  signal(name: 'hsch' | 'csch' | 'xsch' | 'rsch'): number {
    return this.issue(name, null);
  }
  ssch(orb: Partial<Orb> = {}): number {
    return this.issue(
      'ssch',
      Object.assign(new Orb(), { lpm: 0xc0, intparm: 0xdead, program: PROGRAM }, orb),
    );
  }

  enable(concurrentSense = 0): number {
    this.stsch();
    Object.assign(this.schib.pmcw, { enabled: 1, isc: 3, intparm: 0x17, concurrentSense });
    return this.issue('msch', this.schib);
  }

  /** Reports, fetched until there is none. */
  reportWords(): string[] {
    const words: string[] = [];
    while (this.issue('stcrw', this.crw) === 0) words.push(crwWord(this.crw).toString(16).padStart(8, '0'));
    return words;
  }

  /** The functions, activity and status of the guest's subchannel. */
  get control(): string {
    const { fctl, actl, stctl } = this.device.sch.schib.scsw;
    return [fctl, actl, stctl].map((bits) => bits.toString(16)).join('/');
  }
}

/** A rig with one device that works and is enabled; what led there is forgotten. */
export function enabledVfio(
  options: VfioRigOptions = {},
  host = new FakeVfio(),
): { rig: VfioRig; host: FakeVfio } {
  const rig = new VfioRig(options);
  const problem = rig.realize(host);
  if (problem !== null) throw new Error(problem);
  rig.enable();
  host.written.length = 0;
  rig.events.length = 0;
  return { rig, host };
}
