import { type SubchannelId, subchannelId } from '../zarch/ids.ts';
import { initializeSchib } from '../zarch/initialized-schib.ts';
import type { Irb } from '../zarch/irb.ts';
import { Orb } from '../zarch/orb.ts';
import { Schib } from '../zarch/schib.ts';
import type { DataStream } from './data-stream.ts';
import type { ProgramResult } from './program-result.ts';
import type { VirtualCcw } from './virtual-ccw.ts';

/** Sense bytes that a device keeps until they are fetched. */
export const SENSE_BYTES = 32;
/** What SENSE ID stores at most: identification and 62 command-information words, which no device here has. */
export const SENSE_ID_BYTES = 256;

/** The device behind a virtual subchannel (QEMU `ccw_cb`, `disable_cb`). */
export interface VirtualDevice {
  /** Control-unit type and model, device type and model as SENSE ID gives them. */
  readonly cuType: number;
  readonly cuModel: number;
  /** Channel-path type of the path that the device is reached by. */
  readonly pathType: number;
  /** A device of the host, behind vfio-ccw: it executes no commands here, and a reset leaves its SCHIB alone. */
  readonly passedThrough: boolean;
  /** Stores ESW and ECW of status that is pending (`irb_cb`); absent: as all virtual devices have them. */
  storeExtendedStatus?(sch: VirtualSubchannel, irb: Irb): void;
  /** Executes a command that the channel subsystem itself does not know. */
  execute(sch: VirtualSubchannel, ccw: VirtualCcw, data: DataStream): ProgramResult;
  /** MSCH took the enabled bit away, or the subchannel is reset while it is enabled. */
  disabled(sch: VirtualSubchannel): void;
  reset(sch: VirtualSubchannel): void;
}

/** A virtual subchannel (QEMU `SubchDev`): its SCHIB and what QEMU keeps beside it. */
export class VirtualSubchannel {
  readonly cssid: number;
  readonly ssid: number;
  /** Subchannel number; a migration gives it the one that the program knows. */
  number: number;
  readonly device: VirtualDevice;
  readonly schib = new Schib();
  readonly sense = new Uint8Array(SENSE_BYTES);
  readonly senseId = new Uint8Array(SENSE_ID_BYTES);
  /** The operation-request block last accepted; a resume function goes on with it. */
  readonly orb = new Orb();
  /** Address of the CCW in use; zero when no program is in progress. */
  ccwAddress = 0;
  /** The CCW executed last was a transfer in channel. */
  afterTransfer = false;
  /** Format of the program in progress. Unlike the bit in the SCSW it goes back to zero. */
  format1 = false;
  /** CCWs of the program so far that have the data address zero. */
  withoutAddress = 0;
  /** Adapter interruptions in place of I/O interruptions for notifications. */
  adapterInterruptions = false;

  constructor(cssid: number, ssid: number, number: number, deviceNumber: number, device: VirtualDevice) {
    this.cssid = cssid;
    this.ssid = ssid;
    this.number = number;
    this.device = device;
    this.schib.pmcw.deviceNumber = deviceNumber;
    this.senseId[1] = device.cuType >> 8;
    this.senseId[2] = device.cuType;
    this.senseId[3] = device.cuModel;
  }

  get deviceNumber(): number {
    return this.schib.pmcw.deviceNumber;
  }

  /** As QEMU's trace shows it. */
  get id(): SubchannelId {
    return subchannelId(this.cssid, this.ssid, this.number);
  }

  /** The program may not use it (QEMU `~flags & (DNV | ENA)`). */
  get notOperational(): boolean {
    const { pmcw } = this.schib;
    return pmcw.deviceNumberValid === 0 || pmcw.enabled === 0;
  }
}

/** Subsystem reset (css.c:css_reset_sch): the SCHIB is what a program finds first. */
export function resetSubchannel(sch: VirtualSubchannel): void {
  const { pmcw } = sch.schib;
  if (pmcw.enabled === 1) sch.device.disabled(sch);
  sch.device.reset(sch);
  pmcw.pim = 0x80;
  pmcw.pam = 0x80;
  pmcw.timing = 0;
  pmcw.deviceNumberValid = 1;
  initializeSchib(sch.schib);
  sch.ccwAddress = 0;
  sch.afterTransfer = false;
  sch.adapterInterruptions = false;
}
