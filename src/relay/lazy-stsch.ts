import type { Relay } from './relay.ts';
import { SilentKernelRelay } from './silent-kernel.ts';

/**
 * B: a STSCH of the guest is a STSCH of the host. What the guest sees is right whenever it looks, and nothing makes it
 * look.
 */
export const lazyStsch: Relay = {
  kernel: () => new SilentKernelRelay('lazy-stsch', true),
  vmm: () => ({
    storeSubchannel: (self, device) => device.refreshPaths(self),
  }),
};
