import { z } from 'zod';
import { VIRTIO_DRIVERS } from '../linux/virtio/drivers.ts';
import { QEMU_RELEASES, type QemuRelease } from '../qemu/qemu-features.ts';
import { busIds, devices, keysOf, name, oneOf, truth, whole } from './fields.ts';

/** A device of the host, as what command lines name and actions plug; all other kinds are virtual. */
export const PASSED_THROUGH = 'vfio-ccw';

/** The part of the schema that describes a guest's QEMU and its virtual devices. Sources: QEMU reference. */

const virtioType = () => oneOf(keysOf(VIRTIO_DRIVERS)).prefault('rng');

const deviceType = () =>
  oneOf(['3270', ...keysOf(VIRTIO_DRIVERS), PASSED_THROUGH])
    .meta({ accepts: 'text-or-number' })
    .prefault('rng');

/** Most devices of one kind: the subchannels of one set. */
const MAX_DEVICES = 65_536;

/** Keys that only guests have; without a default in the schema, because partitions must not have them. */
export const guestKeys = {
  qemu: oneOf(keysOf(QEMU_RELEASES))
    .meta({ accepts: 'text-or-number' })
    .optional()
    .describe(
      'guest, kvm-host: QEMU release whose behaviour is modelled (qemu 0); default: that of the host, which is 10.2, else 7.2.',
    ),
  squashMcss: truth()
    .optional()
    .describe(
      'guest: machine option s390-squash-mcss, on or off (qemu 4.5): every device is put into image 0, which is the default one then; taken by releases before 2.12, with a warning before 3.1, and the end of later ones; default: it is not on the command line.',
    ),
  accelerator: oneOf(['tcg', 'kvm'])
    .optional()
    .describe(
      "guest: who executes it, QEMU's translator or the hardware (qemu 10); default: kvm on a host, else tcg.",
    ),
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
  on: name()
    .optional()
    .describe(
      'guest: the kvm-host that its QEMU runs on, or the zvm-host; default: none, where all its devices are virtual.',
    ),
  passthrough: devices()
    .optional()
    .describe('guest on a host: DASD of the host that it gets, under their device numbers; default: none.'),
  commandLine: z
    .array(
      z.strictObject({
        type: deviceType().describe('Kind of device.'),
        device: devices().optional().describe('vfio-ccw: devices of the host.'),
        devno: busIds()
          .optional()
          .describe(
            'Property devno: image (00 to ff), subchannel set and number (qemu 4.1); default: automatic ones (qemu 4.2).',
          ),
      }),
    )
    .optional()
    .describe(
      'guest: devices in the order of the command line, in place of virtio, terminal and passthrough; default: virtio devices, terminal, passthrough.',
    ),
  setUp: oneOf(['automatic', 'manual'])
    .optional()
    .describe(
      'guest on a host: its devices are bound to vfio-ccw, and QEMU is started, when the host has booted; or by actions; default: automatic.',
    ),
  forcePrefetch: truth()
    .optional()
    .describe('guest on a host: property force-orb-pfch of these devices (qemu 5.2); default: false.'),
};

/** Defaults of keys that only guests have. */
export const GUEST_DEFAULTS = {
  qemu: '7.2' satisfies QemuRelease,
  accelerator: 'tcg',
  virtio: 0,
  drivers: keysOf(VIRTIO_DRIVERS),
  subchannelSets: 4,
} as const;

/** The same for guests on a host. */
export const HOSTED_DEFAULTS = { qemu: '10.2' satisfies QemuRelease, forcePrefetch: false } as const;

export type ParsedCommandLine = NonNullable<z.output<typeof guestKeys.commandLine>>;

/** What a device is that an action plugs. */
export const pluggedType = () => oneOf([...keysOf(VIRTIO_DRIVERS), PASSED_THROUGH]).prefault('rng');
