/**
 * What becomes of a passed-through device whose subchannel is not operational any more. Linux unregisters it and asks
 * user space to let go: the guest loses the device. A `disconnected` one stays, and the guest is told twice: gone, and
 * operational again (document 0).
 */
export const GONE_POLICIES = ['unplug', 'disconnected'] as const;
export type GonePolicy = (typeof GONE_POLICIES)[number];
