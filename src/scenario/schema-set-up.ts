import { z } from 'zod';
import { devices, name, oneOf, text } from './fields.ts';
import { at, label } from './schema-faults.ts';

/** The steps by which a kvm-host's administrator makes a device one that QEMU can have, and takes it back. */
const host = () => name().optional().describe('The kvm-host; default: the first system.');
const device = () => devices().describe('Devices of the host; a subchannel is named by the device on it.');

export const setUpForms = [
  z.strictObject({
    do: oneOf(['unbind-device']).describe(
      'Take ccw devices from their driver (/sys/bus/ccw/devices/…/driver/unbind).',
    ),
    at: at(),
    name: label(),
    system: host(),
    device: device(),
  }),
  z.strictObject({
    do: oneOf(['unbind-subchannel']).describe(
      'Take subchannels from their driver (/sys/bus/css/devices/…/driver/unbind).',
    ),
    at: at(),
    name: label(),
    system: host(),
    device: device(),
  }),
  z.strictObject({
    do: oneOf(['bind-subchannel']).describe('Give subchannels to a driver (/sys/bus/css/drivers/…/bind).'),
    at: at(),
    name: label(),
    system: host(),
    device: device(),
    driver: oneOf(['vfio_ccw', 'io_subchannel']).prefault('vfio_ccw').describe('The driver.'),
  }),
  z.strictObject({
    do: oneOf(['create-mdev']).describe('Make mediated devices for subchannels (vfio_ccw-io/create).'),
    at: at(),
    name: label(),
    system: host(),
    device: device(),
    uuid: text().optional().describe('Name of the mediated device; default: one that nobody else has.'),
  }),
  z.strictObject({
    do: oneOf(['remove-mdev']).describe(
      'Remove the mediated devices of subchannels, when nobody has them open.',
    ),
    at: at(),
    name: label(),
    system: host(),
    device: device(),
  }),
  z.strictObject({
    do: oneOf(['start']).describe('Start the QEMU of a guest that is set up by hand.'),
    at: at(),
    name: label(),
    system: name().describe('The guest.'),
  }),
] as const;
