import { assert } from '../kernel/assert.ts';
import type { Process, Steps } from '../kernel/process.ts';
import type { Station } from '../kernel/station.ts';
import { GENERAL_CHARACTERISTIC } from '../linux/chsc.ts';
import type { PathGrouping } from '../linux/dasd/path-grouping.ts';
import { E, type Errno } from '../linux/errno.ts';
import type { LinuxSystem } from '../linux/linux-system.ts';
import { VfioCcwDriver } from '../linux/vfio/driver.ts';
import type { KernelRelay } from '../linux/vfio/event-relay.ts';
import type { VfioCosts } from '../linux/vfio/options.ts';
import type { VfioCcwDevice } from '../linux/vfio/uapi.ts';
import type { HostPaths } from '../qemu/vfio-realize.ts';
import type { SubchannelId } from '../zarch/ids.ts';
import type { Storage } from '../zarch/storage.ts';
import type { BuiltPci } from './build-pci.ts';
import { deviceKey, type Numbered } from './build-volumes.ts';
import type { PassthroughPolicies } from './passthrough-policies.ts';

/** Where the model puts copies of channel programs: behind measurement blocks (linux/cmf.ts), below the storage of guests. */
const HEAP = 0x0200_0000;

/** What a host is made of besides its vfio-ccw. */
export interface HostParts {
  readonly linux: LinuxSystem;
  readonly cpus: Station;
  readonly storage: Storage;
  readonly subchannels: ReadonlyMap<number, SubchannelId>;
  readonly newRelay: () => KernelRelay;
}

/** What guests have of a KVM host. */
export class BuiltHost {
  readonly linux: LinuxSystem;
  readonly cpus: Station;
  /** Main storage of its partition. */
  readonly storage: Storage;
  readonly vfio: VfioCcwDriver;
  /** PCI functions that guests may get; null: none. */
  pci: BuiltPci | null = null;
  /** The kernel half of the relay for a mediated device that an administrator makes, for nobody yet. */
  readonly newRelay: () => KernelRelay;
  /** By the number of the device on it, whatever Linux knows of that. */
  private readonly subchannels: ReadonlyMap<number, SubchannelId>;
  private readonly relays = new Set<KernelRelay>();
  private readonly guests: ((self: Process) => Steps)[] = [];
  /** Subchannels that have been bound to vfio-ccw: they have no device number any more that Linux would know them by. */
  private readonly bound = new Map<number, SubchannelId>();

  constructor(
    { linux, cpus, storage, subchannels, newRelay }: HostParts,
    costs: VfioCosts,
    { hostVary, modified, pathGroup, gone, regions, resume, transport }: PassthroughPolicies,
    grouping: PathGrouping,
  ) {
    this.linux = linux;
    this.cpus = cpus;
    this.storage = storage;
    this.subchannels = subchannels;
    this.newRelay = newRelay;
    const heap = { storage, address: HEAP };
    const resumes = resume === 'pass';
    this.vfio = new VfioCcwDriver(linux, {
      costs,
      heap,
      hostVary,
      modified,
      pathGroup,
      multipath: grouping === 'multipath',
      gone,
      regions,
      resumes,
      transportMode: transport === 'pass',
    });
  }

  /** Channel paths, as this system knows them. */
  readonly paths: HostPaths = {
    type: (chpid) => this.linux.chps.type(chpid),
    transportLimit: (chpid) =>
      this.linux.hasGeneral(GENERAL_CHARACTERISTIC.FCX)
        ? (this.linux.chps.extendedDescription(chpid)?.mdc ?? 0)
        : 0,
  };

  /** Channel reports that the kernel keeps for guests, in lists of their devices or of their relays. */
  get reportsWaiting(): number {
    return [...this.relays].reduce((sum, { held }) => sum + held, this.vfio.reportsHeld);
  }

  /** Adds what is to be done for a guest once the host has booted. */
  onBooted(start: (self: Process) => Steps): void {
    this.guests.push(start);
  }

  /** What an administrator, or libvirt, does before guests are started, guest by guest. */
  booted(): void {
    if (this.guests.length > 0) this.linux.spawn('vfio', (self) => this.startGuests(self));
  }

  /** The subchannel of a device, as the machine has it. */
  subchannelOf(device: Numbered): SubchannelId | undefined {
    return this.subchannels.get(deviceKey(device));
  }

  /** The mediated device of a subchannel that an administrator has made, for a QEMU; null: there is none. */
  *mediated(self: Process, device: Numbered, relay: KernelRelay): Steps<VfioCcwDevice | null> {
    yield* self.settle();
    const schid = this.subchannelOf(device);
    const mediated = schid === undefined ? undefined : this.vfio.device(schid);
    if (mediated === undefined || mediated.relay === null) return null;
    this.relays.add(relay);
    if (!mediated.isOpen) mediated.relay = relay;
    return mediated;
  }

  /** Makes a device one that QEMU can open; null: there is no such device, or the host could not let go of it. */
  *passThrough(self: Process, device: Numbered, relay: KernelRelay): Steps<VfioCcwDevice | null> {
    const key = deviceKey(device);
    this.relays.add(relay);
    const schid = this.bound.get(key) ?? this.linux.device(device.deviceNumber, device.ssid)?.subchannel;
    if (schid === undefined) return null;
    const mediated = this.vfio.device(schid);
    if (mediated !== undefined) {
      // What somebody had before keeps its list of reports; what a relay kept for all his devices is gone with him.
      if (!mediated.isOpen) mediated.relay = relay;
      return mediated;
    }
    const rc = yield* this.vfio.passThrough(self, schid, relay);
    yield* self.settle();
    if (rc !== E.OK) return null;
    this.bound.set(key, schid);
    return this.vfio.device(schid) ?? null;
  }

  /** The same for a subchannel that vfio-ccw does not take: whoever drove it has let go of it for nothing. */
  *passThroughUnfit(self: Process, subchannel: SubchannelId, relay: KernelRelay): Steps {
    const rc = yield* this.vfio.passThrough(self, subchannel, relay);
    assert(rc !== E.OK, 'vfio-ccw takes I/O subchannels only, and none with queues');
    yield* self.settle();
  }

  /** Takes a device back from the guest that has it. */
  *unbind(self: Process, device: Numbered): Steps<Errno> {
    const schid = this.bound.get(deviceKey(device));
    if (schid === undefined) return E.NODEV;
    this.bound.delete(deviceKey(device));
    return yield* this.vfio.unbind(self, schid);
  }

  private *startGuests(self: Process): Steps {
    for (const start of this.guests) yield* start(self);
  }
}
