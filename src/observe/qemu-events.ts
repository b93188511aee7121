import { define, row } from './event-definition.ts';

/**
 * What QEMU's virtual channel subsystem does, under the names of QEMU's own trace events (hw/s390x/trace-events,
 * target/s390x/trace-events) after `qemu.`, with everything that their text shows. Subchannels and channel paths carry
 * the number of their image; an instruction names its subchannel as the program did, so that image 0 stands for the
 * default image.
 */
export const QEMU_EVENTS = define({
  'qemu.css_new_image': row(
    'vmm',
    '',
    'events',
    ['cssid', 'default', ''],
    'A channel-subsystem image was created; the default one has 1.',
  ),
  'qemu.css_chpid_add': row('vmm', '', 'events', ['type', '', ''], 'A channel path was added to an image.'),
  'qemu.css_assign_subch': row(
    'vmm',
    '',
    'events',
    ['dev', 'assign', ''],
    'A subchannel was assigned to a device (1) or taken back from it (0).',
  ),
  'qemu.virtio_ccw_new_device': row(
    'vmm',
    '',
    'events',
    ['dev', 'user', ''],
    'A virtio device was realized; with a device number from the user (1) or an automatic one (0).',
  ),
  'qemu.css_enable_facility': row(
    'vmm',
    '',
    'events',
    ['operation', '', ''],
    'The guest enabled a facility: 0 several channel-subsystem images, 2 several subchannel sets.',
  ),
  'qemu.css_crw': row('vmm', 'crw', 'events', ['word', '', ''], 'A channel report was queued.'),
  'qemu.css_io_interrupt': row(
    'vmm',
    'io_interrupt',
    'all',
    ['intparm', 'isc', 'unsolicited'],
    'An I/O interruption of a subchannel was queued.',
  ),
  'qemu.css_adapter_interrupt': row(
    'vmm',
    'adapter_interrupt',
    'all',
    ['isc', '', ''],
    'An adapter interruption was queued.',
  ),
  'qemu.css_do_sic': row(
    'vmm',
    '',
    'all',
    ['mode', 'isc', ''],
    'SET INTERRUPTION CONTROLS: mode 0 all, 1 single, for adapter interruptions of a subclass.',
  ),
  'qemu.qemu_s390_airq_suppressed': row(
    'vmm',
    '',
    'all',
    ['adapter', 'isc', ''],
    'An adapter interruption was dropped because its subclass is suppressed; type of the adapter.',
  ),
  'qemu.qemu_s390_suppress_airq': row(
    'vmm',
    '',
    'all',
    ['adapter', 'isc', ''],
    'Further adapter interruptions of a subclass are suppressed; type of the adapter.',
  ),
  'qemu.ioinst': row(
    'vmm',
    '',
    'all',
    ['instruction', '', ''],
    'An I/O instruction without a subchannel was handled.',
  ),
  'qemu.ioinst_sch_id': row(
    'vmm',
    '',
    'all',
    ['instruction', '', ''],
    'An I/O instruction with a valid subchannel id was handled.',
  ),
  'qemu.ioinst_chp_id': row(
    'vmm',
    '',
    'all',
    ['instruction', '', ''],
    'An I/O instruction for a channel path was handled.',
  ),
  'qemu.ioinst_chsc_cmd': row(
    'vmm',
    '',
    'all',
    ['chsc', 'length', ''],
    'CHANNEL SUBSYSTEM CALL: command and length of the request block.',
  ),
  'qemu.virtio_ccw_interpret_ccw': row(
    'vmm',
    'command',
    'all',
    ['command', '', ''],
    'A virtio device interpreted a channel command.',
  ),
  'qemu.virtio_ccw_set_ind': row(
    'vmm',
    '',
    'all',
    ['address', 'old', 'new'],
    'An indicator byte of a virtio device was set.',
  ),
});
