import { copyOrb, copySchib } from '../../zarch/block-copy.ts';
import { Orb } from '../../zarch/orb.ts';
import { Schib } from '../../zarch/schib.ts';
import type { VirtualSubchannel } from '../subchannel.ts';
import { VirtioCcwDevice, type VirtioCcwState } from '../virtio-ccw.ts';
import type { VirtualChannelSubsystem } from '../virtual-css.ts';

/**
 * Section of a device with its subchannel in it (css.c:vmstate_subch_dev, virtio-ccw.c:vmstate_virtio_ccw_dev). Extended
 * status is not in it, nor how far the data of a CCW have come: no instruction leaves that behind.
 */
export interface DeviceState {
  readonly kind: 'device';
  readonly number: number;
  readonly schib: Schib;
  readonly sense: Uint8Array;
  readonly senseId: Uint8Array;
  readonly orb: Orb;
  readonly ccwAddress: number;
  readonly afterTransfer: boolean;
  readonly format1: boolean;
  readonly withoutAddress: number;
  readonly adapterInterruptions: boolean;
  /** Null for devices that have no state of their own. */
  readonly virtio: VirtioCcwState | null;
}

export function saveDevice(sch: VirtualSubchannel): DeviceState {
  const schib = new Schib();
  copySchib(sch.schib, schib);
  const orb = new Orb();
  copyOrb(sch.orb, orb);
  const { number, ccwAddress, afterTransfer, format1, withoutAddress, adapterInterruptions } = sch;
  return {
    kind: 'device',
    number,
    schib,
    sense: sch.sense.slice(),
    senseId: sch.senseId.slice(),
    orb,
    ccwAddress,
    afterTransfer,
    format1,
    withoutAddress,
    adapterInterruptions,
    virtio: sch.device instanceof VirtioCcwDevice ? sch.device.save() : null,
  };
}

/** The subchannel goes to the number that the program knows it by (css.c:subch_dev_post_load). */
export function loadDevice(css: VirtualChannelSubsystem, sch: VirtualSubchannel, state: DeviceState): void {
  copySchib(state.schib, sch.schib);
  sch.sense.set(state.sense);
  sch.senseId.set(state.senseId);
  copyOrb(state.orb, sch.orb);
  sch.ccwAddress = state.ccwAddress;
  sch.afterTransfer = state.afterTransfer;
  sch.format1 = state.format1;
  sch.withoutAddress = state.withoutAddress;
  sch.adapterInterruptions = state.adapterInterruptions;
  if (state.virtio !== null && sch.device instanceof VirtioCcwDevice) sch.device.load(state.virtio);
  if (sch.number !== state.number) css.devices.renumber(sch, state.number);
}
