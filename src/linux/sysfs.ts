import { type Chpid, formatBusId, formatSubchannel, ssidOf } from '../zarch/ids.ts';
import { type PathMask, pathBit } from '../zarch/path-mask.ts';
import type { LinuxSystem } from './linux-system.ts';
import { SUBCHANNEL_TYPE_IO, type Subchannel } from './subchannel.ts';

/** What sysfs shows of channel paths and subchannels: the kernel's knowledge, which the machine may be ahead of. */

/** A channel path below `/sys/devices/css0` (chp.c). */
export interface ShownChannelPath {
  readonly chpid: Chpid;
  /** `status`: logically online. */
  readonly online: boolean;
  /** `type`; null when it is not known. */
  readonly type: number | null;
}

/** A subchannel of type I/O, and the ccw device on it (css.c, device.c). */
export interface ShownSubchannel {
  /** Bus id. */
  readonly subchannel: string;
  /** `dev_busid`: of the device that the machine has there, whether it is known or not. */
  readonly device: string;
  /** `devtype` and `cutype`, each with its model; null without a ccw device. A device without a type is n/a in sysfs. */
  readonly devType: ShownType | null;
  readonly cuType: ShownType | null;
  readonly online: boolean;
  /** `pimpampom`, of the last SCHIB seen. */
  readonly pim: PathMask;
  readonly pam: PathMask;
  readonly pom: PathMask;
  /** `vpm`. */
  readonly vpm: PathMask;
  /** `chpids`: zero where there is no path. */
  readonly chpids: readonly Chpid[];
}

export interface ShownType {
  readonly type: number;
  readonly model: number;
}

/** Ascending. */
export function shownChannelPaths({ chps }: LinuxSystem): ShownChannelPath[] {
  return chps.registered().map((chpid) => ({
    chpid,
    online: chps.status(chpid) === 1,
    type: chps.type(chpid),
  }));
}

/** By subchannel set and number, as bus ids sort. */
export function shownSubchannels({ css }: LinuxSystem): ShownSubchannel[] {
  return css.known
    .filter((sch): sch is Subchannel => sch !== null && sch.type === SUBCHANNEL_TYPE_IO)
    .sort((a, b) => a.schid - b.schid)
    .map(shownSubchannel);
}

function shownSubchannel(sch: Subchannel): ShownSubchannel {
  const { schid, schib, device } = sch;
  const { deviceNumberValid, deviceNumber, pim, pam, pom } = schib.pmcw;
  const id = device?.registered === true ? device.id : null;
  return {
    subchannel: formatSubchannel(schid),
    device: deviceNumberValid === 1 ? formatBusId(0, ssidOf(schid), deviceNumber) : 'none',
    devType: id === null ? null : { type: id.devType, model: id.devModel },
    cuType: id === null ? null : { type: id.cuType, model: id.cuModel },
    online: device?.online === true,
    pim,
    pam,
    pom,
    vpm: sch.vpm,
    chpids: Array.from(sch.ssdChpids, (chpid, index) =>
      (sch.ssdPathMask & pathBit(index)) === 0 ? 0 : chpid,
    ),
  };
}
