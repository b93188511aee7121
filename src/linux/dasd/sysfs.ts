import { formatBusId, ssidOf } from '../../zarch/ids.ts';
import type { DasdDevice } from './dasd-device.ts';
import type { DasdDriver } from './dasd-driver.ts';
import { BLOCK_SIZE, STATE } from './definitions.ts';

/** A DASD as sysfs and its block device show it. */
export interface ShownDasd {
  readonly device: string;
  /** `status` of a device in use (dasd_devmap.c:dasd_device_status_show); else what it is instead. */
  readonly status: 'offline' | 'alias' | (typeof STATUS)[number];
  /** Name and minor number of the block device: every device keeps those that it was given first. */
  readonly name: string;
  readonly minor: number;
  readonly blockBytes: number;
  /** Zero until the volume has been analysed. */
  readonly blocks: number;
}

/** By state. */
const STATUS = ['new', 'detected', 'basic', 'unformatted', 'ready', 'online'] as const;

/** Every device has room for itself and three partitions (DASD_PARTN_BITS). */
const MINORS = 4;
/** Major number that is reserved for DASD (DASD_MAJOR). */
export const DASD_MAJOR = 94;

/** By bus id. */
export function shownDasd({ devices }: DasdDriver): ShownDasd[] {
  return devices.map(shown).sort((a, b) => (a.device < b.device ? -1 : 1));
}

function shown(device: DasdDevice): ShownDasd {
  const { cdev, index, volume } = device;
  return {
    device: formatBusId(0, ssidOf(cdev.subchannel), cdev.deviceNumber),
    status: statusOf(device),
    name: diskName(index),
    minor: index * MINORS,
    blockBytes: BLOCK_SIZE,
    blocks: volume.blocks,
  };
}

function statusOf(device: DasdDevice): ShownDasd['status'] {
  if (device.state === STATE.NEW) return 'offline';
  return device.isAlias ? 'alias' : STATUS[device.state];
}

const LETTERS = 26;

/** dasda … dasdz, dasdaa … (dasd_genhd.c:dasd_gendisk_alloc). */
function diskName(index: number): string {
  let letters = '';
  for (let rest = index; rest >= 0; rest = Math.floor(rest / LETTERS) - 1) {
    letters = String.fromCharCode(0x61 + (rest % LETTERS)) + letters;
  }
  return `dasd${letters}`;
}
