import type { Process, Steps } from '../../kernel/process.ts';
import type { DeviceNumber, SubchannelId } from '../../zarch/ids.ts';
import { Irb } from '../../zarch/irb.ts';
import { Orb } from '../../zarch/orb.ts';
import type { PathMask } from '../../zarch/path-mask.ts';
import { Schib } from '../../zarch/schib.ts';
import { Scsw } from '../../zarch/scsw.ts';
import { E, type Errno } from '../errno.ts';
import type { EventFd } from './event-fd.ts';
import type { GuestMemory } from './guest-memory.ts';

/**
 * What the kernel offers to user space for one subchannel that is passed through (include/uapi/linux/vfio_ccw.h and
 * vfio.h): regions that are read and written, and eventfds that tell of something.
 *
 *   write IoRegion ─► START SUBCHANNEL             eventfd IO  ◄─ an interruption: read IoRegion
 *   write CommandRegion ─► HALT, CLEAR SUBCHANNEL  eventfd CRW ◄─ a channel path: read CrwRegion until it is empty
 *   read SchibRegion ─► STORE SUBCHANNEL           eventfd REQ ◄─ the host wants the device back: close
 *                                                  eventfd OPER ◄─ the subchannel is gone, or there again: get info
 */
export const REGION = { IO: 0, COMMAND: 1, SCHIB: 2, CRW: 3 } as const;
export type RegionIndex = (typeof REGION)[keyof typeof REGION];

/** Bytes of each region, in the order of their indexes. */
export const REGION_BYTES: readonly number[] = [124, 8, 52, 8];

/** Offset of a region in the device's file, and the region at an offset. */
const OFFSET_SHIFT = 10;
export const regionOffset = (index: number): number => index << OFFSET_SHIFT;
export const regionAt = (offset: number): number => offset >> OFFSET_SHIFT;
export const offsetInRegion = (offset: number): number => offset & ((1 << OFFSET_SHIFT) - 1);

/**
 * The one region that is always there: a request with its return code, and the status of the last interruption. A
 * request is an ORB and the function bits of an SCSW. What is written takes the place of everything, the status too;
 * what is read is the answer half, status and return code.
 */
export class IoRegion {
  readonly index = REGION.IO;
  readonly orb = new Orb();
  readonly scsw = new Scsw();
  readonly irb = new Irb();
  retCode: Errno = E.OK;
}

/** Commands of the command region. XSCH and RSCH are none of Linux': only `cancel: passthrough` and `resume: pass` write them. */
export const ASYNC_COMMAND = { HSCH: 1, CSCH: 2, XSCH: 4, RSCH: 8 } as const;

/** HALT and CLEAR SUBCHANNEL, which do not wait for a request in the I/O region (Linux 5.2). */
export class CommandRegion {
  readonly index = REGION.COMMAND;
  command = 0;
  retCode: Errno = E.OK;
}

/** What STORE SUBCHANNEL stores now (Linux 5.8). */
export class SchibRegion {
  readonly index = REGION.SCHIB;
  readonly schib = new Schib();
}

/** The oldest channel report that has not been read; zero: there is none (Linux 5.8). */
export class CrwRegion {
  readonly index = REGION.CRW;
  crw = 0;
}

export type WritableRegion = IoRegion | CommandRegion;
export type ReadableRegion = IoRegion | CommandRegion | SchibRegion | CrwRegion;

/** Interrupt indexes. Each has one eventfd. OPER is none of Linux': only the policy `disconnected` offers it. */
export const IRQ = { IO: 0, CRW: 1, REQ: 2, OPER: 3 } as const;
export type IrqIndex = (typeof IRQ)[keyof typeof IRQ];

/** VFIO_DEVICE_FLAGS_… of a device. Linux does not say that one is not operational: it takes the device away. */
export const DEVICE_FLAG = { RESET: 0x01, CCW: 0x10, NOT_OPERATIONAL: 0x10000 } as const;

/** VFIO_DEVICE_GET_INFO. */
export interface DeviceInfo {
  readonly flags: number;
  /** One while the device is closed: regions besides the first exist from open to close. */
  readonly regions: number;
  readonly irqs: number;
}

/** VFIO_REGION_INFO_FLAG_… of a region. */
export const REGION_FLAG = { READ: 0x1, WRITE: 0x2, CAPABILITIES: 0x8 } as const;
/** Capability "region type", and the type of all regions of this bus. */
export const REGION_CAPABILITY_TYPE = 2;
export const REGION_TYPE_CCW = 2;
/** Subtypes by region index. User space looks for these: which index they stand under depends on the kernel. */
export const REGION_SUBTYPE = { [REGION.COMMAND]: 1, [REGION.SCHIB]: 2, [REGION.CRW]: 3 } as const;

/** VFIO_DEVICE_GET_REGION_INFO. */
export interface RegionInfo {
  readonly flags: number;
  readonly bytes: number;
  readonly offset: number;
  /** The capability chain, which has one link or none. */
  readonly capability: { readonly id: number; readonly type: number; readonly subtype: number } | null;
}

/**
 * An open device as user space sees it. Whatever takes time is executed by the process of user space that calls it, and
 * charged to it. Results are 0 or an error; what a `write` returns also stands in the region of the kernel.
 *
 * −EAGAIN of a write: somebody has the regions, or a program is being translated; the same write may do later.
 */
export interface VfioCcwDevice {
  readonly subchannel: SubchannelId;
  /** Attributes of the subchannel in sysfs, as the kernel saw it last. The array is only lent. */
  readonly deviceNumber: DeviceNumber;
  readonly chpids: Uint8Array;
  readonly pim: PathMask;
  readonly pam: PathMask;
  readonly pom: PathMask;

  readonly isOpen: boolean;
  readonly info: DeviceInfo;
  /** Null: there is no such region. */
  regionInfo(index: number): RegionInfo | null;
  /** Eventfds that an interrupt can have; −EINVAL for an interrupt that this kernel does not know. */
  irqCount(irq: number): number;
  /** VFIO_DEVICE_SET_IRQS. Null takes the eventfd away. */
  setTrigger(irq: number, eventFd: EventFd | null): Errno;

  /** Opens the device for a process whose memory is `memory`: the subchannel is enabled. −EINVAL when it is not operational, −EBUSY when somebody has it. */
  open(self: Process, memory: GuestMemory): Steps<Errno>;
  /** Ends what is in progress and disables the subchannel. Channel reports that were not read are kept. */
  close(self: Process): Steps;
  /** VFIO_DEVICE_RESET: closes the subchannel and opens it again. */
  reset(self: Process): Steps<Errno>;
  write(self: Process, region: WritableRegion): Steps<Errno>;
  read(self: Process, region: ReadableRegion): Steps<Errno>;
}
