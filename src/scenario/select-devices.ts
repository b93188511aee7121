import { normaliseRanges, subtractRanges } from './devices.ts';
import type { Issues, Path } from './errors.ts';
import type { DeviceSelection } from './fields.ts';
import { formatDevices } from './identifiers.ts';
import type { DeviceRange } from './resolved.ts';

/** The selected devices as a normal list; each of them must be among `available`. */
export function selectDevices(
  selection: DeviceSelection,
  available: readonly DeviceRange[],
  where: string,
  place: Path,
  issues: Issues,
): DeviceRange[] {
  const selected: DeviceRange[] = [];
  for (const { value, at } of selection) {
    if (value === 'all') {
      selected.push(...available);
      continue;
    }
    const missing = subtractRanges([value], available);
    if (missing.length === 0) selected.push(value);
    else {
      const have =
        available.length === 0 ? 'there are none' : `there are ${available.map(formatDevices).join(', ')}`;
      issues.value([...place, ...at], `device ${formatDevices(missing[0])} is not ${where}`, have);
    }
  }
  return normaliseRanges(selected);
}
