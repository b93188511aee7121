import { meanServiceTime } from '../dasd/service-time.ts';
import type { ShapeOptions } from '../workload/workload.ts';
import { normaliseRanges, subtractRanges } from './devices.ts';
import type { Issues, Path } from './errors.ts';
import type { DeviceRange, ResolvedArrivals, ResolvedDistribution } from './resolved.ts';
import { DEFAULT_APPLICATIONS, DEFAULT_RATE, DEFAULT_THINK, type ParsedStream } from './schema-workload.ts';
import { selectDevices } from './select-devices.ts';
import { countDevices, splitDevices } from './split-devices.ts';

const OPEN = ['poisson', 'mmpp', 'trains'];
/** Fields that have a meaning only with some kinds of arrivals. */
const BELONGS: Readonly<Record<string, readonly string[]>> = {
  ratePerVolume: OPEN,
  burst: ['mmpp'],
  train: ['trains'],
  think: ['closed', 'copy'],
  applications: ['closed', 'copy'],
  copyTo: ['copy'],
  shape: OPEN,
  skew: OPEN,
};
/** So long as nobody thinks. */
const NO_THINK = { kind: 'deterministic', meanNs: 0 } as const satisfies ResolvedDistribution;
/** A factor beyond is a slip of the pen. */
const MAX_FACTOR = 1000;

/** `volumes`: all that the workload may use. */
export function resolveArrivals(
  stream: ParsedStream,
  volumes: readonly DeviceRange[],
  place: Path,
  issues: Issues,
): ResolvedArrivals {
  const { arrivals, applications, think } = stream;
  checkMeaning(stream, place, issues);
  const perSecond = stream.ratePerVolume ?? DEFAULT_RATE;
  switch (arrivals) {
    case 'poisson':
      return { kind: 'poisson', perSecond };
    case 'mmpp': {
      const { burst } = stream;
      if (burst === undefined) {
        const hint = 'write { ratePerVolume: 400/s, length: 100ms, every: 1s }';
        issues.value([...place, 'burst'], 'is missing', hint);
        return { kind: 'poisson', perSecond };
      }
      return {
        kind: 'mmpp',
        quietPerSecond: perSecond,
        burstPerSecond: burst.ratePerVolume,
        quietNs: burst.every,
        burstNs: burst.length,
      };
    }
    case 'trains': {
      const { train } = stream;
      if (train === undefined) {
        issues.value([...place, 'train'], 'is missing', 'write { length: 100ms, pause: 900ms }');
        return { kind: 'poisson', perSecond };
      }
      if (isNever(train.length))
        issues.value([...place, 'train', 'length'], 'is zero', 'write for instance 100ms');
      return { kind: 'trains', perSecond, length: train.length, pause: train.pause };
    }
    case 'closed':
      return {
        kind: 'closed',
        applicationsPerVolume: applications ?? DEFAULT_APPLICATIONS,
        think: think ?? DEFAULT_THINK,
      };
    case 'copy':
      return {
        kind: 'copy',
        ...pairsOf(stream, volumes, place, issues),
        applicationsPerPair: applications ?? DEFAULT_APPLICATIONS,
        think: think ?? NO_THINK,
      };
  }
}

function checkMeaning(stream: ParsedStream, place: Path, issues: Issues): void {
  const { arrivals } = stream;
  for (const [field, kinds] of Object.entries(BELONGS)) {
    if (stream[field as keyof ParsedStream] === undefined || kinds.includes(arrivals)) continue;
    const last = kinds.at(-1);
    const belongs = kinds.length === 1 ? last : `${kinds.slice(0, -1).join(', ')} and ${last}`;
    issues.key([...place, field], `has no meaning with ${arrivals} arrivals`, `it belongs to ${belongs}`);
  }
}

/** As many volumes are written as are read, and none is both. */
function pairsOf(
  { copyTo }: ParsedStream,
  volumes: readonly DeviceRange[],
  place: Path,
  issues: Issues,
): { readonly from: readonly DeviceRange[]; readonly to: readonly DeviceRange[] } {
  const hint = 'each volume that is read needs one that is written';
  const count = countDevices(volumes);
  if (copyTo === undefined) {
    if (count % 2 === 1) issues.value([...place, 'volumes'], `${count} volumes cannot be halved`, hint);
    const [from, to] = splitDevices(volumes, Math.floor(count / 2));
    return { from, to };
  }
  const here = [...place, 'copyTo'];
  const to = selectDevices(copyTo, volumes, 'a volume of this workload', here, issues);
  const from = subtractRanges(volumes, normaliseRanges(to));
  if (countDevices(from) !== countDevices(to)) {
    issues.value(here, `has ${countDevices(to)} volumes, and ${countDevices(from)} are left to read`, hint);
  }
  return { from, to };
}

export function skewOf({ volumes }: NonNullable<ParsedStream['skew']>, place: Path, issues: Issues): number {
  const theta = volumes.zipf;
  if (theta > 2) {
    issues.value(
      [...place, 'skew', 'volumes', 'zipf'],
      `${theta} is out of range`,
      'the skew lies between 0 and 2',
    );
  }
  return theta;
}

export function shapeOf(
  { day, period, begin }: NonNullable<ParsedStream['shape']>,
  place: Path,
  issues: Issues,
): ShapeOptions {
  const here = [...place, 'shape'];
  const points = day.map(([atNs, factor]) => ({ atNs, factor }));
  for (const [at, { atNs, factor }] of points.entries()) {
    const point = [...here, 'day', at];
    if (at > 0 && atNs <= points[at - 1].atNs) {
      issues.value([...point, 0], 'is not after the time before it', 'write times in ascending order');
    }
    if (atNs >= period) issues.value([...point, 0], 'is not within the period', 'lengthen the period');
    if (factor > MAX_FACTOR) {
      issues.value([...point, 1], `${factor} is out of range`, `write a factor from 0 to ${MAX_FACTOR}`);
    }
  }
  if (points.every(({ factor }) => factor === 0)) {
    issues.value([...here, 'day'], 'is zero all day', 'give one time a factor above zero');
  }
  return { points, periodNs: period, beginNs: begin };
}

/** Whether a time is always zero. */
export const isNever = (time: ResolvedDistribution): boolean => meanServiceTime(time) === 0;
