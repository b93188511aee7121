import { IO_INSTRUCTIONS, type IoInstruction } from '../channel/channel-subsystem.ts';
import { EVENT } from '../observe/event-table.ts';
import type { Observer } from '../observe/observer.ts';
import { CHSC } from '../zarch/chsc.ts';
import { type Chpid, NONE, type SubchannelId } from '../zarch/ids.ts';
import type { BusId } from './device-configuration.ts';
import { shownId } from './identification.ts';
import { REFUSAL_EVENT, type Refusal } from './refusals.ts';

/** Instructions by their number in events. */
const NUMBER = Object.fromEntries(IO_INSTRUCTIONS.map((name, number) => [name, number])) as Record<
  IoInstruction,
  number
>;

/** Request blocks of CHANNEL SUBSYSTEM CALL that are given as fields have the length that Linux gives them. */
const LINUX_REQUEST_BYTES: Readonly<Record<number, number>> = {
  [CHSC.STORE_DOMAIN_ATTRIBUTES]: 0x20,
  [CHSC.STORE_IMAGE_IDS]: 0x20,
  [CHSC.STORE_STORAGE_CLASS_MEMORY]: 0x20,
  [CHSC.SET_CHANNEL_MONITOR]: 0x50,
  [CHSC.ENABLE_FACILITY]: 0x400,
};
const USUAL_REQUEST_BYTES = 0x10;

/** QEMU's trace events of one guest. */
export class QemuTrace {
  private readonly observer: Observer;
  private readonly system: number;

  constructor(observer: Observer, system: number) {
    this.observer = observer;
    this.system = system;
  }

  newImage(cssid: number, isDefault: boolean): void {
    this.emit(EVENT['qemu.css_new_image'], NONE, NONE, cssid, isDefault ? 1 : 0, 0);
  }

  pathAdded(chpid: Chpid, type: number): void {
    this.emit(EVENT['qemu.css_chpid_add'], NONE, chpid, type, 0, 0);
  }

  assigned(subchannel: SubchannelId, deviceNumber: number, isAssigned: boolean): void {
    this.emit(EVENT['qemu.css_assign_subch'], subchannel, NONE, deviceNumber, isAssigned ? 1 : 0, 0);
  }

  newDevice(subchannel: SubchannelId, deviceNumber: number, isFromUser: boolean): void {
    this.emit(EVENT['qemu.virtio_ccw_new_device'], subchannel, NONE, deviceNumber, isFromUser ? 1 : 0, 0);
  }

  facilityEnabled(operation: number): void {
    this.emit(EVENT['qemu.css_enable_facility'], NONE, NONE, operation, 0, 0);
  }

  report(word: number): void {
    this.emit(EVENT['qemu.css_crw'], NONE, NONE, word, 0, 0);
  }

  /** The same report, where QEMU has no storage for it. */
  reportLost(word: number): void {
    this.emit(EVENT['vmm.crw-lost'], NONE, NONE, word, 0, 0);
  }

  /** A message of QEMU that ends the realization of a device; null: QEMU was to choose its number, or it is an option. */
  refused(refusal: Refusal, wanted: BusId | null): void {
    const { cssid, deviceNumber } = wanted ?? { cssid: 0, deviceNumber: 0 };
    this.emit(EVENT[REFUSAL_EVENT[refusal]], NONE, NONE, cssid, deviceNumber, 0);
  }

  /** An option was taken for the last time. */
  deprecated(): void {
    this.emit(EVENT['vmm.deprecated'], NONE, NONE, 0, 0, 0);
  }

  ioInterruption(subchannel: SubchannelId, intparm: number, isc: number, isUnsolicited: boolean): void {
    this.emit(EVENT['qemu.css_io_interrupt'], subchannel, NONE, intparm, isc, isUnsolicited ? 1 : 0);
  }

  adapterInterruption(isc: number): void {
    this.emit(EVENT['qemu.css_adapter_interrupt'], NONE, NONE, isc, 0, 0);
  }

  interruptionControls(mode: number, isc: number): void {
    this.emit(EVENT['qemu.css_do_sic'], NONE, NONE, mode, isc, 0);
  }

  adapterInterruptionDropped(adapterType: number, isc: number): void {
    this.emit(EVENT['qemu.qemu_s390_airq_suppressed'], NONE, NONE, adapterType, isc, 0);
  }

  adapterInterruptionsSuppressed(adapterType: number, isc: number): void {
    this.emit(EVENT['qemu.qemu_s390_suppress_airq'], NONE, NONE, adapterType, isc, 0);
  }

  instruction(name: IoInstruction): void {
    this.emit(EVENT['qemu.ioinst'], NONE, NONE, NUMBER[name], 0, 0);
  }

  subchannelInstruction(name: IoInstruction, subchannel: SubchannelId): void {
    this.emit(EVENT['qemu.ioinst_sch_id'], shownId(subchannel), NONE, NUMBER[name], 0, 0);
  }

  pathInstruction(name: IoInstruction, chpid: Chpid): void {
    this.emit(EVENT['qemu.ioinst_chp_id'], NONE, chpid, NUMBER[name], 0, 0);
  }

  /** `length` of the request block; zero for a request without one. */
  call(command: number, length: number): void {
    const bytes = length === 0 ? (LINUX_REQUEST_BYTES[command] ?? USUAL_REQUEST_BYTES) : length;
    this.emit(EVENT['qemu.ioinst_chsc_cmd'], NONE, NONE, command, bytes, 0);
  }

  command(subchannel: SubchannelId, command: number): void {
    this.emit(EVENT['qemu.virtio_ccw_interpret_ccw'], subchannel, NONE, command, 0, 0);
  }

  indicator(address: number, old: number, set: number): void {
    this.emit(EVENT['qemu.virtio_ccw_set_ind'], NONE, NONE, address, old, set);
  }

  private emit(event: number, subchannel: number, chpid: number, a: number, b: number, c: number): void {
    this.observer.emit(event, this.system, subchannel, chpid, NONE, NONE, a, b, c);
  }
}
