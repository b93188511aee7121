import type { Subchannel } from '../channel/subchannel.ts';
import type { VirtualChannelSubsystem } from '../qemu/virtual-css.ts';
import { type SubchannelId, subchannelId } from '../zarch/ids.ts';
import type { Schib } from '../zarch/schib.ts';

/** A subchannel as a run has left it. */
export interface FinalSubchannel {
  readonly system: number;
  readonly subchannel: SubchannelId;
  readonly schib: Schib;
  /** An interruption condition that no CPU has taken. */
  readonly interruptionPending: boolean;
}

export const machineSubchannels = (subchannels: readonly Subchannel[]): FinalSubchannel[] =>
  subchannels.map(({ host, id, schib, interrupts }) => ({
    system: host,
    subchannel: id,
    schib,
    interruptionPending: interrupts.isPending(id),
  }));

/**
 * Subchannels of QEMU in the image that the guest sees. Its interruption conditions are left out: under TCG one may stay behind when TSCH has fetched the
 * status.
 */
export const virtualSubchannels = (system: number, css: VirtualChannelSubsystem): FinalSubchannel[] =>
  css.devices
    .subchannels()
    .filter(({ cssid }) => cssid === css.devices.defaultCssid)
    .map(({ ssid, number, schib }) => ({
      system,
      subchannel: subchannelId(0, ssid, number),
      schib,
      interruptionPending: false,
    }));
