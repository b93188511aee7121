import { BLOCK_BYTES } from '../observe/block-request.ts';
import type { Issues, Path } from './errors.ts';
import type { DeviceRange, ResolvedReplay, ResolvedReplayDevice } from './resolved.ts';
import type { ParsedReplay } from './schema-replay.ts';
import { selectDevices } from './select-devices.ts';
import type { ScannedTrace, TraceScans } from './trace-scans.ts';

/** Speeds beyond are a slip of the pen. */
const MAX_SPEED = 1_000_000;

/** What a stream says of its own requests; a trace brings all of it along. */
const STREAM_FIELDS = [
  'profile',
  'arrivals',
  'ratePerVolume',
  'burst',
  'train',
  'think',
  'applications',
  'copyTo',
  'shape',
  'skew',
  'block',
  'reads',
  'addresses',
  'extent',
  'mix',
] as const;

/** Refuses what has no meaning beside a trace. Looks at the text's own data, where defaults are not yet filled in. */
export function checkReplays(data: unknown, issues: Issues): void {
  const workload = fieldOf(data, 'workload');
  if (typeof workload !== 'object' || workload === null) return;
  for (const [name, stream] of Object.entries(workload)) {
    if (fieldOf(stream, 'replay') === undefined) continue;
    for (const field of STREAM_FIELDS) {
      if (fieldOf(stream, field) === undefined) continue;
      issues.key(['workload', name, field], 'has no meaning with replay', 'the trace says it; leave it out');
    }
  }
}

const fieldOf = (data: unknown, field: string): unknown =>
  typeof data === 'object' && data !== null && Object.hasOwn(data, field)
    ? (data as Record<string, unknown>)[field]
    : undefined;

/** The trace is read to its end here, so that a run never finds anything in it that it cannot replay. */
export function resolveReplay(
  replay: ParsedReplay,
  volumes: readonly DeviceRange[],
  traces: TraceScans,
  here: Path,
  issues: Issues,
): ResolvedReplay {
  const { file, events, waits, window, fit, start, speed, outstanding } = replay;
  if (speed <= 0 || speed > MAX_SPEED) {
    issues.value(
      [...here, 'speed'],
      `${speed} is out of range`,
      `write a number above 0, up to ${MAX_SPEED}`,
    );
  }
  const scan = traces.scan(replay);
  if (!scan.ok) issues.value([...here, 'file'], `trace "${file}" ${scan.message}`, scan.hint);
  const trace = scan.ok ? scan.value : null;
  if (trace !== null) checkTrace(replay, trace, here, issues);
  return {
    file,
    sha256: trace?.sha256 ?? '',
    format: trace?.format ?? 'fio',
    events,
    waits,
    window,
    rows: trace?.rows ?? 0,
    devices: trace === null ? [] : devicesOf(replay, trace, volumes, here, issues),
    fit,
    startNs: start,
    speed,
    outstanding,
  };
}

function checkTrace(replay: ParsedReplay, trace: ScannedTrace, here: Path, issues: Issues): void {
  for (const error of trace.errors) issues.outside(error);
  if (trace.errors.length > 0 || trace.records > 0) return;
  const hint =
    trace.format === 'blkparse'
      ? `of blkparse, events ${replay.events} are replayed; "events" chooses others`
      : 'name a trace of requests';
  issues.value([...here, 'file'], `trace "${replay.file}" has no reads and no writes`, hint);
}

function devicesOf(
  { map }: ParsedReplay,
  { devices }: ScannedTrace,
  volumes: readonly DeviceRange[],
  here: Path,
  issues: Issues,
): ResolvedReplayDevice[] {
  const count = volumes.reduce((sum, { first, last }) => sum + last - first + 1, 0);
  if (count === 0) issues.key(here, 'has no volumes to replay on', 'write volumes: all');
  const blocksOf = (endByte: number): number => Math.ceil(endByte / BLOCK_BYTES);
  if (map === 'auto') {
    return devices.map(({ name, endByte }, at) => ({
      name,
      blocks: blocksOf(endByte),
      volumes: count === 0 ? [] : [volumeAt(volumes, at % count)],
    }));
  }
  const chosen = new Map<string, DeviceRange[]>();
  const names = devices.map(({ name }) => name);
  for (const [name, selection] of Object.entries(map)) {
    const place = [...here, 'map', name];
    if (!names.includes(name)) issues.key(place, 'is no device of the trace', `it has ${listed(names)}`);
    chosen.set(name, selectDevices(selection, volumes, 'a volume of this workload', place, issues));
  }
  return devices.map(({ name, endByte }) => ({
    name,
    blocks: blocksOf(endByte),
    volumes: chosen.get(name) ?? [],
  }));
}

/** Names that a hint has room for. */
const MAX_LISTED = 8;

const listed = (names: readonly string[]): string =>
  names.length <= MAX_LISTED ? names.join(', ') : `${names.slice(0, MAX_LISTED).join(', ')} and others`;

/** Volume number `at` of a normal list. */
function volumeAt(volumes: readonly DeviceRange[], at: number): DeviceRange {
  let left = at;
  for (const range of volumes) {
    const size = range.last - range.first + 1;
    if (left < size) return { ...range, first: range.first + left, last: range.first + left };
    left -= size;
  }
  throw new RangeError(`there is no volume ${at}`);
}
