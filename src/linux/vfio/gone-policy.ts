/**
 * What becomes of a passed-through device whose subchannel is not operational any more. Linux unregisters it and asks
 * user space to let go (`unplug`): the guest loses the device, and somebody has to pass it through again. A
 * `disconnected` one stays bound and open, as a ccw device that its driver keeps; user space is told when it goes and
 * when it is operational again, so that the guest can be told twice: gone, and there again (document 0).
 */
export const GONE_POLICIES = ['unplug', 'disconnected'] as const;
export type GonePolicy = (typeof GONE_POLICIES)[number];
