import type { ResolvedDevice } from './resolved.ts';

/** A subchannel of an image, by set and number; `device` is null where it is there without one. */
export interface NumberedSubchannel {
  readonly ssid: number;
  readonly device: ResolvedDevice | null;
}

/**
 * Subchannels of an image, each set in the order of the numbers, which begin at zero and have no gaps: a number that the
 * scenario jumps over is a subchannel whose device the partition does not have. Devices without a number of their own take
 * the lowest that are free, in the order of their device numbers.
 */
export function numberedSubchannels(devices: readonly ResolvedDevice[]): NumberedSubchannel[] {
  const sets: (ResolvedDevice | undefined)[][] = [[], [], [], []];
  for (const device of devices) {
    const { firstSubchannel, first } = device.range;
    if (firstSubchannel === undefined) continue;
    sets[device.ssid][firstSubchannel + device.deviceNumber - first] = device;
  }
  const lowest = [0, 0, 0, 0];
  for (const device of devices) {
    if (device.range.firstSubchannel !== undefined) continue;
    const set = sets[device.ssid];
    while (set[lowest[device.ssid]] !== undefined) lowest[device.ssid]++;
    set[lowest[device.ssid]] = device;
  }
  return sets.flatMap((set, ssid) => Array.from(set, (device) => ({ ssid, device: device ?? null })));
}
