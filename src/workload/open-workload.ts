import { assertNever } from '../kernel/assert.ts';
import type { Stream } from '../kernel/random.ts';
import type { SimTime } from '../kernel/time.ts';
import type { BlockRequest } from '../observe/block-request.ts';
import { type ArrivalProcess, MmppArrivals, PoissonArrivals } from './arrivals.ts';
import { Generator, type WorkloadSurroundings } from './generator.ts';
import { RequestSource, streamPrefix } from './request-source.ts';
import type { OpenArrivals, WorkloadOptions } from './workload.ts';

const IN_FLIGHT_LIMIT = 2 ** 22;

/** Requests arrive at every volume at times that do not depend on the answers. */
export class OpenWorkload extends Generator {
  protected readonly sources: readonly RequestSource[];
  private readonly arrivals: readonly ArrivalProcess[];

  constructor(options: WorkloadOptions, arrivals: OpenArrivals, surroundings: WorkloadSurroundings) {
    super(options, surroundings, options.inFlightLimit ?? IN_FLIGHT_LIMIT);
    const { streams } = surroundings;
    const prefixes = options.volumes.map((volume) => streamPrefix(options.name, volume.name));
    this.sources = prefixes.map((prefix, volume) => new RequestSource(options, volume, 0, streams, prefix));
    this.arrivals = prefixes.map((prefix) =>
      createArrivals(arrivals, (purpose) => streams.stream(`${prefix}/${purpose}`)),
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

function createArrivals(options: OpenArrivals, stream: (purpose: string) => Stream): ArrivalProcess {
  switch (options.kind) {
    case 'poisson':
      return new PoissonArrivals(stream('arrival'), options.perSecond);
    case 'mmpp':
      return new MmppArrivals(stream('arrival'), stream('burst'), options);
    default:
      return assertNever(options);
  }
}
