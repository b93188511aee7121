import { assert } from '../kernel/assert.ts';
import type { RandomStreams, Stream } from '../kernel/random.ts';
import type { SimTime } from '../kernel/time.ts';
import type { BlockDevice, BlockRequest } from '../observe/block-request.ts';
import { Generator, type WorkloadSurroundings } from './generator.ts';
import { PatternDraws } from './pattern-draws.ts';
import { type Requester, streamPrefix } from './request-source.ts';
import type { CopyArrivals, WorkloadOptions } from './workload.ts';

/**
 * Utilities that copy volumes: each request to read is followed by one that writes the same blocks to another volume, and
 * only when that has ended by the next read. What could not be read is passed over.
 */
export class CopyWorkload extends Generator {
  protected readonly sources: readonly CopySource[];
  private readonly think: (uniform: number) => SimTime;
  private readonly applications: number;
  /** Position of a volume's pair, by position of the volume. */
  private readonly pairOf: Int32Array;

  constructor(options: WorkloadOptions, arrivals: CopyArrivals, surroundings: WorkloadSurroundings) {
    const { pairs, applicationsPerPair } = arrivals;
    super(options, surroundings, pairs.length * applicationsPerPair);
    assert(options.patterns.length === 1, `workload ${options.name} copies in one way`);
    this.think = arrivals.think;
    this.applications = applicationsPerPair;
    this.pairOf = new Int32Array(options.volumes.length).fill(-1);
    const sources: CopySource[] = [];
    for (const [number, pair] of pairs.entries()) {
      for (const volume of pair) {
        assert(this.pairOf[volume] < 0, `volume ${options.volumes[volume].name} is copied once`);
        this.pairOf[volume] = number;
      }
      for (let application = 0; application < applicationsPerPair; application++) {
        const start = application / applicationsPerPair;
        sources.push(new CopySource(options, pair, { application, start }, surroundings.streams));
      }
    }
    this.sources = sources;
  }

  protected planFirst(source: number, fromNs: SimTime): void {
    this.planRead(source, fromNs);
  }

  protected arrived(): void {}

  protected answered(source: number, completed: boolean): void {
    if (this.sources[source].answered(completed)) this.plan(source, this.sim.now);
    else this.planRead(source, this.sim.now);
  }

  protected sourceOf(request: BlockRequest): number {
    return this.pairOf[request.volume] * this.applications + request.application;
  }

  private planRead(source: number, from: SimTime): void {
    this.plan(source, from + this.think(this.sources[source].thinkStream.uniform()));
  }
}

/** One application that copies: what it does next, and the blocks that it holds in between. */
class CopySource implements Requester {
  readonly thinkStream: Stream;
  private readonly from: number;
  private readonly to: number;
  private readonly application: number;
  private readonly fromDevice: BlockDevice;
  private readonly toDevice: BlockDevice;
  /** From a block of the one volume to the same of the other. */
  private readonly distance: number;
  private readonly reads: PatternDraws;
  private readonly hitStream: Stream;
  private readonly serviceStream: Stream;
  private writesNext = false;
  private firstBlock = 0;
  private blockCount = 0;

  constructor(
    { name, volumes, patterns }: WorkloadOptions,
    [from, to]: readonly [number, number],
    { application, start }: { readonly application: number; readonly start: number },
    streams: RandomStreams,
  ) {
    const [source, target] = [volumes[from], volumes[to]];
    const prefix = `${streamPrefix(name, source.name)}/${application}`;
    // As much of the one volume as the other has.
    const copied = { ...source, blocks: Math.min(source.blocks, target.blocks) };
    const pattern = { ...patterns[0], reads: 1, addresses: { kind: 'sequential', start } } as const;
    this.thinkStream = streams.stream(`${prefix}/think`);
    this.from = from;
    this.to = to;
    this.application = application;
    this.fromDevice = source.device;
    this.toDevice = target.device;
    this.distance = target.firstBlock - source.firstBlock;
    this.reads = new PatternDraws(pattern, copied, streams, prefix);
    this.hitStream = streams.stream(`${prefix}/hit`);
    this.serviceStream = streams.stream(`${prefix}/service`);
  }

  get device(): BlockDevice {
    return this.writesNext ? this.toDevice : this.fromDevice;
  }

  fill(request: BlockRequest, id: number, now: SimTime): void {
    if (this.writesNext) this.fillWrite(request);
    else this.fillRead(request);
    request.id = id;
    request.application = this.application;
    request.hitDraw = this.hitStream.uniform();
    request.serviceDraw = this.serviceStream.uniform();
    request.arrivalNs = now;
  }

  /** The request under way has ended. Whether it is followed by the write of what was read. */
  answered(completed: boolean): boolean {
    this.writesNext = !this.writesNext && completed;
    return this.writesNext;
  }

  private fillRead(request: BlockRequest): void {
    this.reads.fill(request);
    request.volume = this.from;
    this.firstBlock = request.firstBlock;
    this.blockCount = request.blockCount;
  }

  private fillWrite(request: BlockRequest): void {
    request.volume = this.to;
    request.firstBlock = this.firstBlock + this.distance;
    request.blockCount = this.blockCount;
    request.write = true;
  }
}
