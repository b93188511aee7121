import { PrintFormat } from './printf.ts';

/**
 * QEMU's trace events of the virtual channel subsystem (hw/s390x/trace-events, target/s390x/trace-events,
 * hw/intc/trace-events), with the text
 * that the log backend prints after the event's name. Subchannels are cssid, ssid, number.
 */
const TEXTS = {
  css_enable_facility: 'CSS: enable %s',
  css_crw: 'CSS: queueing crw: rsc=0x%x, erc=0x%x, rsid=0x%x %s',
  css_chpid_add: 'CSS: add chpid %x.%02x (type 0x%02x)',
  css_new_image: 'CSS: add css image 0x%02x %s',
  css_assign_subch: 'CSS: %s %x.%x.%04x (devno 0x%04x)',
  css_io_interrupt: 'CSS: I/O interrupt on sch %x.%x.%04x (intparm 0x%08x, isc 0x%x) %s',
  css_adapter_interrupt: 'CSS: adapter I/O interrupt (isc 0x%x)',
  css_do_sic: 'CSS: set interruption mode 0x%x on isc 0x%x',
  virtio_ccw_interpret_ccw: 'VIRTIO-CCW: %x.%x.%04x: interpret command 0x%x',
  virtio_ccw_new_device: 'VIRTIO-CCW: add subchannel %x.%x.%04x, devno 0x%04x (%s)',
  virtio_ccw_set_ind: 'VIRTIO-CCW: indicator at %u: 0x%x->0x%x',
  ioinst: 'IOINST: %s',
  ioinst_sch_id: 'IOINST: %s (%x.%x.%04x)',
  ioinst_chp_id: 'IOINST: %s (%x.%02x)',
  ioinst_chsc_cmd: 'IOINST: chsc command 0x%04x, len 0x%04x',
  qemu_s390_airq_suppressed: 'flic: adapter I/O interrupt suppressed (type 0x%x isc 0x%x)',
  qemu_s390_suppress_airq: 'flic: for isc 0x%x, suppress airq by modifying ais mode from %s to %s',
} as const;

export type QemuLogEvent = keyof typeof TEXTS;
export const QEMU_LOG_NAMES = Object.keys(TEXTS) as QemuLogEvent[];

export const QEMU_LOG_EVENTS = Object.fromEntries(
  QEMU_LOG_NAMES.map((name) => [name, new PrintFormat(TEXTS[name])]),
) as Readonly<Record<QemuLogEvent, PrintFormat>>;
