import { BLOCKS_PER_TRACK, dasdModel, TRACKS_PER_CYLINDER } from '../dasd/geometry.ts';
import { largestOf } from '../workload/pattern-draws.ts';
import { includesDevice } from './devices.ts';
import type { Issues, Path } from './errors.ts';
import { formatDevices } from './identifiers.ts';
import type { DeviceRange, ResolvedDasdRange, ResolvedPattern } from './resolved.ts';

/** Tracks at the start of a formatted volume that hold labels: applications stay behind them. */
const LABEL_TRACKS = 2;
export const FIRST_BLOCK = LABEL_TRACKS * BLOCKS_PER_TRACK;

/** Blocks of a volume that workloads read and write. */
export function usableBlocks({ model, cylinders }: Pick<ResolvedDasdRange, 'model' | 'cylinders'>): number {
  const tracks = (cylinders ?? dasdModel(model)!.cylinders) * TRACKS_PER_CYLINDER;
  return tracks * BLOCKS_PER_TRACK - FIRST_BLOCK;
}

/** Every model has room for the largest request in the least extent; a volume with cylinders of its own may not. */
export function checkRoom(
  patterns: readonly ResolvedPattern[],
  volumes: readonly DeviceRange[],
  dasd: readonly ResolvedDasdRange[],
  here: Path,
  issues: Issues,
): void {
  for (const pattern of patterns) {
    const [from, to] = pattern.extent;
    const small = dasd.find((range) => {
      if (range.cylinders === undefined) return false;
      const blocks = usableBlocks(range);
      if (Math.floor(to * blocks) - Math.floor(from * blocks) >= largestOf(pattern)) return false;
      return includesAny(pattern.volumes ?? volumes, range);
    });
    if (small === undefined) continue;
    const problem = `device ${formatDevices({ ...small, last: small.first })} has no room for a request of ${largestOf(pattern) * 4}KiB`;
    issues.key(here, problem, 'choose other volumes, a larger extent or smaller blocks');
  }
}

const includesAny = (chosen: readonly DeviceRange[], { first, last, ...set }: DeviceRange): boolean =>
  Array.from({ length: last - first + 1 }, (_, at) => first + at).some((deviceNumber) =>
    includesDevice(chosen, { ...set, deviceNumber }),
  );
