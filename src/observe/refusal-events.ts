import { define, row } from './event-definition.ts';

const refusal = (doc: string) => row('vmm', '', 'events', ['cssid', 'dev', ''], doc);
const counted = (count: string, doc: string) => ({ ...refusal(doc), count: `refused.${count}` });

/**
 * Why QEMU refuses a device, or an option of its machine: one event for each message, which `doc` quotes. At the start that
 * is the end of it, and there is no guest; at the monitor the device is not plugged. The bus id is the one
 * asked for, zero where QEMU was to choose one.
 */
export const REFUSAL_EVENTS = define({
  'vmm.refused.virtual-cssid': counted(
    'virtual_cssid',
    '"cssid %hhx not valid for virtual devices": before 2.12 they are in image fe.',
  ),
  'vmm.refused.host-cssid': counted(
    'host_cssid',
    '"cssid %hhx not valid for non-virtual devices": before 2.12 they are in any image but fe.',
  ),
  'vmm.refused.bus-id': counted('bus_id', '"Invalid cssid or ssid": there is no such subchannel set.'),
  'vmm.refused.exists': counted('exists', '"Device %x.%x.%04x already exists": another one has the number.'),
  'vmm.refused.full': counted('full', '"Virtual channel subsystem is full!": no subchannel is free.'),
  'vmm.refused.terminal': counted('terminal', '"Multiple 3270 terminals are not supported."'),
  'vmm.refused.chpid': counted(
    'chpid',
    '"No available chpid to use.": the image of the 3270 terminal has 255 others.',
  ),
  'vmm.refused.host-device': counted(
    'host_device',
    '"Host device \'%s\' not found": the mediated device is not there, or the type of its channel paths is not known.',
  ),
  'vmm.refused.open': counted(
    'open',
    '"error opening /dev/vfio/%d: Device or resource busy" or another error: the host does not open the device.',
  ),
  'vmm.refused.region': counted(
    'region',
    '"vfio: unexpected size of the I/O region" and the like: the host offers something that this QEMU does not know.',
  ),
  'vmm.refused.option': counted(
    'option',
    '"Property \'.s390-squash-mcss\' not found": since 3.1 there is no such machine option.',
  ),
  'vmm.aborted': {
    ...refusal(
      'An assertion of QEMU failed: image ff was asked for, which passes as a property and is never created.',
    ),
    count: 'aborted',
  },
  'vmm.deprecated': row(
    'vmm',
    'deprecated',
    'events',
    ['', '', ''],
    'QEMU warned of an option that it still takes: s390-squash-mcss.',
  ),
});
