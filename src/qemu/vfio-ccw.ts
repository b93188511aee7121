import { assert, SimulationDefect } from '../kernel/assert.ts';
import type { Process, Steps } from '../kernel/process.ts';
import type { SimTime } from '../kernel/time.ts';
import { E, type Errno } from '../linux/errno.ts';
import {
  ASYNC_COMMAND,
  CommandRegion,
  CrwRegion,
  DEVICE_FLAG,
  IoRegion,
  IRQ,
  type IrqIndex,
  type ReadableRegion,
  SchibRegion,
  type VfioCcwDevice,
  type WritableRegion,
} from '../linux/vfio/uapi.ts';
import { EVENT } from '../observe/event-table.ts';
import type { Observer } from '../observe/observer.ts';
import { clearIrb, copyExtendedStatus, copyOrb, copyScsw, copyTimes } from '../zarch/block-copy.ts';
import { NONE } from '../zarch/ids.ts';
import { Irb } from '../zarch/irb.ts';
import { DSTAT } from '../zarch/scsw.ts';
import type { ProgramResult } from './program-result.ts';
import type { QemuFeatures } from './qemu-features.ts';
import type { VirtualDevice, VirtualSubchannel } from './subchannel.ts';
import { storeVirtualStatus } from './subchannel-status.ts';
import { NO_REGIONS, type UsedRegions } from './vfio-regions.ts';

/** Properties of a `-device vfio-ccw`. */
export interface VfioCcwProperties {
  /** force-orb-pfch: the prefetch bit of every ORB is set. */
  readonly forcePrefetch: boolean;
}

/** What a passed-through device needs of the QEMU that it belongs to. */
export interface VfioSurroundings {
  readonly features: QemuFeatures;
  readonly observer: Observer;
  /** Number of the guest in records. */
  readonly system: number;
  /** A system call of QEMU, without what the kernel does for it, in nanoseconds. */
  readonly syscallNs: SimTime;
}

/**
 * QEMU's device for a subchannel of the host (hw/vfio/ccw.c): requests of the guest become writes of regions, and
 * regions are read for its status. What the guest sees is QEMU's own SCHIB.
 *
 *   SSCH, RSCH ─► I/O region      HSCH, CSCH ─► command region      STSCH ◄─ SCHIB region      reports ◄─ CRW region
 */
export class PassthroughDevice implements VirtualDevice {
  // SENSE ID is answered by the device itself, and the type of each path is the host's.
  readonly cuType = 0;
  readonly cuModel = 0;
  readonly pathType = 0;
  readonly passedThrough = true;
  readonly properties: VfioCcwProperties;
  /** The request that was accepted last, and the answer to it. */
  readonly io = new IoRegion();
  /** Which regions besides that one the kernel offers and this QEMU uses. */
  regions: UsedRegions = NO_REGIONS;
  private readonly around: VfioSurroundings;
  private readonly command = new CommandRegion();
  private readonly schib = new SchibRegion();
  private readonly crw = new CrwRegion();
  /** Extended status as the host's last interruption brought it. */
  private readonly extendedStatus = new Irb();
  private subchannel: VirtualSubchannel | null = null;
  private opened: VfioCcwDevice | null = null;

  constructor(properties: VfioCcwProperties, around: VfioSurroundings) {
    this.properties = properties;
    this.around = around;
  }

  get isAssigned(): boolean {
    return this.subchannel !== null;
  }

  /** The guest's subchannel. */
  get sch(): VirtualSubchannel {
    assert(this.subchannel !== null, 'a passed-through device has no subchannel before it is realized');
    return this.subchannel;
  }

  /** The host's device. */
  get host(): VfioCcwDevice {
    assert(this.opened !== null, 'a passed-through device is used while it is open');
    return this.opened;
  }

  get isOpen(): boolean {
    return this.opened?.isOpen === true;
  }

  /** The guest has been told that the device is gone, and keeps its subchannel (`device-gone.ts`). */
  get isDisconnected(): boolean {
    return this.sch.schib.pmcw.deviceNumberValid === 0;
  }

  /** Programs that do not allow prefetching are started as if they did. */
  get forcesPrefetch(): boolean {
    return this.properties.forcePrefetch && this.around.features.forcesPrefetch;
  }

  assigned(sch: VirtualSubchannel): void {
    this.subchannel = sch;
  }

  found(host: VfioCcwDevice): void {
    this.opened = host;
  }

  /** Commands are executed by the device of the host. */
  execute(): ProgramResult {
    throw new SimulationDefect('a program of a passed-through device is never interpreted');
  }

  /** The host's subchannel stays enabled. */
  disabled(): void {}

  reset(): void {}

  /** build_irb_passthrough. Before, status had the ESW of virtual devices. */
  storeExtendedStatus(sch: VirtualSubchannel, irb: Irb): void {
    if (!this.around.features.hostExtendedStatus) {
      storeVirtualStatus(sch, irb);
      copyTimes(this.extendedStatus, irb);
      return;
    }
    copyExtendedStatus(this.extendedStatus, irb);
    if (irb.concurrentSense === 1) irb.sense.set(sch.sense);
    else irb.sense.fill(0);
  }

  /**
   * SSCH and RSCH (vfio_ccw_handle_request), and where there is one region only HSCH and CSCH: the kernel does not tell
   * them apart but by the SCSW. All of the region is written, with zeros where status stood.
   */
  *request(self: Process): Steps<Errno> {
    const { io, sch } = this;
    if (this.forcesPrefetch && sch.orb.transportMode === 0) sch.orb.prefetch = 1;
    copyOrb(sch.orb, io.orb);
    copyScsw(sch.schib.scsw, io.scsw);
    clearIrb(io.irb);
    io.retCode = E.OK;
    return yield* this.write(self, io);
  }

  /** HSCH (vfio_ccw_handle_halt). */
  *halt(self: Process): Steps<Errno> {
    this.command.command = ASYNC_COMMAND.HSCH;
    return yield* this.write(self, this.command);
  }

  /** CSCH (vfio_ccw_handle_clear). */
  *clear(self: Process): Steps<Errno> {
    this.command.command = ASYNC_COMMAND.CSCH;
    return yield* this.write(self, this.command);
  }

  /** XSCH, where the host's kernel is asked for it (`cancel-policy.ts`). */
  *cancel(self: Process): Steps<Errno> {
    this.command.command = ASYNC_COMMAND.XSCH;
    return yield* this.write(self, this.command);
  }

  /** RSCH, where the host's kernel is asked for it (`resume-policy.ts`). */
  *resume(self: Process): Steps<Errno> {
    this.command.command = ASYNC_COMMAND.RSCH;
    return yield* this.write(self, this.command);
  }

  /**
   * What STSCH stores of the host's paths now (vfio_ccw_handle_store). Path installed, CHPIDs and everything else stay
   * as they were found at realize, and a region that cannot be read leaves the paths as they are, too.
   */
  *refreshPaths(self: Process): Steps {
    if (!this.regions.schib) return;
    if ((yield* this.read(self, this.schib)) !== E.OK) return;
    const { pmcw, scsw } = this.schib.schib;
    const mine = this.sch.schib;
    mine.pmcw.pnom = pmcw.pnom;
    mine.pmcw.lpum = pmcw.lpum;
    mine.pmcw.pam = pmcw.pam;
    mine.pmcw.pom = pmcw.pom;
    // It is only ever switched on here: other instructions and the host's next status take it away.
    mine.scsw.pathNotOperational |= scsw.pathNotOperational;
  }

  /** The next word of the region for channel reports; zero: there is none, or it cannot be read (vfio_ccw_crw_read). */
  *readReport(self: Process): Steps<number> {
    if (!this.regions.crw) return 0;
    return (yield* this.read(self, this.crw)) === E.OK ? this.crw.crw : 0;
  }

  /** Status of the host becomes the guest's, whatever the guest's was. */
  *fetchStatus(self: Process): Steps<Errno> {
    const rc = yield* this.read(self, this.io);
    if (rc !== E.OK) return rc;
    const { sch, io } = this;
    copyScsw(io.irb.scsw, sch.schib.scsw);
    copyExtendedStatus(io.irb, this.extendedStatus);
    if (bringsSense(io.irb) && sch.schib.pmcw.concurrentSense === 1) sch.sense.set(io.irb.sense);
    return E.OK;
  }

  /** Status of the host is taken out of the region, and the guest's stays what it was (`status-policy.ts`). */
  *dropStatus(self: Process): Steps {
    if ((yield* this.read(self, this.io)) !== E.OK) return;
    const { fctl, stctl } = this.io.irb.scsw;
    this.emit(EVENT['vmm.status-dropped'], fctl, stctl);
  }

  /** VFIO_DEVICE_GET_INFO: whether the host's subchannel is gone. */
  *isGone(self: Process): Steps<boolean> {
    yield* self.work(this.around.syscallNs);
    return (this.host.info.flags & DEVICE_FLAG.NOT_OPERATIONAL) !== 0;
  }

  /** VFIO_DEVICE_RESET; the guest's SCHIB is left alone. */
  *resetHost(self: Process): Steps<Errno> {
    self.charge(this.around.syscallNs);
    return yield* this.host.reset(self);
  }

  /** Realizing the device has come to an end. */
  realized(rc: Errno): void {
    this.emit(EVENT['vmm.realized'], rc, 0);
    const { command, schib, crw } = this.regions;
    if (command) this.emit(EVENT['vmm.region.command'], 0, 0);
    if (schib) this.emit(EVENT['vmm.region.schib'], 0, 0);
    if (crw) this.emit(EVENT['vmm.region.crw'], 0, 0);
  }

  /** The device has left the guest. */
  unplugged(): void {
    this.emit(EVENT['vmm.unplugged'], 0, 0);
  }

  /** A notification is being handled. */
  notified(irq: IrqIndex): void {
    this.emit(EVENT['vmm.notified'], irq, 0);
  }

  /** Takes the eventfds away and closes the device. */
  *close(self: Process): Steps {
    for (const irq of Object.values(IRQ)) {
      if (this.host.irqCount(irq) > 0) this.host.setTrigger(irq, null);
    }
    yield* this.host.close(self);
  }

  /** A write that finds the kernel busy is repeated until it is not. */
  private *write(self: Process, region: WritableRegion): Steps<Errno> {
    const { host, around } = this;
    for (;;) {
      self.charge(around.syscallNs);
      const rc = yield* host.write(self, region);
      this.emit(EVENT['vmm.pwrite'], region.index, rc);
      if (rc !== E.AGAIN) return rc;
      yield* self.settle();
    }
  }

  private *read(self: Process, region: ReadableRegion): Steps<Errno> {
    self.charge(this.around.syscallNs);
    const rc = yield* this.host.read(self, region);
    this.emit(EVENT['vmm.pread'], region.index, rc);
    return rc;
  }

  private emit(event: number, a: number, b: number): void {
    const { observer, system } = this.around;
    observer.emit(event, system, this.subchannel?.id ?? NONE, NONE, NONE, NONE, a, b, 0);
  }
}

const bringsSense = ({ scsw }: Irb): boolean => (scsw.dstat & DSTAT.UNIT_CHECK) !== 0;
