import { assertNever } from '../kernel/assert.ts';
import type { Stream } from '../kernel/random.ts';
import { NEVER, type SimTime } from '../kernel/time.ts';
import type { BlockRequest } from '../observe/block-request.ts';
import { type ArrivalProcess, MmppArrivals, PoissonArrivals } from './arrivals.ts';
import { Generator, type WorkloadSurroundings } from './generator.ts';
import { RateShape } from './rate-shape.ts';
import { RequestSource, streamPrefix } from './request-source.ts';
import { TrainArrivals } from './train-arrivals.ts';
import { volumeWeights } from './volume-weights.ts';
import type { OpenArrivals, OpenProcess, WorkloadOptions } from './workload.ts';

const IN_FLIGHT_LIMIT = 2 ** 22;

/** Requests arrive at every volume at times that do not depend on the answers. */
export class OpenWorkload extends Generator {
  protected readonly sources: readonly RequestSource[];
  private readonly arrivals: readonly ArrivalProcess[];

  constructor(options: WorkloadOptions, arrivals: OpenArrivals, surroundings: WorkloadSurroundings) {
    super(options, surroundings, options.inFlightLimit ?? IN_FLIGHT_LIMIT);
    const { streams } = surroundings;
    const { skew: theta } = arrivals;
    const prefixes = options.volumes.map((volume) => streamPrefix(options.name, volume.name));
    const skew =
      theta === undefined
        ? null
        : { theta, uniform: streams.stream(`workload/${options.name}/skew`).uniform() };
    const weights = volumeWeights(options.patterns, options.volumes.length, skew);
    const shape = arrivals.shape === undefined ? null : new RateShape(arrivals.shape);
    this.sources = prefixes.map((prefix, volume) => new RequestSource(options, volume, 0, streams, prefix));
    this.arrivals = prefixes.map((prefix, volume) =>
      createArrivals(arrivals, weights[volume], shape, (purpose) => streams.stream(`${prefix}/${purpose}`)),
    );
  }

  protected planFirst(source: number, fromNs: SimTime): void {
    this.plan(source, this.arrivals[source].next(fromNs));
  }

  protected arrived(source: number): void {
    this.plan(source, this.arrivals[source].next(this.sim.now));
  }

  protected answered(): void {}

  protected sourceOf(request: BlockRequest): number {
    return request.volume;
  }
}

/** A volume that no pattern is for. */
const NO_ARRIVALS: ArrivalProcess = { next: () => NEVER };

/** `weight`: how many times the mean rate the volume has. */
function createArrivals(
  options: OpenProcess,
  weight: number,
  shape: RateShape | null,
  stream: (purpose: string) => Stream,
): ArrivalProcess {
  if (weight === 0) return NO_ARRIVALS;
  switch (options.kind) {
    case 'poisson':
      return new PoissonArrivals(stream('arrival'), options.perSecond * weight, shape);
    case 'mmpp': {
      const quietPerSecond = options.quietPerSecond * weight;
      const burstPerSecond = options.burstPerSecond * weight;
      const weighted = { ...options, quietPerSecond, burstPerSecond };
      return new MmppArrivals(stream('arrival'), stream('burst'), weighted, shape);
    }
    case 'trains':
      return new TrainArrivals(stream('train'), { ...options, perSecond: options.perSecond * weight }, shape);
    default:
      return assertNever(options);
  }
}
