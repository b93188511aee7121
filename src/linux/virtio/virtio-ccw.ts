import type { Process, Steps } from '../../kernel/process.ts';
import type { Simulation } from '../../kernel/simulation.ts';
import type { Irb } from '../../zarch/irb.ts';
import { type CcwDevice, type CcwDriver, CIO } from '../ccw-driver.ts';
import { E, type Errno } from '../errno.ts';
import type { KernelFeatures } from '../kernel-features.ts';
import { VIRTIO_CU_TYPE } from './commands.ts';
import { type TransportOptions, VirtioTransport } from './transport.ts';
import { registerDevice, unregisterDevice } from './virtio-bus.ts';
import type { VirtioDriver } from './virtio-driver.ts';

export interface VirtioCcwOptions {
  readonly sim: Simulation;
  readonly features: KernelFeatures;
  readonly processors: number;
  /** Drivers on the virtio bus; a device without one is acknowledged and left alone. */
  readonly drivers: readonly VirtioDriver[];
}

/** An online device and the driver on the virtio bus that took it. */
interface VirtioDevice {
  readonly transport: VirtioTransport;
  driver: VirtioDriver | null;
}

/**
 * The ccw driver of virtio devices (drivers/s390/virtio/virtio_ccw.c). It keeps no device that loses its path or its
 * subchannel, and uses no path groups.
 */
export class VirtioCcwDriver implements CcwDriver {
  readonly name = 'virtio_ccw';
  private readonly options: VirtioCcwOptions;
  private readonly transport: TransportOptions;
  /** By index of the ccw device; null while it is offline. */
  private readonly devices: (VirtioDevice | null)[] = [];

  constructor(options: VirtioCcwOptions) {
    const { features, processors } = options;
    this.options = options;
    this.transport = features.virtioRevision2
      ? { highestRevision: 2, statusRevision: 2, processors }
      : { highestRevision: 1, statusRevision: 1, processors };
  }

  matches(cuType: number): boolean {
    return cuType === VIRTIO_CU_TYPE;
  }

  probe(device: CcwDevice): void {
    device.options.pathGroup = false;
    device.options.multipath = false;
  }

  handler(device: CcwDevice, intparm: number, irb: Irb, error: Errno): void {
    this.devices[device.index]?.transport.commands.ended(intparm, irb, error);
  }

  notify(_device: CcwDevice, event: number): boolean {
    return event === CIO.OPER;
  }

  pathEvent(): void {}

  /** virtio_ccw_online. */
  *setOnline(self: Process, device: CcwDevice): Steps<Errno> {
    const transport = new VirtioTransport(this.options.sim, device, this.transport);
    const online: VirtioDevice = { transport, driver: null };
    this.devices[device.index] = online;
    const rc = yield* transport.setRevision(self);
    if (rc !== E.OK) {
      this.devices[device.index] = null;
      return rc;
    }
    const driver = this.options.drivers.find(({ id }) => id === device.cuModel) ?? null;
    if (yield* registerDevice(self, transport, driver)) online.driver = driver;
    return E.OK;
  }

  /** virtio_ccw_offline. */
  *setOffline(self: Process, device: CcwDevice): Steps<Errno> {
    yield* this.remove(self, device);
    return E.OK;
  }

  /** virtio_ccw_remove. */
  *remove(self: Process, device: CcwDevice): Steps {
    const online = this.devices[device.index] ?? null;
    if (online === null) return;
    if (online.driver !== null) yield* unregisterDevice(self, online.transport, online.driver);
    this.devices[device.index] = null;
  }
}
