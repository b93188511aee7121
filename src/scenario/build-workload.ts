import { BLOCKS_PER_TRACK, dasdModel, TRACKS_PER_CYLINDER } from '../dasd/geometry.ts';
import { drawServiceTime } from '../dasd/service-time.ts';
import { assert } from '../kernel/assert.ts';
import { BLOCK_BYTES } from '../observe/block-request.ts';
import { type ArrivalOptions, createWorkload } from '../workload/create-workload.ts';
import type { WorkloadSurroundings } from '../workload/generator.ts';
import type { Workload, WorkloadVolume } from '../workload/workload.ts';
import { formatBusId } from '../zarch/ids.ts';
import { buildReplay } from './build-replay.ts';
import type { BuiltSystem } from './build-systems.ts';
import { deviceKey } from './build-volumes.ts';
import { includesDevice } from './devices.ts';
import type { ResolvedDevice, ResolvedStream, ResolvedWorkload } from './resolved.ts';

/** Tracks at the start of a formatted volume that hold labels: applications stay behind them. */
const LABEL_TRACKS = 2;

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
  return createWorkload(
    {
      name: workload.name,
      volumes,
      blockCount: workload.blockBytes / BLOCK_BYTES,
      reads: workload.reads,
      addresses: workload.addresses,
      fromNs: workload.fromNs,
      untilNs: workload.untilNs,
    },
    arrivalsOf(workload),
    surroundings,
  );
}

function volumeOf(
  { ssid, deviceNumber, range }: ResolvedDevice,
  device: WorkloadVolume['device'],
): WorkloadVolume {
  const tracks = dasdModel(range.model)!.cylinders * TRACKS_PER_CYLINDER;
  const firstBlock = LABEL_TRACKS * BLOCKS_PER_TRACK;
  const blocks = tracks * BLOCKS_PER_TRACK - firstBlock;
  return { name: formatBusId(0, ssid, deviceNumber), device, firstBlock, blocks };
}

function arrivalsOf({ arrivals }: ResolvedStream): ArrivalOptions {
  if (arrivals.kind !== 'closed') return arrivals;
  const { think, applicationsPerVolume } = arrivals;
  return { kind: 'closed', applicationsPerVolume, think: (uniform) => drawServiceTime(think, uniform) };
}
