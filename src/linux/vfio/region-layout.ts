/**
 * How requests reach the kernel. `separate`: starts by the I/O region, halt and clear by a region of commands where
 * kernel and QEMU have it. `one`: everything by the I/O region, whose SCSW says by its function bits what is meant. A
 * request takes the place of all 124 bytes there, and with them of status that user space has not read (document 0).
 *
 * `one` was never built. What it stands for here is the generation that has commands, without a region of their own: it
 * offers no capability by which user space could learn of them, and an older kernel answers −EOPNOTSUPP or −EBUSY.
 */
export const REGION_LAYOUTS = ['separate', 'one'] as const;
export type RegionLayout = (typeof REGION_LAYOUTS)[number];
