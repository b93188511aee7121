import type { ChannelSubsystem } from '../channel/channel-subsystem.ts';
import type { Process, Processes, Steps } from '../kernel/process.ts';
import type { EventKind, Simulation, TimerId } from '../kernel/simulation.ts';
import type { Station } from '../kernel/station.ts';
import type { SimTime } from '../kernel/time.ts';
import type { Observer } from '../observe/observer.ts';
import {
  CHSC,
  type Characteristics,
  type EventInformation,
  FACILITY_MULTIPLE_SUBCHANNEL_SETS,
} from '../zarch/chsc.ts';
import { decodeCrw } from '../zarch/crw.ts';
import { type Chpid, type DeviceNumber, NONE, type SubchannelId } from '../zarch/ids.ts';
import { Irb } from '../zarch/irb.ts';
import type { PathMask } from '../zarch/path-mask.ts';
import { Schib } from '../zarch/schib.ts';
import { CcwBus } from './ccw-bus.ts';
import type { CcwDevice, CcwDriver } from './ccw-driver.ts';
import { ChannelPaths, type ServiceProcessor } from './chp.ts';
import { simpleRequest } from './chsc.ts';
import { IO_SCH_ISC } from './cio.ts';
import type { ChannelMeasurement } from './cmf.ts';
import { ReportCollector } from './crw.ts';
import { SubchannelBus } from './css.ts';
import type { CioDevice } from './device.ts';
import { DEV_EVENT } from './device-state.ts';
import { E, type Errno } from './errno.ts';
import { FailBack } from './fail-back.ts';
import { Interruptions } from './interruption.ts';
import { IoInstructions } from './ioasm.ts';
import type { KernelFeatures } from './kernel-features.ts';
import { LEVEL } from './levels.ts';
import { LINUX_PATH_POLICIES, type PathPolicies } from './path-recovery.ts';
import { Recovery } from './recovery.ts';
import { setOffline, setOnline } from './set-online.ts';
import { VerificationLimiter } from './verification-limiter.ts';
import { WorkQueue } from './work-queue.ts';

export interface LinuxCosts {
  /** I/O interruption taken → its handler has the status. */
  readonly interruptNs: SimTime;
  /** Machine check pending → its handler. */
  readonly mcckToHandlerNs: SimTime;
  /** Machine-check handler → the channel-report thread runs. */
  readonly handlerToThreadNs: SimTime;
}

export interface LinuxOptions {
  readonly sim: Simulation;
  readonly processes: Processes;
  readonly css: ChannelSubsystem;
  readonly observer: Observer;
  /** Number of the system in records. */
  readonly system: number;
  readonly name: string;
  /** Priority of its events among those of the same time. */
  readonly priority: number;
  readonly cpus: Station;
  readonly kernel: KernelFeatures;
  readonly costs: LinuxCosts;
  /** Subchannel sets that are scanned when the machine lets them be enabled, 1 … 4. */
  readonly subchannelSets: number;
  /** False: it does not ask for more than one set, so that subchannel reports are never chained for it. */
  readonly multipleSets?: boolean;
  readonly drivers: readonly CcwDriver[];
  /** The system's own path-group id, eleven bytes. */
  readonly pgid: Uint8Array;
  /** Null under hypervisors that do not offer channel-path information. */
  readonly serviceProcessor?: ServiceProcessor | null;
  /** Devices that are set online as soon as their driver has them. */
  readonly autoOnline?: (device: CcwDevice) => boolean;
  /** SET INTERRUPTION CONTROLS, where the hypervisor offers PCI functions. */
  readonly setInterruptionControls?: (mode: number, isc: number) => void;
  /** Missing: those of Linux. */
  readonly pathPolicies?: PathPolicies;
}

/** Adapter interruptions of PCI functions: one at a time, and their subclass (zpci_irq_init). */
const SINGLE_INTERRUPTION = 1;
const PCI_ISC = 2;

/** One Linux: in a partition, as KVM host or as guest, on whatever channel subsystem it is given. */
export class LinuxSystem {
  readonly sim: Simulation;
  readonly observer: Observer;
  readonly system: number;
  readonly name: string;
  readonly priority: number;
  readonly cpus: Station;
  readonly features: KernelFeatures;
  readonly costs: LinuxCosts;
  readonly pgid: Uint8Array;
  readonly serviceProcessor: ServiceProcessor | null;

  readonly io: IoInstructions;
  readonly interruptions: Interruptions;
  readonly reports: ReportCollector;
  readonly css: SubchannelBus;
  readonly chps: ChannelPaths;
  readonly ccw: CcwBus;
  readonly recovery: Recovery;
  readonly pathPolicies: PathPolicies;
  /** Null: channel paths that come back are used at once. */
  readonly failBack: FailBack | null;
  /** Null: verifications run whenever somebody wants one. */
  readonly verifications: VerificationLimiter | null;
  /** Channel measurement, where it has been loaded. */
  measurement: ChannelMeasurement | null = null;
  /** Takes event information of notification type 2, where there is anybody who drives PCI functions. */
  pciEvents: ((self: Process, event: EventInformation) => Steps) | null = null;
  /** The work queue `cio`: everything that makes subchannels and devices come and go. */
  readonly cioQueue: WorkQueue;
  /** Other work in process context. */
  readonly systemQueue: WorkQueue;
  /** Lent to drivers with path events. */
  readonly pathEvents = new Uint8Array(8);
  /** Lent to drivers with errors that no status goes with. */
  readonly emptyIrb = new Irb();

  private readonly options: LinuxOptions;
  private readonly deviceTimeout: EventKind;
  private characteristics: Characteristics = { general: [], chsc: [] };
  private readonly schibs: Schib[] = [];

  constructor(options: LinuxOptions) {
    const { sim, name, priority, cpus } = options;
    this.options = options;
    this.sim = sim;
    this.observer = options.observer;
    this.system = options.system;
    this.name = name;
    this.priority = priority;
    this.cpus = cpus;
    this.features = options.kernel;
    this.costs = options.costs;
    this.pgid = options.pgid;
    this.serviceProcessor = options.serviceProcessor ?? null;
    this.io = new IoInstructions(options.css, options.observer, options.system);
    this.interruptions = new Interruptions(this, options.css.interrupts);
    this.reports = new ReportCollector(this);
    this.cioQueue = this.createQueue('cio');
    this.systemQueue = this.createQueue('events');
    this.css = new SubchannelBus(this);
    this.chps = new ChannelPaths(this);
    this.ccw = new CcwBus(this, options.drivers);
    this.pathPolicies = options.pathPolicies ?? LINUX_PATH_POLICIES;
    const { recovery, verificationLimit } = this.pathPolicies;
    this.recovery = new Recovery(this, recovery.delaysNs);
    this.failBack = recovery.failBack === null ? null : new FailBack(this, recovery.failBack);
    this.verifications = verificationLimit === null ? null : new VerificationLimiter(this, verificationLimit);
    this.deviceTimeout = sim.defineEvent(`${name}.device-timeout`, (index) =>
      this.interruptions.deviceEvent(this.ccw.devices[index], DEV_EVENT.TIMEOUT),
    );
  }

  /** Spawns the boot: characteristics, scan, recognition, drivers; `onBooted` is called when all that has settled. */
  boot(onBooted: () => void = () => {}): Process {
    return this.spawn('boot', (self) => this.bootSteps(self, onBooted));
  }

  /** Starts a thread of this system. */
  spawn(name: string, body: (self: Process) => Steps): Process {
    const { processes } = this.options;
    return processes.spawn(`${this.name}.${name}`, this.priority, this.cpus, LEVEL.THREAD, body);
  }

  /** create_singlethread_workqueue. */
  createQueue(name: string): WorkQueue {
    const { sim, priority, cpus } = this;
    const { processes } = this.options;
    return new WorkQueue({ sim, processes, priority, cpus, name: `${this.name}.${name}` });
  }

  /** A device by its number; `ssid` is the subchannel set that is part of its bus id. */
  device(deviceNumber: DeviceNumber, ssid = 0): CioDevice | undefined {
    return this.ccw.find(ssid, deviceNumber);
  }

  /** `force`: takes a boxed device away from the system that has reserved it. */
  *setOnline(self: Process, deviceNumber: DeviceNumber, ssid = 0, force = false): Steps<Errno> {
    const device = this.device(deviceNumber, ssid);
    return device === undefined ? E.NODEV : yield* setOnline(self, device, force);
  }

  *setOffline(self: Process, deviceNumber: DeviceNumber, ssid = 0): Steps<Errno> {
    const device = this.device(deviceNumber, ssid);
    return device === undefined ? E.NODEV : yield* setOffline(self, device);
  }

  varyChpid(self: Process, chpid: Chpid, on: boolean): Steps<Errno> {
    return this.chps.vary(self, chpid, on);
  }

  configureChpid(self: Process, chpid: Chpid, on: boolean): Steps<Errno> {
    return this.chps.configure(self, chpid, on);
  }

  /** Has all subchannels looked at, and returns when that has been done. */
  *rescan(self: Process): Steps<Errno> {
    this.css.scheduleEvaluationOfAll();
    yield* this.css.waitUntilEvaluated(self);
    yield* this.cioQueue.flush(self);
    return E.OK;
  }

  /** Has the collector find a report that the machine did not make (cio_inject.c:crw_inject); one at a time. */
  injectReport(word: number): Errno {
    if (!this.io.inject(decodeCrw(word))) return E.BUSY;
    this.reports.request(0);
    return E.OK;
  }

  /** `sch->lpm`, `sch->vpm` and `sch->opm` of a subchannel; null when it is not known. */
  pathMasks(schid: SubchannelId): { lpm: PathMask; vpm: PathMask; opm: PathMask } | null {
    const sch = this.css.lookup(schid);
    return sch === undefined ? null : { lpm: sch.lpm, vpm: sch.vpm, opm: sch.opm };
  }

  hasGeneral(bit: number): boolean {
    return this.characteristics.general.includes(bit);
  }

  hasChsc(bit: number): boolean {
    return this.characteristics.chsc.includes(bit);
  }

  emit(event: number, schid: SubchannelId, chpid: Chpid, a: number, b: number, c: number): void {
    this.observer.emit(event, this.system, schid, chpid, NONE, NONE, a, b, c);
  }

  /** A SCHIB for the time of one instruction; there are as many as instructions wait at the same time. */
  takeSchib(): Schib {
    return this.schibs.pop() ?? new Schib();
  }

  giveBackSchib(schib: Schib): void {
    this.schibs.push(schib);
  }

  defineDeviceTimer(index: number): TimerId {
    return this.sim.defineTimer(this.priority, this.deviceTimeout, index);
  }

  /** A driver has bound to a device. */
  deviceBound(device: CioDevice): void {
    if (this.options.autoOnline?.(device) !== true) return;
    this.schedule(`online-${device.deviceNumber.toString(16)}`, function* (self) {
      yield* setOnline(self, device);
    });
  }

  /** async_schedule: another thread does it as soon as it gets a CPU. */
  private schedule(name: string, body: (self: Process) => Steps): void {
    const { cpus } = this;
    this.spawn(name, function* (self) {
      cpus.submit(0, LEVEL.WOKEN, self.kind, self.target, 0);
      yield;
      yield* body(self);
    });
  }

  private *enableSets(self: Process): Steps {
    const { subchannelSets, multipleSets = true } = this.options;
    const enabled =
      multipleSets &&
      (yield* simpleRequest(this, self, CHSC.ENABLE_FACILITY, FACILITY_MULTIPLE_SUBCHANNEL_SETS)) !== null;
    this.css.enableSets(enabled ? subchannelSets : 1);
  }

  /** The order of initialization in the kernel (css.c:channel_subsystem_init, crw.c:crw_machine_check_init). */
  private *bootSteps(self: Process, onBooted: () => void): Steps {
    const { interrupts } = this.options.css;
    const isc = 0x80 >> IO_SCH_ISC;
    yield* simpleRequest(this, self, CHSC.STORE_DOMAIN_ATTRIBUTES, 0);
    const stored = yield* simpleRequest(this, self, CHSC.STORE_CHARACTERISTICS, 0);
    if (stored !== null) this.characteristics = stored.characteristics;
    yield* this.enableSets(self);
    yield* simpleRequest(this, self, CHSC.STORE_IMAGE_IDS, 0);
    interrupts.enable(isc, false);
    for (const chpid of this.serviceProcessor?.channelPaths() ?? []) yield* this.chps.register(self, chpid);
    yield* self.settle();

    this.css.scheduleEvaluationOfAll();
    this.options.setInterruptionControls?.(SINGLE_INTERRUPTION, PCI_ISC);
    yield* this.css.waitUntilEvaluated(self);
    yield* this.ccw.waitUntilRecognized(self);
    yield* this.cioQueue.flush(self);

    this.reports.start(this.options.processes);
    interrupts.enable(isc, true);
    yield* simpleRequest(this, self, CHSC.STORE_STORAGE_CLASS_MEMORY, 0);
    yield* self.settle();
    this.ccw.bindDrivers();
    onBooted();
  }
}
