import type { SimTime } from '../kernel/time.ts';
import { normaliseRanges } from './devices.ts';
import type { Issues, Path } from './errors.ts';
import { parseName } from './fields.ts';
import { volumesAmong } from './resolve-aliases.ts';
import { isNever, resolveArrivals, shapeOf, skewOf } from './resolve-arrivals.ts';
import { resolvePatterns } from './resolve-patterns.ts';
import { resolveReplay } from './resolve-replay.ts';
import { systemPosition } from './resolve-systems.ts';
import type {
  DeviceRange,
  ResolvedDedication,
  ResolvedGuest,
  ResolvedHosting,
  ResolvedMachine,
  ResolvedReserve,
  ResolvedSystem,
  ResolvedWorkload,
} from './resolved.ts';
import type { ParsedStream, ParsedWorkload } from './schema-workload.ts';
import { selectDevices } from './select-devices.ts';
import type { TraceScans } from './trace-scans.ts';
import { formatTime } from './units.ts';
import { checkRoom } from './volume-room.ts';

export function resolveWorkload(
  workload: ParsedWorkload,
  { machine, systems }: { readonly machine: ResolvedMachine; readonly systems: readonly ResolvedSystem[] },
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
      volumesAmong(volumesOf(owner), machine),
      `online in system ${owner.name}`,
      [...here, 'volumes'],
      issues,
    );
    const requests = {
      name,
      system,
      volumes,
      fromNs: stream.from,
      untilNs,
      ...(stream.reserve && { reserve: reserveOf(stream.reserve, here, issues) }),
    };
    if (stream.replay !== undefined) {
      const place = [...here, 'replay'];
      return { ...requests, replay: resolveReplay(stream.replay, volumes, traces, place, issues) };
    }
    const patterns = resolvePatterns(stream, volumes, here, issues);
    checkRoom(patterns, volumes, machine.dasd, here, issues);
    return {
      ...requests,
      arrivals: resolveArrivals(stream, volumes, here, issues),
      patterns,
      ...(stream.skew && { skew: skewOf(stream.skew, here, issues) }),
      ...(stream.shape && { shape: shapeOf(stream.shape, here, issues) }),
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

/** Without any time between them, reserves would follow each other at one instant for ever. */
function reserveOf(
  { every, hold }: NonNullable<ParsedStream['reserve']>,
  here: Path,
  issues: Issues,
): ResolvedReserve {
  if (isNever(every)) issues.value([...here, 'reserve', 'every'], 'is zero', 'write for instance 10s');
  return { every, hold };
}
