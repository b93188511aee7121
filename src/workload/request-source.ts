import { assert } from '../kernel/assert.ts';
import type { RandomStreams, Stream } from '../kernel/random.ts';
import type { SimTime } from '../kernel/time.ts';
import type { BlockDevice, BlockRequest } from '../observe/block-request.ts';
import { type AddressPattern, createAddressPattern, placesOf } from './addresses.ts';
import type { WorkloadOptions } from './workload.ts';

/**
 * One sequence of requests to one volume: the arrivals of an open workload, or one application of a closed one. Each
 * request takes the same number of draws from each of the source's own streams, when it is issued; so request k of a
 * source is the same request whatever happened to the others, and strategies are compared under the same requests.
 */
export class RequestSource {
  readonly device: BlockDevice;
  private readonly volume: number;
  private readonly application: number;
  private readonly firstBlock: number;
  private readonly blockCount: number;
  private readonly reads: number;
  private readonly addresses: AddressPattern;
  private readonly directionStream: Stream;
  private readonly hitStream: Stream;
  private readonly serviceStream: Stream;

  /** `streamPrefix` names the source's streams, followed by `/` and the purpose. */
  constructor(
    options: WorkloadOptions,
    volume: number,
    application: number,
    streams: RandomStreams,
    streamPrefix: string,
  ) {
    const target = options.volumes[volume];
    const places = placesOf(target, options.blockCount);
    assert(places >= 1, `volume ${target.name} has no room for a request of ${options.blockCount} blocks`);
    this.device = target.device;
    this.volume = volume;
    this.application = application;
    this.firstBlock = target.firstBlock;
    this.blockCount = options.blockCount;
    this.reads = options.reads;
    this.addresses = createAddressPattern(
      options.addresses,
      places,
      streams.stream(`${streamPrefix}/address`),
    );
    this.directionStream = streams.stream(`${streamPrefix}/direction`);
    this.hitStream = streams.stream(`${streamPrefix}/hit`);
    this.serviceStream = streams.stream(`${streamPrefix}/service`);
  }

  /** Makes `request` the next request of this source. */
  fill(request: BlockRequest, id: number, now: SimTime): void {
    request.id = id;
    request.application = this.application;
    request.volume = this.volume;
    request.firstBlock = this.firstBlock + this.addresses.next() * this.blockCount;
    request.blockCount = this.blockCount;
    request.write = this.directionStream.uniform() >= this.reads;
    request.hitDraw = this.hitStream.uniform();
    request.serviceDraw = this.serviceStream.uniform();
    request.arrivalNs = now;
  }
}

/** Prefix of the streams of everything that a workload does on one volume. */
export const streamPrefix = (workload: string, volume: string): string => `workload/${workload}/${volume}`;
