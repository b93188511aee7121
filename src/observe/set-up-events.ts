import { define, row } from './event-definition.ts';

const refusal = (count: string, doc: string) =>
  row('kernel', `set_up.refused.${count}`, 'events', ['step', 'errno', ''], doc);

/**
 * What an administrator of a host writes into sysfs so that QEMU can have a subchannel, and on the way back; and why a write
 * is refused. Steps: 0 unbind the device, 1 unbind the subchannel, 2 bind it, 3 create, 4 remove a mediated device.
 */
export const SET_UP_EVENTS = define({
  'set-up.device-unbound': row(
    'kernel',
    'set_up.device_unbound',
    'events',
    ['', '', ''],
    'A ccw device was taken from its driver: it is offline, and has none.',
  ),
  'set-up.subchannel-unbound': row(
    'kernel',
    'set_up.subchannel_unbound',
    'events',
    ['', '', ''],
    'A subchannel was taken from io_subchannel, its ccw device with it, or from vfio_ccw.',
  ),
  'set-up.subchannel-bound': row(
    'kernel',
    'set_up.subchannel_bound',
    'events',
    ['driver', '', ''],
    'A subchannel was given to a driver: 0 io_subchannel, which looks for its device, 1 vfio_ccw.',
  ),
  'set-up.mdev-created': row(
    'kernel',
    'set_up.mdev_created',
    'events',
    ['', '', ''],
    'A mediated device was made for a subchannel: QEMU can open it.',
  ),
  'set-up.mdev-removed': row(
    'kernel',
    'set_up.mdev_removed',
    'events',
    ['', '', ''],
    'A mediated device was removed; nobody has it open any more.',
  ),
  'set-up.refused.no-entry': refusal(
    'no_entry',
    'ENOENT: the file is not there, for the device or subchannel has no driver, or not this one, or no mediated device.',
  ),
  'set-up.refused.no-device': refusal(
    'no_device',
    'ENODEV: no such subchannel, or the driver does not take it: one that is not for I/O, or has queues.',
  ),
  'set-up.refused.busy': refusal('busy', 'EBUSY: the subchannel still has a driver; ENODEV before 5.14.'),
  'set-up.refused.exists': refusal('exists', 'EEXIST: another mediated device has the name.'),
  'set-up.refused.invalid': refusal('invalid', 'EINVAL: the name is no UUID.'),
  'set-up.refused.users': refusal(
    'users',
    'EUSERS, or EPERM by older kernels: the subchannel has its mediated device (available_instances 0).',
  ),
});
