import type { VirtioKind } from '../qemu/virtio-device.ts';

type VirtualDeviceKind = { readonly kind: '3270' } | { readonly kind: 'virtio'; readonly model: VirtioKind };

/** Devices of QEMU that a script may find, by the names of its option `-device` without the bus. */
export const VIRTUAL_DEVICES: Readonly<Record<string, VirtualDeviceKind>> = {
  'virtio-rng': { kind: 'virtio', model: 'rng' },
  'virtio-net': { kind: 'virtio', model: 'net' },
  'virtio-blk': { kind: 'virtio', model: 'blk' },
  'virtio-console': { kind: 'virtio', model: 'console' },
  'virtio-balloon': { kind: 'virtio', model: 'balloon' },
  '3270': { kind: '3270' },
};
