import type { PassthroughDevice } from '../qemu/vfio-ccw.ts';
import type { Chpid } from '../zarch/ids.ts';

/** The CHPID by which the guest knows a channel path of the host that leads to this device; the host's where it does not. */
export function guestChpidOf(device: PassthroughDevice, chpid: Chpid): Chpid {
  const at = device.host.chpids.indexOf(chpid);
  return at < 0 ? chpid : device.sch.schib.pmcw.chpids[at];
}
