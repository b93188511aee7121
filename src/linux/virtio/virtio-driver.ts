import type { Process, Steps } from '../../kernel/process.ts';
import type { Errno } from '../errno.ts';
import type { Features } from './features.ts';
import type { VirtioTransport } from './transport.ts';

/** A driver on the virtio bus (`struct virtio_driver`), as far as it makes the transport execute channel commands. */
export interface VirtioDriver {
  /** Kind of device that it drives. */
  readonly id: number;
  /** Features that it knows, without those of the transport. */
  readonly features: Features;
  /** Sets the device up; when it has not said DRIVER_OK itself, the core does. 0 or an error. */
  probe(self: Process, device: VirtioTransport): Steps<Errno>;
  /** Resets the device and gives its queues back. */
  remove(self: Process, device: VirtioTransport): Steps;
  /** What it does once the device is ready. */
  scan?(self: Process, device: VirtioTransport): Steps;
}
