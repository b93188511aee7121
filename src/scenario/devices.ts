import type { DeviceRange, ResolvedDevice, ResolvedMachine } from './resolved.ts';
import type { ResolvedSubchannel } from './resolved-subchannels.ts';

/** Arithmetic on lists of device ranges. A list is normal when it is ascending and its ranges neither touch nor overlap. */

/** Every device of a machine, ascending by image, subchannel set and device number. */
export function devicesOf(machine: ResolvedMachine): ResolvedDevice[] {
  return machine.dasd.flatMap((range) => {
    const { cssid, ssid, first, last, firstUnitAddress } = range;
    return Array.from({ length: last - first + 1 }, (_, ordinal) => ({
      cssid,
      ssid,
      deviceNumber: first + ordinal,
      unitAddress: firstUnitAddress + ordinal,
      range,
    }));
  });
}

/** Every subchannel without I/O, in the same order. */
export const pathlessSubchannelsOf = ({ subchannels }: ResolvedMachine): ResolvedSubchannel[] =>
  subchannels.flatMap(({ cssid, ssid, first, last, kind }) =>
    Array.from({ length: last - first + 1 }, (_, ordinal) => ({
      cssid,
      ssid,
      deviceNumber: first + ordinal,
      kind,
    })),
  );

/** The single devices of a list, ascending. */
export const expandRanges = (ranges: readonly DeviceRange[]): { ssid: number; deviceNumber: number }[] =>
  ranges.flatMap(({ ssid, first, last }) =>
    Array.from({ length: last - first + 1 }, (_, ordinal) => ({ ssid, deviceNumber: first + ordinal })),
  );

/** Whether a device lies in one of the ranges. */
export const includesDevice = (
  ranges: readonly DeviceRange[],
  device: { readonly cssid: number; readonly ssid: number; readonly deviceNumber: number },
): boolean =>
  ranges.some(
    ({ cssid, ssid, first, last }) =>
      cssid === device.cssid &&
      ssid === device.ssid &&
      first <= device.deviceNumber &&
      device.deviceNumber <= last,
  );

export const compareRanges = (left: DeviceRange, right: DeviceRange): number =>
  left.cssid - right.cssid || left.ssid - right.ssid || left.first - right.first || left.last - right.last;

const sameSet = (left: DeviceRange, right: DeviceRange): boolean =>
  left.cssid === right.cssid && left.ssid === right.ssid;

/** The same devices as a normal list. */
export function normaliseRanges(ranges: readonly DeviceRange[]): DeviceRange[] {
  const result: DeviceRange[] = [];
  for (const { cssid, ssid, first, last } of ranges.toSorted(compareRanges)) {
    const previous = result.at(-1);
    if (
      previous !== undefined &&
      sameSet(previous, { cssid, ssid, first, last }) &&
      first <= previous.last + 1
    ) {
      result[result.length - 1] = { ...previous, last: Math.max(previous.last, last) };
    } else result.push({ cssid, ssid, first, last });
  }
  return result;
}

/** Devices of `ranges` that are not in the normal list `taken`. */
export function subtractRanges(ranges: readonly DeviceRange[], taken: readonly DeviceRange[]): DeviceRange[] {
  return normaliseRanges(ranges).flatMap((range) => {
    const left: DeviceRange[] = [];
    let next = range.first;
    for (const { first, last } of taken.filter((other) => sameSet(range, other))) {
      if (last < next || first > range.last) continue;
      if (first > next) left.push({ ...range, first: next, last: first - 1 });
      next = last + 1;
    }
    if (next <= range.last) left.push({ ...range, first: next });
    return left;
  });
}
