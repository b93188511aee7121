import type { Process, Steps } from '../kernel/process.ts';
import { E } from '../linux/errno.ts';
import type { VfioCcwDevice } from '../linux/vfio/uapi.ts';
import type { HostedChannelSubsystem } from './hosted-css.ts';
import type { PassthroughDevice } from './vfio-ccw.ts';
import { type PathTypes, realize } from './vfio-realize.ts';

/** A device of the command line, and what it names in the host; null: that is not there. */
export interface DevicePair {
  readonly device: PassthroughDevice;
  readonly host: VfioCcwDevice | null;
}

/**
 * QEMU starts: passed-through devices are realized in the order of the command line, and then the guest runs. A device
 * that cannot be realized ends QEMU, and there is no guest.
 */
export function startMachine(
  vm: HostedChannelSubsystem,
  devices: readonly DevicePair[],
  pathTypes: PathTypes,
  run: () => void,
): void {
  vm.loop.submit({
    costNs: 0,
    begin: (self) => startSteps(vm, self, devices, pathTypes, run),
    ended() {},
  });
}

function* startSteps(
  vm: HostedChannelSubsystem,
  self: Process,
  devices: readonly DevicePair[],
  pathTypes: PathTypes,
  run: () => void,
): Steps {
  for (const { device, host } of devices) {
    const problem =
      host === null ? NOT_THERE : yield* realize(vm, self, device, host, { pathTypes, hotplugged: false });
    device.realized(problem === null ? E.OK : E.INVAL);
    if (problem !== null) return;
  }
  run();
}

const NOT_THERE = 'Failed to get device information';
