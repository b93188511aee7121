import { define, row } from './event-definition.ts';

/**
 * What crosses the borders of a virtual machine whose devices are passed through: out of the guest, from QEMU into the
 * host's kernel, and back. In the order of one START SUBCHANNEL (Documentation/arch/s390/vfio-ccw.rst): the guest exits
 * (Q3), QEMU writes the I/O region (Q4, Q5), is notified (Q6) and reads it, and queues the interruption (Q7).
 */
export const VMM_EVENTS = define({
  'vmm.realized': row(
    'vmm',
    '',
    'events',
    ['rc', '', ''],
    'QEMU has made a device of the host one of its guest, or cannot: then there is no guest.',
  ),
  'vmm.region.command': row(
    'vmm',
    'region.command',
    'events',
    ['', '', ''],
    'QEMU has found the region for HALT and CLEAR SUBCHANNEL of a device, and knows it.',
  ),
  'vmm.region.schib': row(
    'vmm',
    'region.schib',
    'events',
    ['', '', ''],
    "QEMU has found the region for the host's SCHIB of a device, and knows it.",
  ),
  'vmm.region.crw': row(
    'vmm',
    'region.crw',
    'events',
    ['', '', ''],
    'QEMU has found the region for channel reports of a device, and knows it.',
  ),
  'vmm.unplugged': row(
    'vmm',
    'unplugged',
    'events',
    ['', '', ''],
    'QEMU has taken a device of the host from its guest.',
  ),
  'vmm.crw-lost': row(
    'vmm',
    'crw_lost',
    'events',
    ['word', '', ''],
    'A channel report for the guest found no storage in QEMU.',
  ),
  'vmm.status-dropped': row(
    'vmm',
    'status_dropped',
    'events',
    ['fctl', 'stctl', ''],
    'QEMU forgot status of the host, because the guest had disabled the subchannel.',
  ),
  'vmm.killed': row('vmm', 'killed', 'events', ['', '', ''], 'The QEMU of a guest was killed.'),
  'vcpu.exit': row(
    'system',
    'exit',
    'all',
    ['instruction', '', ''],
    'A CPU of the guest left it for QEMU to handle an I/O instruction.',
  ),
  'vmm.pwrite': row(
    'vmm',
    'pwrite',
    'all',
    ['region', 'rc', ''],
    'QEMU wrote a region of a vfio-ccw device.',
  ),
  'vmm.pread': row('vmm', 'pread', 'all', ['region', 'rc', ''], 'QEMU read a region of a vfio-ccw device.'),
  'vmm.notified': row(
    'vmm',
    'notified',
    'all',
    ['irq', '', ''],
    'QEMU handles a notification of the kernel: 0 I/O, 1 channel reports, 2 the device is wanted back, 3 it is gone or there again.',
  ),
});
