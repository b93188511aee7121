import type { Storage } from '../zarch/storage.ts';
import {
  type BusId,
  type DeviceConfiguration,
  type PlugError,
  VIRTUAL_CSSID,
} from './device-configuration.ts';
import type { VirtualDevice, VirtualSubchannel } from './subchannel.ts';
import { resetSubchannel } from './subchannel.ts';
import { Terminal3270 } from './terminal-3270.ts';
import type { QemuTrace } from './trace.ts';
import { VIRTIO_CCW_DEFAULTS, VirtioCcwDevice, type VirtioCcwOptions } from './virtio-ccw.ts';
import { VIRTIO_MODELS, VirtioDevice, type VirtioKind, type VirtioModel } from './virtio-device.ts';

/** A device to plug. Without a bus id it gets the first free numbers. */
export type DeviceSpecification = {
  readonly busId?: BusId;
  /** Plugged while the guest runs, which is told; otherwise it is there when the guest starts. */
  readonly hotplugged?: boolean;
} & (
  | {
      readonly kind: 'virtio';
      readonly model: VirtioKind | VirtioModel;
      readonly ccw?: Partial<VirtioCcwOptions>;
    }
  | { readonly kind: '3270' }
);

/** CHPID of all virtio devices of an image. */
const VIRTIO_CHPID = 0;

/** What plugging needs of the channel subsystem. */
export interface PlugTarget {
  readonly devices: DeviceConfiguration;
  readonly storage: Storage;
  readonly trace: QemuTrace;
  subchannelChanged(sch: VirtualSubchannel): void;
}

/** Plugs a device (hw/s390x/virtio-ccw.c:virtio_ccw_device_realize, 3270-ccw.c:emulated_ccw_3270_realize). */
export function plug(css: PlugTarget, specification: DeviceSpecification): VirtualSubchannel | PlugError {
  const sch = assignVirtual(css, specification);
  return typeof sch === 'string' ? sch : (realizeVirtual(css, sch, specification) ?? sch);
}

/** The first half: the device and its subchannel. */
export function assignVirtual(
  css: PlugTarget,
  specification: DeviceSpecification,
): VirtualSubchannel | PlugError {
  return css.devices.assign(create(css, specification), specification.busId ?? null);
}

/**
 * The second half: channel path and SCHIB, and the guest is told. What is wrong, or null. Only the terminal itself, which has
 * its channel path by then, finds that there is another one; channel paths are not given back.
 */
export function realizeVirtual(
  css: PlugTarget,
  sch: VirtualSubchannel,
  specification: DeviceSpecification,
): PlugError | null {
  const { device } = sch;
  const is3270 = specification.kind === '3270';
  const image = css.devices.images[sch.cssid]!;
  const chpid = is3270 ? image.freeChpid() : VIRTIO_CHPID;
  if (chpid < 0) {
    css.devices.release(sch);
    return 'No available chpid to use.';
  }
  if (image.path(chpid) === undefined) {
    css.trace.pathAdded((sch.cssid << 8) | chpid, device.pathType);
    image.addPath(chpid, device.pathType);
  }
  if (is3270 && firstTerminal(css.devices) !== sch) {
    css.devices.release(sch);
    return 'Multiple 3270 terminals are not supported.';
  }
  buildSchib(sch, chpid);
  if (!is3270) css.trace.newDevice(sch.id, sch.deviceNumber, specification.busId !== undefined);
  if (specification.hotplugged === true) css.subchannelChanged(sch);
  return null;
}

/** Unplugs a device: the guest is told before its subchannel number is free again (css-bridge.c:ccw_device_unplug). */
export function unplug(css: PlugTarget, sch: VirtualSubchannel): void {
  sch.schib.pmcw.enabled = 0;
  sch.schib.pmcw.deviceNumberValid = 0;
  css.subchannelChanged(sch);
  css.devices.release(sch);
}

/** Bus id of a device number in the image of virtual devices, where all of a guest's devices usually are. */
export const busId = (ssid: number, deviceNumber: number, cssid: number = VIRTUAL_CSSID): BusId => ({
  cssid,
  ssid,
  deviceNumber,
});

function create(css: PlugTarget, specification: DeviceSpecification): VirtualDevice {
  if (specification.kind === '3270') return new Terminal3270();
  const { model, ccw } = specification;
  const virtio = new VirtioDevice(typeof model === 'string' ? VIRTIO_MODELS[model] : model);
  return new VirtioCcwDevice(virtio, { ...VIRTIO_CCW_DEFAULTS, ...ccw }, css.storage, css.trace);
}

/** One path; a device that is plugged is reset, as all are when the guest starts. */
function buildSchib(sch: VirtualSubchannel, chpid: number): void {
  sch.schib.pmcw.chpids[0] = chpid;
  resetSubchannel(sch);
}

const firstTerminal = (devices: DeviceConfiguration): VirtualSubchannel | undefined =>
  devices.realized.find(({ device }) => device instanceof Terminal3270);
