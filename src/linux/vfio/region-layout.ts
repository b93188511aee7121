/**
 * How requests reach the kernel. `separate`: starts by the I/O region, halt and clear by a region of commands where
 * kernel and QEMU have it. `one`: everything by the I/O region, in which the status of the operation before may still
 * stand unread (document 0).
 */
export const REGION_LAYOUTS = ['separate', 'one'] as const;
export type RegionLayout = (typeof REGION_LAYOUTS)[number];
