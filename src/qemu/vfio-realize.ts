import type { Process, Steps } from '../kernel/process.ts';
import { E } from '../linux/errno.ts';
import type { VfioCcwDevice } from '../linux/vfio/uapi.ts';
import { pathBit } from '../zarch/path-mask.ts';
import type { BusId, PlugError } from './device-configuration.ts';
import type { HostedChannelSubsystem } from './hosted-css.ts';
import type { Refusal } from './refusals.ts';
import type { VirtualSubchannel } from './subchannel.ts';
import type { PassthroughDevice } from './vfio-ccw.ts';
import { listen } from './vfio-notifiers.ts';
import { findRegions } from './vfio-regions.ts';

/** What QEMU is told of channel paths of the host besides the attributes of the subchannel. */
export interface HostPaths {
  /** Its type, which the host's sysfs has. */
  type(chpid: number): number | null;
  /**
   * Data that one program in transport mode may move on it, in units of 64 KiB; 0: it knows no such mode. The kernel has this from
   * "store channel-path description" and tells nobody; a QEMU whose policy `transport` is `pass` asks for it.
   */
  transportLimit(chpid: number): number;
}

export interface RealizeOptions {
  readonly paths: HostPaths;
  /** Told by a report, as a device that is plugged while the guest runs; before anything is known to work. */
  readonly hotplugged: boolean;
}

/** Gives a device its subchannel (css.c:css_create_sch); without a bus id the first numbers that are free. */
export function assignSubchannel(
  vm: HostedChannelSubsystem,
  device: PassthroughDevice,
  wanted: BusId | null,
): VirtualSubchannel | PlugError {
  const sch = vm.css.devices.assign(device, wanted);
  if (typeof sch !== 'string') device.assigned(sch);
  return sch;
}

/**
 * The rest of vfio_ccw_realize, for a device that has its subchannel: the SCHIB is made from what the host's sysfs says
 * now, the guest is told, and only then is the device opened. Null when it can be used.
 */
export function* realize(
  vm: HostedChannelSubsystem,
  self: Process,
  device: PassthroughDevice,
  host: VfioCcwDevice,
  options: RealizeOptions,
): Steps<Refusal | null> {
  device.found(host);
  const problem = buildSchib(vm, device, options) ?? (yield* attach(vm, self, device, options.hotplugged));
  if (problem !== null) {
    // The subchannel is free again, and nobody tells the guest.
    vm.css.devices.release(device.sch);
    return problem;
  }
  vm.devices.push(device);
  if (vm.relay.realized !== undefined) yield* vm.relay.realized(self, device);
  return null;
}

/**
 * css.c:css_sch_build_schib. Path masks are those of this moment, the logical-path mask is empty, and CHPIDs go into the
 * guest's table unless somebody has them: whoever came first decides type and kind. CHPID 00 is never added, so that a
 * channel path of the host with this number is the one of virtio devices to the guest.
 */
function buildSchib(
  { css, relay, policies }: HostedChannelSubsystem,
  device: PassthroughDevice,
  { paths }: RealizeOptions,
): Refusal | null {
  const { host, sch } = device;
  const { pmcw } = sch.schib;
  pmcw.deviceNumberValid = 1;
  pmcw.pim = host.pim;
  pmcw.pam = host.pam;
  pmcw.pom = host.pom;
  const image = css.devices.images[sch.cssid]!;
  for (let index = 0; index < 8; index++) {
    const known = host.chpids[index];
    const isInstalled = (host.pim & pathBit(index)) !== 0;
    const chpid = isInstalled ? (relay.guestChpid?.(device, known) ?? known) : known;
    pmcw.chpids[index] = chpid;
    if (chpid === 0 || image.path(chpid) !== undefined) continue;
    const type = paths.type(known);
    if (type === null) return 'Failed to get device information';
    css.trace.pathAdded((sch.cssid << 8) | chpid, type);
    image.addPath(chpid, type, false, policies.transport === 'pass' ? paths.transportLimit(known) : 0);
  }
  return null;
}

function* attach(
  vm: HostedChannelSubsystem,
  self: Process,
  device: PassthroughDevice,
  hotplugged: boolean,
): Steps<Refusal | null> {
  const { host } = device;
  if (hotplugged) vm.css.subchannelChanged(device.sch);
  if ((yield* host.open(self, vm.memory)) !== E.OK) return 'Failed to open';
  const regions = findRegions(host, vm.css.features);
  if (typeof regions === 'string') {
    yield* host.close(self);
    return regions;
  }
  device.regions = regions;
  listen(vm, device);
  return null;
}
