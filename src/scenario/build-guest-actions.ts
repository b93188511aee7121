import type { Process, Steps } from '../kernel/process.ts';
import { E, type Errno } from '../linux/errno.ts';
import { DEFAULT_CSSID } from '../qemu/device-configuration.ts';
import type { VirtualSubchannel } from '../qemu/subchannel.ts';
import { type SubchannelId, subchannelId } from '../zarch/ids.ts';
import { type BuiltGuest, plug } from './build-guest.ts';
import { expandRanges } from './devices.ts';
import type { ResolvedAction } from './resolved.ts';

/** What the operator of a QEMU does at its monitor while the guest runs. */
type PlugAction = Extract<ResolvedAction, { kind: 'plug' | 'unplug' }>;

/**
 * Device after device; with no time between them the guest's processors are as good as stopped, and it finds all reports
 * queued before it sees the first. `done` gets the result for each device.
 */
export function* plugOrUnplug(
  self: Process,
  guest: BuiltGuest,
  action: PlugAction,
  done: (rc: Errno, subchannel?: SubchannelId) => void,
): Steps {
  for (const [at, device] of expandRanges(action.devices).entries()) {
    if (at > 0 && action.everyNs > 0) yield* self.sleep(action.everyNs);
    if (action.kind === 'plug') {
      const plugged = plug(guest.css, { type: action.type, ...device, automatic: false }, true);
      if (typeof plugged === 'string') done(E.INVAL);
      else done(E.OK, guestId(plugged));
      continue;
    }
    const sch = find(guest, device);
    if (sch === undefined) done(E.NODEV);
    else {
      guest.css.unplug(sch);
      done(E.OK, guestId(sch));
    }
  }
}

const find = (
  { css }: BuiltGuest,
  { ssid, deviceNumber }: { readonly ssid: number; readonly deviceNumber: number },
): VirtualSubchannel | undefined =>
  css.devices
    .subchannels()
    .find((sch) => sch.cssid === DEFAULT_CSSID && sch.ssid === ssid && sch.deviceNumber === deviceNumber);

/** The guest knows QEMU's image of virtual devices as image 0. */
const guestId = ({ ssid, number }: VirtualSubchannel): SubchannelId => subchannelId(0, ssid, number);
