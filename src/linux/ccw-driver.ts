import type { Process, Steps } from '../kernel/process.ts';
import type { ChannelProgram } from '../zarch/ccw.ts';
import type { Chpid, DeviceNumber, SubchannelId } from '../zarch/ids.ts';
import type { Irb } from '../zarch/irb.ts';
import type { PathIndex, PathMask } from '../zarch/path-mask.ts';
import type { Errno } from './errno.ts';

/**
 * The seam between the common I/O layer and a device driver: what `struct ccw_device` and `struct ccw_driver` are in
 * Linux (include/asm/ccwdev.h). The common I/O layer implements `CcwDevice`, a driver implements `CcwDriver`.
 */
export interface CcwDevice {
  /** Position in the system's list of ccw devices, in recognition order. */
  readonly index: number;
  readonly subchannel: SubchannelId;
  readonly deviceNumber: DeviceNumber;
  /** Control-unit and device type from SENSE ID. */
  readonly cuType: number;
  readonly cuModel: number;
  readonly devType: number;
  readonly devModel: number;
  readonly online: boolean;
  /** What the driver needs of path grouping; set by the driver before it goes online (`ccw_device_set_options`). */
  options: { pathGroup: boolean; multipath: boolean };
  /** Whether verification established a path group, and one in multipath mode. */
  readonly pathGroup: boolean;
  readonly multipath: boolean;
  /** `sch->lpm` (`ccw_device_get_path_mask`). */
  readonly pathMask: PathMask;

  /**
   * `ccw_device_start`: starts a channel program on the paths of `lpm` (0: all usable). 0 when it was accepted;
   * −EBUSY, −EACCES, −ENODEV, −EINVAL, −EIO as `ccw_device_start_timeout_key`. `draws` are the request's uniforms.
   */
  start(program: ChannelProgram, intparm: number, lpm: PathMask, hitDraw: number, serviceDraw: number): Errno;
  /** `ccw_device_clear`: CLEAR SUBCHANNEL; its interruption is delivered with `intparm`. */
  clear(intparm: number): Errno;
  /** `ccw_device_halt`. */
  halt(intparm: number): Errno;
  /** `css_schedule_reprobe`: has all subchannels without a usable device looked at, a second from now. */
  scheduleReprobe(): void;
  /** Channel path behind a path (`ccw_device_get_chp_desc`). */
  chpid(path: PathIndex): Chpid;
  /**
   * Data that a program in transport mode may move on the paths of `lpm` (0: all usable), in units of 64 KiB: 0 where the
   * channel subsystem, or one of these paths, knows no transport mode (`ccw_device_get_mdc`).
   */
  maximumDataCount(lpm: PathMask): number;
  /** `chsc_scud`: stores the control-unit description of a logical subsystem, with the security of its paths. */
  readControlUnitDescription(self: Process, ssid: number): Steps<Errno>;
}

/** Notifications (`asm/cio.h`). */
export const CIO = { GONE: 1, NO_PATH: 2, OPER: 4, REVALIDATE: 8, BOXED: 0x10 } as const;
/** Path-event bits (`asm/ccwdev.h`). */
export const PE = {
  NONE: 0,
  PATH_GONE: 1,
  PATH_AVAILABLE: 2,
  PATHGROUP_ESTABLISHED: 4,
  PATH_FCES_EVENT: 8,
} as const;

export interface CcwDriver {
  readonly name: string;
  /** Whether the driver takes a device with this SENSE ID (the driver's id table). */
  matches(cuType: number, devType: number): boolean;
  /** Binds to a recognized device (`probe`). */
  probe(device: CcwDevice): void;
  /**
   * An interruption of the device, or an error code in its place (−EIO, −ETIMEDOUT). The IRB is only lent. Where the
   * channel subsystem answers instructions later, `start` counts as accepted, and what it would have returned comes here.
   */
  handler(device: CcwDevice, intparm: number, irb: Irb, error: Errno): void;
  /** A notification; true when the driver keeps the device. */
  notify(device: CcwDevice, event: number): boolean;
  /** Path events of one verification, PE bits for each path index. The array is only lent. */
  pathEvent(device: CcwDevice, events: Uint8Array): void;
  /** Brings the device into use after path verification succeeded; 0 or an error (`set_online`). */
  setOnline(self: Process, device: CcwDevice): Steps<Errno>;
  /** Takes it out of use (`set_offline`). */
  setOffline(self: Process, device: CcwDevice): Steps<Errno>;
  /** Lets go of a device that is gone for good (`remove`); it will not be used again. */
  remove?(self: Process, device: CcwDevice): Steps;
}
