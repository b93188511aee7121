import { z } from 'zod';
import { VIRTIO_DRIVERS } from '../linux/virtio/drivers.ts';
import { QEMU_RELEASES, type QemuRelease } from '../qemu/qemu-features.ts';
import { devices, keysOf, oneOf, whole } from './fields.ts';

/** The part of the schema that describes a guest's QEMU and its virtual devices. Sources: QEMU reference. */

const virtioType = () => oneOf(keysOf(VIRTIO_DRIVERS)).prefault('rng');

/** Most devices of one kind: the subchannels of one set. */
const MAX_DEVICES = 65_536;

/** Keys that only guests have; without a default in the schema, because partitions must not have them. */
export const guestKeys = {
  qemu: oneOf(keysOf(QEMU_RELEASES))
    .meta({ accepts: 'text-or-number' })
    .optional()
    .describe('guest: QEMU release whose behaviour is modelled (qemu 0); default: 7.2.'),
  accelerator: oneOf(['tcg', 'kvm'])
    .optional()
    .describe("guest: who executes it, QEMU's translator or the hardware (qemu 10); default: tcg."),
  virtio: z
    .union([
      whole(0, MAX_DEVICES),
      z.record(
        z.string(),
        z.strictObject({ type: virtioType().describe('Kind of device: random numbers, network, block.') }),
      ),
    ])
    .optional()
    .describe(
      'guest: virtio devices at the start: how many (of type rng, with automatic numbers), or by device, list or range; default: 0.',
    ),
  terminal: devices().optional().describe('guest: device number of a 3270 terminal; default: there is none.'),
  drivers: z
    .array(oneOf(keysOf(VIRTIO_DRIVERS)))
    .optional()
    .describe('guest: virtio drivers of the kernel; default: all of them.'),
  subchannelSets: whole(1, 4).optional().describe('guest: subchannel sets that it enables; default: 4.'),
};

/** Defaults of keys that only guests have. */
export const GUEST_DEFAULTS = {
  qemu: '7.2' satisfies QemuRelease,
  accelerator: 'tcg',
  virtio: 0,
  drivers: keysOf(VIRTIO_DRIVERS),
  subchannelSets: 4,
} as const;

/** What a device is that an action plugs. */
export const pluggedType = virtioType;
