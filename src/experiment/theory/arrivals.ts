import { meanServiceTime } from '../../dasd/service-time.ts';
import type { SimTime } from '../../kernel/time.ts';
import type { ResolvedScenario, ResolvedStream, ResolvedWorkload } from '../../scenario/resolved.ts';
import { countDevices } from '../../scenario/split-devices.ts';
import type { SystemArrivals } from './queueing-system.ts';
import type { Obstacle } from './solution.ts';

/** The one stream of requests, as theory sees it. */
export interface ArrivalSide {
  readonly workload: string;
  readonly arrivals: SystemArrivals;
  readonly volumes: number;
  /** Share of reads. */
  readonly reads: number;
  readonly largestBlocks: number;
}

/** `endNs`: where the run ends. */
export function arrivalSide(scenario: ResolvedScenario, endNs: SimTime): ArrivalSide | readonly Obstacle[] {
  const { workloads } = scenario;
  if (workloads.length !== 1) {
    const reason =
      workloads.length === 0
        ? 'there are no requests'
        : 'there are several streams of requests; theory needs one';
    return [{ key: 'workload', reason }];
  }
  const [stream] = workloads;
  const key = `workload.${stream.name}`;
  if (isReplay(stream)) return [{ key: `${key}.replay`, reason: 'arrivals of a trace follow no known law' }];
  const obstacles = [...streamObstacles(stream, key), ...windowObstacles(scenario, stream, endNs, key)];
  const arrivals = arrivalsOf(stream);
  if (arrivals === null) {
    const { kind } = stream.arrivals;
    return [...obstacles, { key: `${key}.arrivals`, reason: `${kind} is neither poisson nor closed` }];
  }
  if (obstacles.length > 0) return obstacles;
  const [{ reads, sizes }] = stream.patterns;
  const largestBlocks = Math.max(...sizes.map(({ blocks }) => blocks));
  return { workload: stream.name, arrivals, volumes: countDevices(stream.volumes), reads, largestBlocks };
}

function streamObstacles(stream: ResolvedStream, key: string): Obstacle[] {
  const present: readonly (readonly [string, boolean, string])[] = [
    ['shape', stream.shape !== undefined, 'the rate changes with the time of day'],
    ['skew', stream.skew !== undefined, 'volumes have different rates'],
    [
      'mix',
      stream.patterns.length !== 1 || stream.patterns[0].volumes !== null,
      'requests are of several kinds',
    ],
    ['reserve', stream.reserve !== undefined, 'reserve and release are requests as well'],
  ];
  return present.filter(([, is]) => is).map(([name, , reason]) => ({ key: `${key}.${name}`, reason }));
}

/** Where nothing arrives there is no steady state to be measured. */
function windowObstacles(
  { warmup, warmupNs }: ResolvedScenario,
  { fromNs, untilNs }: ResolvedWorkload,
  endNs: SimTime,
  key: string,
): Obstacle[] {
  const obstacles: Obstacle[] = [];
  if (warmup === undefined && warmupNs < fromNs) {
    const reason = `measurement begins at ${warmupNs} ns, before the requests do at ${fromNs} ns; --warmup auto`;
    obstacles.push({ key: 'warmup', reason });
  }
  if (untilNs < endNs) {
    obstacles.push({ key: `${key}.until`, reason: `no requests from ${untilNs} ns to the end of the run` });
  }
  return obstacles;
}

function arrivalsOf({ arrivals }: ResolvedStream): SystemArrivals | null {
  switch (arrivals.kind) {
    case 'poisson':
      return { kind: 'poisson', perVolume: arrivals.perSecond };
    case 'closed': {
      const { applicationsPerVolume, think } = arrivals;
      return { kind: 'closed', applicationsPerVolume, thinkMeanNs: meanServiceTime(think) };
    }
    default:
      return null;
  }
}

const isReplay = (workload: ResolvedWorkload): workload is Exclude<ResolvedWorkload, ResolvedStream> =>
  'replay' in workload;
