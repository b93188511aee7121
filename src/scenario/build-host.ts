import type { Process, Steps } from '../kernel/process.ts';
import type { Station } from '../kernel/station.ts';
import { E } from '../linux/errno.ts';
import type { LinuxSystem } from '../linux/linux-system.ts';
import { VfioCcwDriver } from '../linux/vfio/driver.ts';
import type { KernelRelay } from '../linux/vfio/event-relay.ts';
import { VFIO_COSTS } from '../linux/vfio/options.ts';
import type { VfioCcwDevice } from '../linux/vfio/uapi.ts';
import type { PathTypes } from '../qemu/vfio-realize.ts';
import type { KernelRelayFactory } from '../relay/relay.ts';
import type { ResolvedDevice } from './resolved.ts';

/** A guest's devices in the order of its command line; null: the host has no such device, or could not let go of it. */
export type FoundDevices = (devices: readonly (VfioCcwDevice | null)[]) => void;

/** What guests have of a KVM host. */
export class BuiltHost {
  readonly linux: LinuxSystem;
  readonly cpus: Station;
  readonly vfio: VfioCcwDriver;
  private readonly guests: {
    devices: readonly ResolvedDevice[];
    relay: KernelRelayFactory;
    found: FoundDevices;
  }[] = [];

  constructor(linux: LinuxSystem, cpus: Station) {
    this.linux = linux;
    this.cpus = cpus;
    this.vfio = new VfioCcwDriver(linux, { costs: VFIO_COSTS, heap: null });
  }

  /** Type of a channel path, as the host's sysfs has it. */
  readonly pathTypes: PathTypes = (chpid) => this.linux.chps.type(chpid);

  /** Has devices passed through to a guest once the host has booted. */
  passThrough(devices: readonly ResolvedDevice[], relay: KernelRelayFactory, found: FoundDevices): void {
    this.guests.push({ devices, relay, found });
  }

  /** What an administrator, or libvirt, does before guests are started, guest by guest. */
  booted(): void {
    if (this.guests.length > 0) this.linux.spawn('vfio', (self) => this.startGuests(self));
  }

  private *startGuests(self: Process): Steps {
    for (const { devices, relay, found } of this.guests) {
      const half = relay(this.linux);
      const passed: (VfioCcwDevice | null)[] = [];
      for (const device of devices) passed.push(yield* this.bind(self, device, half));
      yield* self.settle();
      found(passed);
    }
  }

  private *bind(
    self: Process,
    { deviceNumber, ssid }: ResolvedDevice,
    relay: KernelRelay,
  ): Steps<VfioCcwDevice | null> {
    const schid = this.linux.device(deviceNumber, ssid)?.subchannel;
    if (schid === undefined) return null;
    const rc = yield* this.vfio.passThrough(self, schid, relay);
    return rc === E.OK ? (this.vfio.device(schid) ?? null) : null;
  }
}
