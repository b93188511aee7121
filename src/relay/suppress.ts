import type { Process, Steps } from '../kernel/process.ts';
import type { PassthroughDevice } from '../qemu/vfio-ccw.ts';
import type { Relay } from './relay.ts';
import { SilentKernelRelay } from './silent-kernel.ts';

/**
 * E, as z/VM is said to do it: channel paths are the hypervisor's own business. A guest learns of a path only by trying
 * it: after a start that failed for want of a path, what trying has shown (PNOM, LPUM, POM) becomes visible. Which paths
 * are in the configuration (PAM) stays as it was at the beginning, so that a guest without paths keeps on trying.
 */
export const suppress: Relay = {
  kernel: () => new SilentKernelRelay('suppress', true),
  vmm: () => ({
    startRefused: (self, device) => showTriedPaths(self, device),
    *ioNotified(self, device) {
      const { scsw } = device.sch.schib;
      if (scsw.cc === 3 || scsw.pathNotOperational === 1) yield* showTriedPaths(self, device);
    },
  }),
};

function* showTriedPaths(self: Process, device: PassthroughDevice): Steps {
  const { pmcw } = device.sch.schib;
  const { pam } = pmcw;
  yield* device.refreshPaths(self);
  pmcw.pam = pam;
}
