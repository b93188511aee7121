import type { Process, Steps } from '../../kernel/process.ts';
import { EVENT } from '../../observe/event-table.ts';
import { type DeviceNumber, NONE, type SubchannelId } from '../../zarch/ids.ts';
import { Irb } from '../../zarch/irb.ts';
import type { PathMask } from '../../zarch/path-mask.ts';
import { disableSubchannel } from '../cio.ts';
import { E, type Errno } from '../errno.ts';
import type { LinuxSystem } from '../linux-system.ts';
import type { PathLink, Subchannel } from '../subchannel.ts';
import type { ChpEvent, SubchannelDriver } from '../subchannel-driver.ts';
import { Work } from '../work-queue.ts';
import { Completion } from './completion.ts';
import type { VfioCcwDriver } from './driver.ts';
import type { EventFd } from './event-fd.ts';
import type { KernelRelay, RelayedDevice } from './event-relay.ts';
import { fsmTable, keepingGoneDevices, VFIO_EVENT, VFIO_STATE, type VfioState } from './fsm.ts';
import type { GuestMemory, PinningDevice } from './guest-memory.ts';
import { presentPathEvent, presentStatus } from './interruption-work.ts';
import { IoMutex } from './io-mutex.ts';
import { restart } from './lifecycle.ts';
import { ToldPaths } from './modified-paths.ts';
import { channelPathEvent, subchannelEvent } from './path-events.ts';
import type { HostPathGroup } from './path-group.ts';
import { probe, remove } from './probe.ts';
import { copyStatus, readRegion, writeRegion } from './region-access.ts';
import { ONLY_IO, offeredRegions, regionInfo } from './region-info.ts';
import { ReportList } from './report-list.ts';
import { actionFor, fsmEvent } from './state-machine.ts';
import { TranslatedProgram } from './translated-program.ts';
import {
  CommandRegion,
  DEVICE_FLAG,
  type DeviceInfo,
  IoRegion,
  IRQ,
  type IrqIndex,
  REGION,
  type ReadableRegion,
  type RegionIndex,
  type RegionInfo,
  type VfioCcwDevice,
  type WritableRegion,
} from './uapi.ts';

/** Who a trigger tells, by interrupt index: nobody unless set. */
type Triggers = Record<IrqIndex, EventFd | null>;

const SIGNALLED: Readonly<Record<IrqIndex, number>> = {
  [IRQ.IO]: EVENT['eventfd.io'],
  [IRQ.CRW]: EVENT['eventfd.path'],
  [IRQ.REQ]: EVENT['eventfd.request'],
  [IRQ.OPER]: EVENT['eventfd.oper'],
};

const OFFERED = {
  [REGION.COMMAND]: EVENT['region.command'],
  [REGION.SCHIB]: EVENT['region.schib'],
  [REGION.CRW]: EVENT['region.crw'],
};

/**
 * A subchannel that vfio-ccw drives (`struct vfio_ccw_private`): its driver towards the common I/O layer, and the device
 * that user space opens.
 *
 *   write ─► state machine ─► translation ─► SSCH
 *   interruption ─► state machine ─► work queue ─► I/O region, eventfd
 *   channel-path event ─► masks, stop ─► relay ─► work queue ─► eventfd
 */
export class VfioDevice implements SubchannelDriver, VfioCcwDevice, RelayedDevice, PinningDevice {
  readonly name = 'vfio_ccw';
  readonly linux: LinuxSystem;
  readonly driver: VfioCcwDriver;
  readonly sch: Subchannel;
  readonly table;
  state: VfioState = VFIO_STATE.STANDBY;
  /** Of the mediated device; null while there is none. */
  relay: KernelRelay | null = null;
  /** Name of the mediated device, where its creator has given one. */
  uuid: string | null = null;
  /** Of the process that has the device open; null while it is closed. */
  memory: GuestMemory | null = null;
  /** What user space knows of the paths. */
  readonly told = new ToldPaths();
  /** The regions as the kernel has them. */
  readonly io = new IoRegion();
  readonly command = new CommandRegion();
  /** Status stands in the I/O region that user space has not read. */
  statusUnread = false;
  /** The regions that are offered now; their order gives the indexes that user space sees. */
  regions: readonly RegionIndex[] = ONLY_IO;
  readonly mutex = new IoMutex();
  /** Status of the interruption taken last: a second one before the work is done takes the place of the first. */
  readonly irb = new Irb();
  readonly program: TranslatedProgram;
  /** Programs that the subchannel has accepted, and how many it had when the interruption taken last came. */
  starts = 0;
  startsAtInterruption = 0;
  readonly reports: ReportList;
  /** The host's part in the path group; null: the group is the guest's. */
  readonly group: HostPathGroup | null;
  /** An interruption came while the subchannel is being quiesced. */
  readonly quiesced: Completion;
  /** User space has closed the device. */
  readonly released: Completion;
  private readonly statusWork = new Work((self) => presentStatus(self, this));
  private readonly pathWork = new Work((self) => presentPathEvent(self, this));
  private readonly triggers: Triggers = [null, null, null, null];

  constructor(driver: VfioCcwDriver, sch: Subchannel, ordinal: number) {
    const { linux } = driver;
    const { features } = linux;
    this.linux = linux;
    this.driver = driver;
    this.sch = sch;
    const table = fsmTable(features, driver.regions);
    this.table = driver.gone === 'disconnected' ? keepingGoneDevices(table) : table;
    this.program = new TranslatedProgram(features, driver.arena(ordinal));
    this.reports = new ReportList(features.vfioReportsLocked, driver.costs.listStepNs);
    this.group = driver.pathGroup(this);
    this.quiesced = new Completion(linux.sim);
    this.released = new Completion(linux.sim);
  }

  get subchannel(): SubchannelId {
    return this.sch.schid;
  }
  get deviceNumber(): DeviceNumber {
    return this.sch.schib.pmcw.deviceNumber;
  }
  get chpids(): Uint8Array {
    return this.sch.schib.pmcw.chpids;
  }
  get pim(): PathMask {
    return this.sch.schib.pmcw.pim;
  }
  get pam(): PathMask {
    return this.sch.schib.pmcw.pam;
  }
  get pom(): PathMask {
    return this.sch.schib.pmcw.pom;
  }
  get isOpen(): boolean {
    return this.memory !== null;
  }
  get isOperational(): boolean {
    return this.state !== VFIO_STATE.NOT_OPER && !this.isDisconnected;
  }
  /** The subchannel is gone, and the device is kept. */
  get isDisconnected(): boolean {
    return this.state === VFIO_STATE.DISCONNECTED;
  }

  // What user space asks for.

  get info(): DeviceInfo {
    const flags =
      DEVICE_FLAG.CCW | DEVICE_FLAG.RESET | (this.isDisconnected ? DEVICE_FLAG.NOT_OPERATIONAL : 0);
    const irqs = Object.values(IRQ).filter((irq) => this.offersInterrupt(irq)).length;
    return { flags, regions: this.regions.length, irqs };
  }

  regionInfo(index: number): RegionInfo | null {
    return regionInfo(this.regions, index);
  }

  irqCount(irq: number): number {
    return this.offersInterrupt(irq) ? 1 : E.INVAL;
  }

  setTrigger(irq: number, eventFd: EventFd | null): Errno {
    if (this.irqCount(irq) < 0) return E.INVAL;
    this.triggers[irq as IrqIndex] = eventFd;
    return E.OK;
  }

  *open(self: Process, memory: GuestMemory): Steps<Errno> {
    if (this.relay === null) return E.NODEV;
    // A group of the IOMMU has one user.
    if (this.isOpen) return E.BUSY;
    if (!this.isOperational) return E.INVAL;
    this.memory = memory;
    this.told.update(this);
    this.regions = offeredRegions(this.linux.features, this.relay, this.driver.regions);
    this.statusUnread = false;
    for (const region of this.regions) this.offers(region);
    memory.attach(this);
    if (this.linux.features.vfioOpenClose) yield* fsmEvent(self, this, VFIO_EVENT.OPEN);
    if (!this.isOperational) {
      this.letGo();
      return E.INVAL;
    }
    if (this.group !== null) yield* this.group.opened(self);
    return E.OK;
  }

  *close(self: Process): Steps {
    if (this.linux.features.vfioOpenClose) yield* fsmEvent(self, this, VFIO_EVENT.CLOSE);
    else if (this.isOperational && this.state !== VFIO_STATE.STANDBY) {
      if ((yield* restart(self, this)) === E.OK) this.state = VFIO_STATE.STANDBY;
    }
    this.group?.deviceChanged();
    this.program.free();
    this.letGo();
    this.released.complete();
  }

  *reset(self: Process): Steps<Errno> {
    if (!this.linux.features.vfioOpenClose) return yield* restart(self, this);
    yield* fsmEvent(self, this, VFIO_EVENT.CLOSE);
    yield* fsmEvent(self, this, VFIO_EVENT.OPEN);
    return this.isOperational ? E.OK : E.INVAL;
  }

  write(self: Process, region: WritableRegion): Steps<Errno> {
    return writeRegion(self, this, region);
  }

  read(self: Process, region: ReadableRegion): Steps<Errno> {
    return readRegion(self, this, region);
  }

  // What the common I/O layer has.

  probe(_linux: LinuxSystem, self: Process): Steps<Errno> {
    return probe(self, this);
  }

  remove(_linux: LinuxSystem, self: Process): Steps {
    return remove(self, this);
  }

  interruption(_sch: Subchannel, irb: Irb): void {
    if (actionFor(this, VFIO_EVENT.INTERRUPT) !== 'irq') {
      this.disableAgain();
      return;
    }
    if (this.group?.takes(irb) !== true) {
      copyStatus(irb, this.irb);
      this.startsAtInterruption = this.starts;
      this.driver.queue.queue(this.statusWork);
    }
    this.quiesced.complete();
  }

  /** Status stands in `irb` that no interruption has brought, for a program that the subchannel was not given. */
  answered(): void {
    this.starts++;
    this.startsAtInterruption = this.starts;
    this.state = VFIO_STATE.CP_PENDING;
    this.driver.queue.queue(this.statusWork);
  }

  subchannelEvent(_linux: LinuxSystem, self: Process): Steps<Errno> {
    return subchannelEvent(self, this);
  }

  channelPathEvent(
    _linux: LinuxSystem,
    self: Process,
    _sch: Subchannel,
    link: PathLink,
    event: ChpEvent,
  ): Steps<Errno> {
    return channelPathEvent(self, this, link, event);
  }

  // What a relay does.

  *queueReport(self: Process, word: number): Steps {
    if (!this.takeStorage(word)) return;
    yield* this.reports.add(self, word);
    this.notify();
  }

  hasRoom(word: number, waiting: number): boolean {
    const found = this.driver.reportStorage.hasRoom(waiting);
    if (!found) this.linux.emit(EVENT['vfio_ccw.crw-lost'], this.subchannel, NONE, word, 0, 0);
    return found;
  }

  takeStorage(word: number): boolean {
    const found = this.driver.reportStorage.take();
    const event = found ? EVENT['vfio_ccw.crw'] : EVENT['vfio_ccw.crw-lost'];
    this.linux.emit(event, this.subchannel, NONE, word, 0, 0);
    return found;
  }

  giveBackStorage(): void {
    this.driver.reportStorage.giveBack();
  }

  notify(): void {
    this.driver.queue.queue(this.pathWork);
  }

  // What has been pinned for the program in progress.

  hasPinned(iova: number, bytes: number): boolean {
    return this.program.hasPinned(iova, bytes);
  }

  *unmapped(self: Process): Steps {
    yield* this.reset(self);
  }

  /** Signals the eventfd of an interrupt, if it has one. */
  signal(irq: IrqIndex): void {
    const trigger = this.triggers[irq];
    if (trigger === null) return;
    this.linux.emit(SIGNALLED[irq], this.subchannel, NONE, 0, 0, 0);
    trigger.signal();
  }

  private offersInterrupt(irq: number): boolean {
    const { vfioPathEvents, vfioRequest } = this.linux.features;
    switch (irq) {
      case IRQ.IO:
        return true;
      case IRQ.CRW:
        return vfioPathEvents;
      case IRQ.REQ:
        return vfioRequest;
      case IRQ.OPER:
        return this.driver.gone === 'disconnected';
      default:
        return false;
    }
  }

  private offers(region: RegionIndex): void {
    if (region !== REGION.IO) this.linux.emit(OFFERED[region], this.subchannel, NONE, 0, 0, 0);
  }

  /** fsm_disabled_irq: a subchannel that should be disabled has interrupted. */
  private disableAgain(): void {
    const { linux, sch } = this;
    linux.interruptions.begin(function* (self) {
      yield* sch.lock.acquire(self);
      const rc = yield* disableSubchannel(linux, self, sch);
      sch.lock.release(linux.sim);
      return rc;
    });
  }

  private letGo(): void {
    this.memory?.detach(this);
    this.memory = null;
    this.regions = ONLY_IO;
  }
}
