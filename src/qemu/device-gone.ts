import type { Process, Steps } from '../kernel/process.ts';
import { initializeSchib } from '../zarch/initialized-schib.ts';
import type { HostedChannelSubsystem } from './hosted-css.ts';
import type { VirtualSubchannel } from './subchannel.ts';
import type { PassthroughDevice } from './vfio-ccw.ts';

/**
 * Policy `disconnected`: a device whose subchannel is gone in the host stays on the guest's subchannel. The guest sees
 * what a program on the machine sees of a device that is taken away and comes back: a report each time, "installed
 * parameters initialized", and a device number that is not valid in between. STSCH still gives condition code 0, as the
 * subchannel is there; everything that wants the device gives 3, and never gets to the host.
 */

/** The kernel has signalled that something became of the subchannel; what, it says when it is asked. */
export function* operationalNotified(
  vm: HostedChannelSubsystem,
  device: PassthroughDevice,
  self: Process,
): Steps {
  const isGone = yield* device.isGone(self);
  // One that came back before anybody looked was away all the same: what it was doing will never end.
  if (!device.isDisconnected) disconnect(vm, device);
  if (!isGone) reconnect(vm, device);
}

function disconnect({ css }: HostedChannelSubsystem, { sch }: PassthroughDevice): void {
  initializeSubchannel(sch);
  sch.schib.pmcw.deviceNumberValid = 0;
  css.subchannelChanged(sch);
}

/** Paths may be others than those at realize. CHPIDs and path installed cannot: they belong to the configuration. */
function reconnect({ css }: HostedChannelSubsystem, { sch, host }: PassthroughDevice): void {
  const { pmcw } = sch.schib;
  pmcw.deviceNumberValid = 1;
  pmcw.pam = host.pam;
  pmcw.pom = host.pom;
  css.subchannelChanged(sch);
}

/** The subchannel as a reset leaves it, with nothing of its device. */
function initializeSubchannel(sch: VirtualSubchannel): void {
  initializeSchib(sch.schib);
  sch.schib.pmcw.timing = 0;
  sch.sense.fill(0);
}
