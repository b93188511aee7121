import { checkImage } from './channel-subsystem-image.ts';
import { compareRanges, normaliseRanges, subtractRanges } from './devices.ts';
import type { Issues, Path } from './errors.ts';
import { formatDevices, parseDevices } from './identifiers.ts';
import type { DeviceRange } from './resolved.ts';
import type { ResolvedSubchannelRange } from './resolved-subchannels.ts';
import type { ParsedMachine } from './schema-machine.ts';

/** Subchannels without I/O, ascending. Nothing else in the machine has one of their numbers. */
export function resolveSubchannels(
  machine: ParsedMachine,
  dasd: readonly DeviceRange[],
  issues: Issues,
): ResolvedSubchannelRange[] {
  const result: ResolvedSubchannelRange[] = [];
  for (const [key, { type: kind }] of Object.entries(machine.subchannels)) {
    const place: Path = ['machine', 'subchannels', key];
    const ranges = parseDevices(key);
    if (!ranges.ok) {
      issues.key(place, ranges.message, ranges.hint);
      continue;
    }
    checkImage(
      ranges.value.map(({ cssid }) => cssid),
      place,
      issues,
    );
    const outside = ranges.value.find(({ ssid }) => ssid >= machine.subchannelSets);
    if (outside !== undefined) {
      const message = `subchannel set ${outside.ssid} is not in the machine`;
      issues.key(place, message, `machine.subchannelSets is ${machine.subchannelSets}`);
    }
    for (const range of ranges.value) {
      checkFree(range, [...dasd, ...result], place, issues);
      result.push({ ...range, kind });
    }
  }
  return result.sort(compareRanges);
}

function checkFree(range: DeviceRange, taken: readonly DeviceRange[], place: Path, issues: Issues): void {
  const [twice] = subtractRanges([range], subtractRanges([range], normaliseRanges(taken)));
  if (twice === undefined) return;
  const device = formatDevices({ ...twice, last: twice.first });
  issues.key(place, `device ${device} is defined twice`, 'make the ranges disjoint');
}
