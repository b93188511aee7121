import type { Process, Steps } from '../kernel/process.ts';
import { E } from '../linux/errno.ts';
import type { VfioCcwDevice } from '../linux/vfio/uapi.ts';
import { acceptOptions, type CommandLineEntry, type HostEntry, realizeEntry } from './command-line.ts';
import type { HostedChannelSubsystem } from './hosted-css.ts';
import type { Refusal } from './refusals.ts';
import type { PassthroughDevice } from './vfio-ccw.ts';
import { assignSubchannel, type HostPaths, realize } from './vfio-realize.ts';

/** What starting a machine needs. */
export interface StartOptions {
  readonly paths: HostPaths;
  /** What devices of the command line name in the host; those that are left out are not there. */
  readonly hosts: ReadonlyMap<PassthroughDevice, VfioCcwDevice>;
  /** Lets the guest run. */
  run(): void;
}

/**
 * QEMU starts: devices are realized in the order of the command line, and then the guest runs. A device that cannot be
 * realized ends QEMU, and there is no guest.
 */
export function startMachine(
  vm: HostedChannelSubsystem,
  commandLine: readonly CommandLineEntry[],
  options: StartOptions,
): void {
  vm.loop.submit({
    costNs: 0,
    *begin(self) {
      yield* startSteps(vm, self, commandLine, options);
    },
    ended() {},
  });
}

/** The same, for somebody who waits until QEMU runs, or has ended: whether there is a guest. */
export function* startNow(
  self: Process,
  vm: HostedChannelSubsystem,
  commandLine: readonly CommandLineEntry[],
  options: StartOptions,
): Steps<boolean> {
  let started = false;
  yield* vm.loop.perform(self, function* (qemu) {
    started = yield* startSteps(vm, qemu, commandLine, options);
  });
  return started;
}

function* startSteps(
  vm: HostedChannelSubsystem,
  self: Process,
  commandLine: readonly CommandLineEntry[],
  options: StartOptions,
): Steps<boolean> {
  const started = acceptOptions(vm.css) && (yield* realizeAll(vm, self, commandLine, options));
  vm.css.isOff = !started;
  if (started) options.run();
  else yield* vm.closeFiles(self);
  return started;
}

function* realizeAll(
  vm: HostedChannelSubsystem,
  self: Process,
  commandLine: readonly CommandLineEntry[],
  options: StartOptions,
): Steps<boolean> {
  for (const entry of commandLine) {
    if (entry.kind === 'virtual') {
      if (!realizeEntry(vm.css, entry)) return false;
      continue;
    }
    const problem = yield* realizeHostEntry(vm, self, entry, options);
    entry.device.realized(problem === null ? E.OK : E.INVAL);
    if (problem === null) continue;
    vm.css.trace.refused(problem, entry.wanted);
    return false;
  }
  return true;
}

/**
 * A property that is out of range is refused as it is set; else QEMU looks for the device before it looks for a subchannel
 * (s390-ccw.c:s390_ccw_realize).
 */
function* realizeHostEntry(
  vm: HostedChannelSubsystem,
  self: Process,
  { device, wanted, problem }: HostEntry,
  { hosts, paths }: StartOptions,
): Steps<Refusal | null> {
  if (problem === 'Invalid cssid or ssid') return problem;
  const host = hosts.get(device);
  if (host === undefined) return 'Host device not found';
  if (problem !== null) return problem;
  // A QEMU that could not be started before has given the subchannel back.
  if (!vm.css.devices.has(device.sch)) assignSubchannel(vm, device, wanted);
  return yield* realize(vm, self, device, host, { paths, hotplugged: false });
}
