import type { VirtualDevice, VirtualSubchannel } from '../subchannel.ts';
import { VirtioCcwDevice } from '../virtio-ccw.ts';

const VFIO_CCW = 'vfio-ccw';
const TERMINAL = 'x-terminal3270';

/** Names of virtio devices in their sections, by device id of the virtio specification (VMStateDescription.name). */
const VIRTIO_SECTIONS: Readonly<Record<number, string>> = {
  1: 'virtio-net',
  2: 'virtio-blk',
  3: 'virtio-console',
  4: 'virtio-rng',
  5: 'virtio-balloon',
};

/** `/fe.0.0003/virtio-rng`: bus id (css-bridge.c:virtual_css_bus_get_dev_path) and kind of the device. */
export const sectionName = (sch: VirtualSubchannel): string => `${busPath(sch)}/${kindOf(sch.device)}`;

/** QEMU can only send the state of devices that are its own: neither what vfio-ccw has of the host nor a 3270's client. */
export const isMigratable = (device: VirtualDevice): boolean => device instanceof VirtioCcwDevice;

function busPath({ cssid, ssid, deviceNumber }: VirtualSubchannel): string {
  const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, '0');
  return `/${hex(cssid, 2)}.${ssid}.${hex(deviceNumber, 4)}`;
}

function kindOf(device: VirtualDevice): string {
  if (device instanceof VirtioCcwDevice) {
    return VIRTIO_SECTIONS[device.cuModel] ?? `virtio-${device.cuModel}`;
  }
  return device.passedThrough ? VFIO_CCW : TERMINAL;
}
