import type { SimTime } from '../kernel/time.ts';
import { BLOCK_BYTES } from '../observe/block-request.ts';
import { normaliseRanges } from './devices.ts';
import type { Issues, Path } from './errors.ts';
import { parseName } from './fields.ts';
import { MAX_BLOCKS } from './request-limits.ts';
import { resolveReplay } from './resolve-replay.ts';
import { systemPosition } from './resolve-systems.ts';
import type {
  DeviceRange,
  ResolvedAddresses,
  ResolvedArrivals,
  ResolvedDedication,
  ResolvedGuest,
  ResolvedHosting,
  ResolvedSystem,
  ResolvedWorkload,
} from './resolved.ts';
import {
  DEFAULT_APPLICATIONS,
  DEFAULT_RATE,
  DEFAULT_THINK,
  type ParsedStream,
  type ParsedWorkload,
} from './schema-systems.ts';
import { selectDevices } from './select-devices.ts';
import type { TraceScans } from './trace-scans.ts';
import { formatTime } from './units.ts';

/** Fields that have a meaning only with some kinds of arrivals. */
const BELONGS = {
  ratePerVolume: ['poisson', 'mmpp'],
  burst: ['mmpp'],
  think: ['closed'],
  applications: ['closed'],
} as const;

export function resolveWorkload(
  workload: ParsedWorkload,
  systems: readonly ResolvedSystem[],
  durationNs: SimTime,
  traces: TraceScans,
  issues: Issues,
): ResolvedWorkload[] {
  if (workload === 'none') return [];
  return Object.entries(workload).map(([name, stream]): ResolvedWorkload => {
    const here: Path = ['workload', name];
    const valid = parseName(name);
    if (!valid.ok) issues.key(here, valid.message, valid.hint);
    const system = systemPosition(stream.on, systems, [...here, 'on'], issues);
    const owner = systems[system];
    if (owner.kind === 'zvm-host' || (owner.kind === 'guest' && ownedBy(owner) === undefined))
      issues.key(here, `system ${owner.name} has no volumes`, 'let it run on a partition');
    const untilNs = stream.until ?? durationNs;
    if (untilNs <= stream.from) refuseEmptySpan(stream, here, issues);
    const volumes = selectDevices(
      stream.volumes,
      volumesOf(owner),
      `online in system ${owner.name}`,
      [...here, 'volumes'],
      issues,
    );
    const requests = { name, system, volumes, fromNs: stream.from, untilNs };
    if (stream.replay !== undefined) {
      const place = [...here, 'replay'];
      return { ...requests, replay: resolveReplay(stream.replay, volumes, traces, place, issues) };
    }
    checkBlock(stream, here, issues);
    return {
      ...requests,
      arrivals: arrivalsOf(stream, here, issues),
      blockBytes: wholeBlocks(stream.block),
      reads: stream.reads,
      addresses: addressesOf(stream, here, issues),
    };
  });
}

function volumesOf(owner: ResolvedSystem): readonly DeviceRange[] {
  if (owner.kind !== 'guest') return owner.online;
  const online = ownedBy(owner)?.online ?? [];
  return normaliseRanges([...online, ...(owner.hosting?.plugged ?? [])]);
}

/** What a guest has of its host of either kind. */
const ownedBy = (guest: ResolvedGuest): ResolvedHosting | ResolvedDedication | undefined =>
  guest.hosting ?? guest.dedication;

/** Either time may be a default, which the user has never seen: the message names what was written. */
function refuseEmptySpan({ from, until }: ParsedStream, here: Path, issues: Issues): void {
  if (until !== undefined) issues.value([...here, 'until'], 'is not after "from"', 'make it later');
  else {
    const problem = `begins at ${formatTime(from)}, when the run is over`;
    issues.key(here, problem, 'lengthen the duration, or let it begin earlier with "from"');
  }
}

function arrivalsOf(stream: ParsedStream, place: Path, issues: Issues): ResolvedArrivals {
  const { arrivals, ratePerVolume, burst } = stream;
  for (const [field, kinds] of Object.entries(BELONGS)) {
    if (stream[field as keyof typeof BELONGS] === undefined) continue;
    if ((kinds as readonly string[]).includes(arrivals)) continue;
    issues.key(
      [...place, field],
      `has no meaning with ${arrivals} arrivals`,
      `it belongs to ${kinds.join(' and ')}`,
    );
  }
  const perSecond = ratePerVolume ?? DEFAULT_RATE;
  switch (arrivals) {
    case 'poisson':
      return { kind: 'poisson', perSecond };
    case 'mmpp':
      if (burst === undefined) {
        issues.value(
          [...place, 'burst'],
          'is missing',
          'write { ratePerVolume: 400/s, length: 100ms, every: 1s }',
        );
        return { kind: 'poisson', perSecond };
      }
      return {
        kind: 'mmpp',
        quietPerSecond: perSecond,
        burstPerSecond: burst.ratePerVolume,
        quietNs: burst.every,
        burstNs: burst.length,
      };
    case 'closed':
      return {
        kind: 'closed',
        applicationsPerVolume: stream.applications ?? DEFAULT_APPLICATIONS,
        think: stream.think ?? DEFAULT_THINK,
      };
  }
}

function addressesOf({ addresses }: ParsedStream, place: Path, issues: Issues): ResolvedAddresses {
  if (typeof addresses === 'string') return { kind: addresses };
  const theta = addresses.zipf;
  if (theta <= 0 || theta >= 2) {
    issues.value(
      [...place, 'addresses', 'zipf'],
      `${theta} is out of range`,
      'the skew lies between 0 and 2',
    );
  }
  return { kind: 'zipf', theta };
}

/** A block device moves whole blocks: a request of 27 KiB, half a track, moves seven of them. */
const wholeBlocks = (bytes: number): number => Math.ceil(bytes / BLOCK_BYTES) * BLOCK_BYTES;

function checkBlock({ block }: ParsedStream, place: Path, issues: Issues): void {
  if (block > MAX_BLOCKS * BLOCK_BYTES) {
    issues.value([...place, 'block'], 'is more than a request can hold', `the most is ${MAX_BLOCKS * 4}KiB`);
  }
}
