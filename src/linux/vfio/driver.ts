import type { Process, Steps } from '../../kernel/process.ts';
import { EVENT } from '../../observe/event-table.ts';
import { NONE, type SubchannelId } from '../../zarch/ids.ts';
import { E, type Errno } from '../errno.ts';
import type { LinuxSystem } from '../linux-system.ts';
import type { Subchannel } from '../subchannel.ts';
import type { WorkQueue } from '../work-queue.ts';
import { VfioDevice } from './device.ts';
import type { KernelRelay } from './event-relay.ts';
import { VFIO_STATE } from './fsm.ts';
import type { GonePolicy } from './gone-policy.ts';
import type { GuestMemory } from './guest-memory.ts';
import type { HostVaryPolicy } from './host-vary.ts';
import { KernelArena } from './kernel-arena.ts';
import type { ModifiedPolicy } from './modified-paths.ts';
import type { VfioCosts, VfioOptions } from './options.ts';
import { HostPathGroup } from './path-group.ts';
import { removeMediated } from './probe.ts';
import type { RegionLayout } from './region-layout.ts';
import { ReportStorage } from './report-storage.ts';

/**
 * The module vfio_ccw of one system: its devices, and the one thread that does the work of all of them. What an
 * administrator does until a subchannel can be passed through, in this order:
 *
 *   unbind io_subchannel ─► bind vfio_ccw ─► create a mediated device ─► user space opens it
 */
export class VfioCcwDriver {
  readonly linux: LinuxSystem;
  readonly costs: VfioCosts;
  readonly hostVary: HostVaryPolicy;
  readonly modified: ModifiedPolicy;
  readonly regions: RegionLayout;
  readonly gone: GonePolicy;
  /** Whether RESUME SUBCHANNEL is a command, for which suspended programs are kept. */
  readonly resumes: boolean;
  /** Whether programs in transport mode are translated. */
  readonly transportMode: boolean;
  /** The queue `vfio-ccw`: status of interruptions and channel-path events of all devices, in their order. */
  readonly queue: WorkQueue;
  readonly reportStorage = new ReportStorage();
  private readonly options: VfioOptions;
  /** In the order in which they were bound. */
  private readonly devices: VfioDevice[] = [];
  private bound = 0;

  constructor(linux: LinuxSystem, options: VfioOptions) {
    this.linux = linux;
    this.options = options;
    this.costs = options.costs;
    this.hostVary = options.hostVary ?? 'none';
    this.modified = options.modified ?? 'silent';
    this.regions = options.regions ?? 'separate';
    this.gone = options.gone ?? 'unplug';
    this.resumes = options.resumes ?? false;
    this.transportMode = options.transportMode ?? false;
    this.queue = linux.createQueue('vfio-ccw');
  }

  device(schid: SubchannelId): VfioDevice | undefined {
    return this.devices.find((device) => device.subchannel === schid);
  }

  /**
   * Has subchannels that are found from now on bound to this driver at once (`driver_override`). It has not had the masks
   * of the driver of I/O subchannels then: `sch->opm` and `sch->lpm` stay zero.
   */
  override(wanted: (sch: Subchannel) => boolean): void {
    this.linux.css.driverOverride = (sch) => (wanted(sch) ? this.create(sch) : null);
  }

  /** Binds to a subchannel: −EBUSY while another driver has it, −ENODEV when it is not one for vfio-ccw. */
  *bind(self: Process, schid: SubchannelId): Steps<Errno> {
    const sch = this.linux.css.lookup(schid);
    if (sch === undefined) return E.NODEV;
    const rc = yield* this.linux.css.bind(self, sch, this.create(sch));
    if (rc !== E.OK) this.linux.emit(EVENT['vfio_ccw.bind-refused'], schid, NONE, sch.type, rc, 0);
    return rc;
  }

  /** Lets go of a subchannel. Returns when user space has closed its device. */
  *unbind(self: Process, schid: SubchannelId): Steps<Errno> {
    const device = this.device(schid);
    return device === undefined ? E.NODEV : yield* this.linux.css.unbind(self, device.sch);
  }

  /**
   * Creates the mediated device, of which a subchannel has at most one: a second one is refused with −EUSERS, by older
   * kernels with −EPERM. `relay` is the kernel half of what relays path events to the user that it is made for; `uuid` names
   * the device, and must be one that no other has (mdev_sysfs.c:create_store, mdev_core.c:mdev_device_create).
   */
  createMediated(schid: SubchannelId, relay: KernelRelay, uuid: string | null = null): Errno {
    if (uuid !== null && !UUID.test(uuid)) return E.INVAL;
    if (uuid !== null && this.devices.some((other) => isNamed(other, uuid))) return E.EXIST;
    const device = this.device(schid);
    if (device === undefined || !device.isOperational) return E.NODEV;
    const { vfioOpenClose } = this.linux.features;
    if (device.relay !== null) return vfioOpenClose ? E.USERS : E.PERM;
    device.relay = relay;
    device.uuid = uuid;
    if (!vfioOpenClose) device.state = VFIO_STATE.IDLE;
    return E.OK;
  }

  *removeMediated(self: Process, schid: SubchannelId): Steps<Errno> {
    const device = this.device(schid);
    if (device === undefined) return E.NODEV;
    yield* removeMediated(self, device);
    return E.OK;
  }

  /** All steps until user space can open the device of a subchannel. */
  *passThrough(self: Process, schid: SubchannelId, relay: KernelRelay): Steps<Errno> {
    const sch = this.linux.css.lookup(schid);
    if (sch === undefined) return E.NODEV;
    if (this.device(schid) === undefined) {
      yield* this.linux.css.unbind(self, sch);
      const rc = yield* this.bind(self, schid);
      if (rc !== E.OK) return rc;
    }
    return this.createMediated(schid, relay);
  }

  /** Kernel storage for the channel programs of a device. */
  arena(ordinal: number): KernelArena | null {
    const { heap } = this.options;
    return heap === null ? null : KernelArena.behind(heap.storage, heap.address, ordinal);
  }

  /** The host's part in the path group of a device; null: it has none. */
  pathGroup(device: VfioDevice): HostPathGroup | null {
    const { pathGroup = 'guest', multipath = true } = this.options;
    return pathGroup === 'guest' ? null : new HostPathGroup(device, pathGroup === 'host', multipath);
  }

  /** A device has probed its subchannel. */
  probed(device: VfioDevice): void {
    this.devices.push(device);
  }

  /** A device has been removed from its subchannel. */
  forget(device: VfioDevice): void {
    const at = this.devices.indexOf(device);
    if (at < 0) return;
    this.devices.splice(at, 1);
    // Reports that nobody has read go with it (vfio_ccw_free_private).
    this.reportStorage.giveBack(device.reports.held);
  }

  /** Reports that wait in the lists of devices. */
  get reportsHeld(): number {
    return this.devices.reduce((sum, { reports }) => sum + reports.held, 0);
  }

  /** Pages that are pinned for programs in progress of the process with this memory. */
  pagesInUse(memory: GuestMemory): number {
    const own = this.devices.filter((device) => device.memory === memory && device.program.isInitialized);
    return own.reduce((sum, { program }) => sum + program.pages, 0);
  }

  private create(sch: Subchannel): VfioDevice {
    return new VfioDevice(this, sch, this.bound++);
  }
}

/** What guid_parse takes. */
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

const isNamed = ({ uuid }: VfioDevice, name: string): boolean => uuid?.toLowerCase() === name.toLowerCase();
