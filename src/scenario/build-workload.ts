import { drawServiceTime, type ServiceTime } from '../dasd/service-time.ts';
import { assert, assertNever } from '../kernel/assert.ts';
import { type ArrivalOptions, createWorkload } from '../workload/create-workload.ts';
import type { WorkloadSurroundings } from '../workload/generator.ts';
import type { RequestPattern, Workload, WorkloadVolume } from '../workload/workload.ts';
import { formatBusId } from '../zarch/ids.ts';
import { buildReplay } from './build-replay.ts';
import type { BuiltSystem } from './build-systems.ts';
import { deviceKey } from './build-volumes.ts';
import { includesDevice } from './devices.ts';
import type {
  DeviceRange,
  ResolvedDevice,
  ResolvedPattern,
  ResolvedStream,
  ResolvedWorkload,
} from './resolved.ts';
import { FIRST_BLOCK, usableBlocks } from './volume-room.ts';

/** `folder`: where the scenario lies, from which traces are named. */
export function buildWorkload(
  workload: ResolvedWorkload,
  systems: readonly BuiltSystem[],
  devices: readonly ResolvedDevice[],
  folder: string,
  surroundings: WorkloadSurroundings,
): Workload {
  const { volumes: owned } = systems[workload.system];
  assert(owned !== null, 'a guest without host has no volumes');
  const { gates } = owned;
  const used = devices.filter(
    (device) => includesDevice(workload.volumes, device) && gates.has(deviceKey(device)),
  );
  const volumes = used.map((device) => volumeOf(device, gates.get(deviceKey(device))!));
  if ('replay' in workload) return buildReplay(workload, used, volumes, folder, surroundings);
  const { name, fromNs, untilNs } = workload;
  const patterns = workload.patterns.map((pattern) => patternOf(pattern, used));
  const options = { name, volumes, patterns, fromNs, untilNs };
  return createWorkload(options, arrivalsOf(workload, used), surroundings);
}

function volumeOf(
  { ssid, deviceNumber, range }: ResolvedDevice,
  device: WorkloadVolume['device'],
): WorkloadVolume {
  const name = formatBusId(0, ssid, deviceNumber);
  return { name, device, firstBlock: FIRST_BLOCK, blocks: usableBlocks(range) };
}

function patternOf(pattern: ResolvedPattern, used: readonly ResolvedDevice[]): RequestPattern {
  const { volumes } = pattern;
  return { ...pattern, volumes: volumes === null ? null : positionsOf(volumes, used) };
}

const positionsOf = (ranges: readonly DeviceRange[], used: readonly ResolvedDevice[]): number[] =>
  [...used.keys()].filter((position) => includesDevice(ranges, used[position]));

const drawn =
  (time: ServiceTime) =>
  (uniform: number): number =>
    drawServiceTime(time, uniform);

function arrivalsOf(
  { arrivals, skew, shape }: ResolvedStream,
  used: readonly ResolvedDevice[],
): ArrivalOptions {
  const modulation = { ...(skew !== undefined && { skew }), ...(shape !== undefined && { shape }) };
  switch (arrivals.kind) {
    case 'closed': {
      const { kind, applicationsPerVolume, think } = arrivals;
      return { kind, applicationsPerVolume, think: drawn(think) };
    }
    case 'copy': {
      const { kind, applicationsPerPair, think } = arrivals;
      const to = positionsOf(arrivals.to, used);
      const pairs = positionsOf(arrivals.from, used).map((from, at): [number, number] => [from, to[at]]);
      return { kind, pairs, applicationsPerPair, think: drawn(think) };
    }
    case 'trains': {
      const { kind, perSecond, length, pause } = arrivals;
      return { kind, perSecond, length: drawn(length), pause: drawn(pause), ...modulation };
    }
    case 'poisson':
    case 'mmpp':
      return { ...arrivals, ...modulation };
    default:
      return assertNever(arrivals);
  }
}
