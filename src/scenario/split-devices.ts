import type { DeviceRange } from './resolved.ts';

/** Number of devices in a normal list. */
export const countDevices = (ranges: readonly DeviceRange[]): number =>
  ranges.reduce((sum, { first, last }) => sum + last - first + 1, 0);

/** The first `count` devices of a normal list, and the others. */
export function splitDevices(ranges: readonly DeviceRange[], count: number): [DeviceRange[], DeviceRange[]] {
  const before: DeviceRange[] = [];
  const behind: DeviceRange[] = [];
  let left = count;
  for (const range of ranges) {
    const taken = Math.min(left, range.last - range.first + 1);
    left -= taken;
    if (taken > 0) before.push({ ...range, last: range.first + taken - 1 });
    if (range.first + taken <= range.last) behind.push({ ...range, first: range.first + taken });
  }
  return [before, behind];
}
