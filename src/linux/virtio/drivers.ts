import { blockDriver } from './block-driver.ts';
import { entropyDriver } from './entropy-driver.ts';
import { networkDriver } from './network-driver.ts';

/** The virtio drivers that a system may have, by the names of devices in QEMU. */
export const VIRTIO_DRIVERS = { rng: entropyDriver, net: networkDriver, blk: blockDriver } as const;
export type VirtioDriverName = keyof typeof VIRTIO_DRIVERS;
