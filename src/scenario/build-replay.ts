import type { WorkloadSurroundings } from '../workload/generator.ts';
import { ReplayLayout } from '../workload/replay-layout.ts';
import { ReplayWorkload } from '../workload/replay-workload.ts';
import { TraceReader } from '../workload/traces/trace-reader.ts';
import type { WorkloadVolume } from '../workload/workload.ts';
import { includesDevice } from './devices.ts';
import { ScenarioError } from './errors.ts';
import { MAX_BLOCKS } from './request-limits.ts';
import type { ResolvedDevice, ResolvedReplayDevice, ResolvedReplayWorkload } from './resolved.ts';
import { TraceFile } from './trace-file.ts';

/** `devices` are those of `volumes`. Throws a ScenarioError when the trace is not the one that was resolved. */
export function buildReplay(
  { name, replay, fromNs, untilNs }: ResolvedReplayWorkload,
  devices: readonly ResolvedDevice[],
  volumes: readonly WorkloadVolume[],
  folder: string,
  surroundings: WorkloadSurroundings,
): ReplayWorkload {
  const file = new TraceFile(folder, replay.file);
  checkUnchanged(file, replay.sha256);
  const layoutOf = ({ volumes: ranges, blocks }: ResolvedReplayDevice): ReplayLayout | null => {
    const positions = [...devices.keys()].filter((position) => includesDevice(ranges, devices[position]));
    if (positions.length === 0) return null;
    return new ReplayLayout(volumes, positions, replay.fit === 'scale' ? blocks : null);
  };
  const { startNs, speed, outstanding } = replay;
  const options = {
    name,
    volumes,
    trace: new TraceReader(file, replay),
    layouts: replay.devices.map(layoutOf),
    fromNs,
    untilNs,
    startNs,
    speed,
    outstanding,
    maxBlocks: MAX_BLOCKS,
  };
  return new ReplayWorkload(options, surroundings);
}

/** The run is one of these bytes; others would be another run under the same name. */
function checkUnchanged(file: TraceFile, sha256: string): void {
  const reason = file.refusal();
  if (reason !== null) throw file.unreadable(reason);
  if (file.sha256() === sha256) return;
  const place = { file: file.path, line: 0, col: 0 };
  throw new ScenarioError('invalid', place, '', 'the trace has changed since', `its SHA-256 was ${sha256}`);
}
