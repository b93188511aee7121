import type { InterruptibleProgram } from '../channel/channel-subsystem.ts';
import type { MachineChannelSubsystem } from '../channel/image.ts';
import { assert } from '../kernel/assert.ts';
import { type Process, type Processes, type Steps, WaitQueue } from '../kernel/process.ts';
import type { EventKind, Simulation } from '../kernel/simulation.ts';
import type { Station } from '../kernel/station.ts';
import { type Executor, IoInstructions } from '../linux/ioasm.ts';
import { LEVEL } from '../linux/levels.ts';
import { EVENT } from '../observe/event-table.ts';
import type { Observer } from '../observe/observer.ts';
import {
  CHSC,
  CHSC_RESPONSE,
  ChscBlock,
  type EventInformation,
  FACILITY_MULTIPLE_SUBCHANNEL_SETS,
  SEI_CONTENT,
} from '../zarch/chsc.ts';
import { Crw, RSC } from '../zarch/crw.ts';
import { NONE, type SubchannelId, subchannelId } from '../zarch/ids.ts';
import { Irb } from '../zarch/irb.ts';
import { ALL_PATHS, NO_PATHS, type PathMask, pathBit } from '../zarch/path-mask.ts';
import { type Pmcw, Schib } from '../zarch/schib.ts';
import type { ShownChannelPath } from './guest-chsc.ts';
import type { ControlProgramOptions } from './options.ts';
import { establishProgram } from './path-group.ts';
import { RealDevice } from './real-device.ts';
import { SHARED_CHPID, type VirtualDevice } from './virtual-device.ts';

export interface ControlProgramSurroundings {
  readonly sim: Simulation;
  readonly processes: Processes;
  readonly image: MachineChannelSubsystem;
  readonly observer: Observer;
  /** Number of the system in records, its name, and the priority of its events. */
  readonly system: number;
  readonly name: string;
  readonly priority: number;
  readonly cpus: Station;
  /** CP's path-group id, eleven bytes. */
  readonly pgid: Uint8Array;
}

/** Channel-path type of a virtual path: switched FICON. */
const FICON_SWITCHED = 0x1b;

/**
 * CP, the control program of z/VM, as far as channel paths are concerned. It owns the subchannels of its image; guests have
 * devices, and no paths:
 *
 *   I/O interruption ─► TSCH ─► real device ─► guest, or once more on another path
 *   machine check ─► STCRW until cc 1 ─► STSCH of each device on the path ─► SPID where it is new ─► nobody is told
 *
 * What z/VM does is known from its messages and control blocks, not from its source; costs and retries are assumptions.
 */
export class ControlProgram implements InterruptibleProgram {
  readonly options: ControlProgramOptions;
  readonly pgid: Uint8Array;
  private readonly around: ControlProgramSurroundings;
  private readonly io: IoInstructions;
  private readonly executor: Executor;
  private readonly ioKind: EventKind;
  private readonly checkKind: EventKind;
  private readonly irb = new Irb();
  /** Guests' devices by set and number, until CP has found the real ones. */
  private readonly dedicated = new Map<number, VirtualDevice>();
  private readonly devices: RealDevice[] = [];
  private readonly bySubchannel = new Map<SubchannelId, RealDevice>();
  private readonly settled: WaitQueue;
  private readonly reported: WaitQueue;
  private reportsPending = false;

  constructor(options: ControlProgramOptions, around: ControlProgramSurroundings) {
    const { sim, image, observer, system, name, cpus, priority } = around;
    this.options = options;
    this.pgid = around.pgid;
    this.around = around;
    this.io = new IoInstructions(image, observer, system);
    this.settled = new WaitQueue(sim);
    this.reported = new WaitQueue(sim);
    this.ioKind = sim.defineEvent(`${name}.interruption`, () => this.takeInterruption());
    this.checkKind = sim.defineEvent(`${name}.machine-check`, () => this.takeMachineCheck());
    this.executor = { charge: (costNs) => cpus.charge(costNs), kind: this.ioKind, target: 0, priority };
    image.interrupts.program = this;
  }

  /** A guest is to have the device; before `boot`. */
  dedicate(ssid: number, deviceNumber: number, device: VirtualDevice): void {
    this.dedicated.set(ssid * 0x10000 + deviceNumber, device);
  }

  /** Finds the dedicated devices, sets the path groups, and only then lets guests begin. */
  boot(onBooted: () => void): void {
    this.spawn('boot', (self) => this.bootSteps(self, onBooted));
    this.spawn('reports', (self) => this.reportSteps(self));
  }

  ioInterruptionPending(): void {
    this.around.cpus.submit(this.options.costs.interruptNs, LEVEL.INTERRUPT, this.ioKind, 0, 0);
  }

  machineCheckPending(): void {
    this.around.cpus.submit(this.options.costs.machineCheckNs, LEVEL.INTERRUPT, this.checkKind, 0, 0);
  }

  /** An instruction for an operation in progress; the machine answers at once. */
  signal(name: 'hsch' | 'csch' | 'xsch' | 'rsch', id: SubchannelId): number {
    const { done, value } = this.io[name](this.executor, id).next();
    assert(done === true, 'the machine answers at once');
    return value;
  }

  /** A guest has cost a device a path (message HCP1281I). */
  tookOffline(id: SubchannelId, path: PathMask): void {
    const { observer, system } = this.around;
    observer.emit(EVENT['path-group.offline'], system, id, NONE, path, NONE, 0, 0, 0);
  }

  /** Channel paths that guests may know of. */
  shownPaths(): readonly ShownChannelPath[] {
    if (this.options.show === 'one') return [{ chpid: SHARED_CHPID, type: FICON_SWITCHED }];
    const { channelPaths } = this.around.image;
    return channelPaths.map(({ chpid, generation }) => ({ chpid: chpid & 0xff, type: generation.typeCode }));
  }

  private spawn(name: string, body: (self: Process) => Steps): void {
    const { processes, priority, cpus } = this.around;
    processes.spawn(`${this.around.name}.${name}`, priority, cpus, LEVEL.THREAD, body);
  }

  private *bootSteps(self: Process, onBooted: () => void): Steps {
    const { interrupts } = this.around.image;
    const sets = yield* this.enableSets(self);
    interrupts.enable(0xff, true);
    for (let ssid = 0; ssid < sets; ssid++) yield* this.scan(self, ssid);
    for (const device of this.devices) device.pathsChanged(ALL_PATHS);
    yield* this.settled.until(self, () => this.devices.every(({ isSettled }) => isSettled));
    onBooted();
  }

  private *enableSets(self: Process): Steps<number> {
    const highest = Math.max(0, ...[...this.dedicated.keys()].map((key) => key >>> 16));
    if (highest === 0) return 1;
    const block = new ChscBlock();
    block.command = CHSC.ENABLE_FACILITY;
    block.operation = FACILITY_MULTIPLE_SUBCHANNEL_SETS;
    yield* this.io.chsc(self, block);
    return block.response === CHSC_RESPONSE.OK ? highest + 1 : 1;
  }

  /** Subchannels of a set are numbered without gaps. */
  private *scan(self: Process, ssid: number): Steps {
    const schib = new Schib();
    for (let number = 0; ; number++) {
      const id = subchannelId(0, ssid, number);
      if ((yield* this.io.stsch(self, id, schib)) !== 0) break;
      const user = this.dedicated.get(ssid * 0x10000 + schib.pmcw.deviceNumber);
      if (user !== undefined && schib.pmcw.deviceNumberValid === 1) yield* this.vary(self, id, user);
    }
    yield* self.settle();
  }

  /** Makes a subchannel ready: enabled, in multipath mode, with concurrent sense so that resets are recognized. */
  private *vary(self: Process, id: SubchannelId, user: VirtualDevice): Steps {
    const { io, executor, settled } = this;
    const establish = establishProgram(this.pgid);
    const device = new RealDevice(id, user, { io, executor, establish, settled: () => settled.wake() });
    yield* io.stsch(self, id, device.schib);
    const { pmcw } = device.schib;
    pmcw.enabled = 1;
    pmcw.multipath = 1;
    pmcw.concurrentSense = 1;
    yield* io.msch(self, id, device.schib);
    this.devices.push(device);
    this.bySubchannel.set(id, device);
    user.attach(device);
  }

  private takeInterruption(): void {
    const id = this.around.image.interrupts.takeIo();
    if (id === NONE) return;
    const { observer, system, image } = this.around;
    observer.emit(EVENT.interrupt, system, id, NONE, NONE, NONE, 0, 0, 0);
    const cc = image.issue(this.executor, 'tsch', id, this.irb, this.executor);
    this.io.tschDone(id, this.irb, cc);
    if (cc === 0) this.bySubchannel.get(id)?.interrupted(this.irb);
  }

  private takeMachineCheck(): void {
    const { observer, system, image } = this.around;
    if (!image.interrupts.takeMachineCheck()) return;
    observer.emit(EVENT['machine-check'], system, NONE, NONE, NONE, NONE, 0, 0, 0);
    this.reportsPending = true;
    this.reported.wake();
  }

  /** Reads reports whenever a machine check has come. */
  private *reportSteps(self: Process): Steps {
    const crw = new Crw();
    for (;;) {
      yield* this.reported.until(self, () => this.reportsPending);
      this.reportsPending = false;
      while ((yield* this.io.stcrw(self, crw)) === 0) yield* this.carryOut(self, crw);
      yield* self.settle();
    }
  }

  private *carryOut(self: Process, crw: Crw): Steps {
    if (crw.overflow === 1) yield* this.refresh(self, NONE);
    else if (crw.rsc === RSC.CHANNEL_PATH) yield* this.refresh(self, crw.rsid & 0xff);
    else if (crw.rsc === RSC.CHANNEL_SUBSYSTEM) yield* this.readEvents(self);
    else if (crw.rsc === RSC.SUBCHANNEL && crw.chained === 0) yield* this.refresh(self, NONE);
  }

  private *readEvents(self: Process): Steps {
    const block = new ChscBlock();
    for (;;) {
      block.command = CHSC.STORE_EVENT_INFORMATION;
      block.event = null;
      yield* this.io.chsc(self, block);
      const event = block.event as EventInformation | null;
      if (block.response !== CHSC_RESPONSE.OK || event === null) return;
      const { contentCode, overflow, rsid, more } = event;
      const isAboutPath =
        contentCode === SEI_CONTENT.RESOURCE_ACCESSIBILITY || contentCode === SEI_CONTENT.LINK_INCIDENT;
      if (overflow) yield* this.refresh(self, NONE);
      else if (isAboutPath) yield* this.refresh(self, rsid & 0xff);
      if (!more) return;
    }
  }

  /** One STSCH for each device that a channel path concerns, whoever has the device; `chpid` NONE: for every device. */
  private *refresh(self: Process, chpid: number): Steps {
    for (const device of this.devices) {
      const { pmcw } = device.schib;
      const paths = chpid === NONE ? NO_PATHS : pathsOn(pmcw, chpid);
      if (chpid !== NONE && paths === NO_PATHS) continue;
      const before = pmcw.pam;
      const cc = yield* this.io.stsch(self, device.id, device.schib);
      // A subchannel that is disabled has lost its device in between, even if there is one again.
      if (cc !== 0 || pmcw.deviceNumberValid === 0 || pmcw.enabled === 0) device.detach();
      else device.pathsChanged(paths | (pmcw.pam & ~before));
    }
  }
}

/** Paths of a subchannel that are on a CHPID. */
function pathsOn({ pim, chpids }: Pmcw, chpid: number): PathMask {
  let paths: PathMask = NO_PATHS;
  for (let index = 0; index < 8; index++) {
    if ((pim & pathBit(index)) !== 0 && chpids[index] === chpid) paths |= pathBit(index);
  }
  return paths;
}
