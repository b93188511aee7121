import type { RandomStreams, Stream } from '../kernel/random.ts';
import type { SimTime } from '../kernel/time.ts';
import type { BlockDevice, BlockRequest } from '../observe/block-request.ts';
import { PatternDraws } from './pattern-draws.ts';
import { chosen, thresholdsOf } from './shares.ts';
import type { RequestPattern, WorkloadOptions } from './workload.ts';

/** Whoever makes the requests of one sequence, one after the other. */
export interface Requester {
  /** Where the next request goes. */
  readonly device: BlockDevice;
  /** Makes `request` the next one. */
  fill(request: BlockRequest, id: number, now: SimTime): void;
}

/**
 * One sequence of requests to one volume: the arrivals of an open workload, or one application of a closed one. Each
 * request takes the same number of draws from the source's own streams, when it is issued; so request k of a source is the
 * same request whatever happened to the others, and strategies are compared under the same requests. Where patterns are
 * mixed, one draw chooses the pattern, which draws from streams of its own: request k of a pattern is the same whatever
 * other patterns there are.
 */
export class RequestSource implements Requester {
  readonly device: BlockDevice;
  /** No pattern is for the volume. */
  readonly isSilent: boolean;
  private readonly volume: number;
  private readonly application: number;
  private readonly patterns: readonly PatternDraws[];
  /** Null where there is no choice. */
  private readonly mixStream: Stream | null;
  private readonly thresholds: Float64Array;
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
    const patterns = options.patterns.filter((pattern) => isFor(pattern, volume));
    this.device = target.device;
    this.isSilent = patterns.length === 0;
    this.volume = volume;
    this.application = application;
    this.patterns = patterns.map((pattern) => new PatternDraws(pattern, target, streams, streamPrefix));
    this.mixStream = patterns.length > 1 ? streams.stream(`${streamPrefix}/mix`) : null;
    const { length } = options.volumes;
    this.thresholds = thresholdsOf(patterns.map((pattern) => ({ share: shareOfVolume(pattern, length) })));
    this.hitStream = streams.stream(`${streamPrefix}/hit`);
    this.serviceStream = streams.stream(`${streamPrefix}/service`);
  }

  fill(request: BlockRequest, id: number, now: SimTime): void {
    const pattern = this.mixStream === null ? 0 : chosen(this.thresholds, this.mixStream.uniform());
    this.patterns[pattern].fill(request);
    request.id = id;
    request.application = this.application;
    request.volume = this.volume;
    request.hitDraw = this.hitStream.uniform();
    request.serviceDraw = this.serviceStream.uniform();
    request.arrivalNs = now;
  }
}

/** What each of a pattern's volumes has of its share, where the workload has `count` volumes. */
const shareOfVolume = ({ share, volumes }: RequestPattern, count: number): number =>
  share / (volumes === null ? count : volumes.length);

/** Whether the pattern has requests for the volume at this position. */
export const isFor = ({ volumes }: RequestPattern, volume: number): boolean =>
  volumes === null || volumes.includes(volume);

/** Prefix of the streams of everything that a workload does on one volume. */
export const streamPrefix = (workload: string, volume: string): string => `workload/${workload}/${volume}`;
