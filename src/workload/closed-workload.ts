import { assert } from '../kernel/assert.ts';
import type { Stream } from '../kernel/random.ts';
import type { SimTime } from '../kernel/time.ts';
import type { BlockRequest } from '../observe/block-request.ts';
import { Generator, type WorkloadSurroundings } from './generator.ts';
import { RequestSource, streamPrefix } from './request-source.ts';
import type { ClosedArrivals, WorkloadOptions } from './workload.ts';

/**
 * A fixed number of applications per volume, each of which thinks, issues a request and waits for its answer. Every
 * application has its own streams, because the order in which they are answered depends on the system under test.
 */
export class ClosedWorkload extends Generator {
  protected readonly sources: readonly RequestSource[];
  private readonly thinkStreams: readonly Stream[];
  private readonly think: (uniform: number) => SimTime;
  private readonly applicationsPerVolume: number;

  constructor(options: WorkloadOptions, arrivals: ClosedArrivals, surroundings: WorkloadSurroundings) {
    super(options, surroundings, options.volumes.length * arrivals.applicationsPerVolume);
    assert(arrivals.applicationsPerVolume >= 1, `workload ${options.name} has an application per volume`);
    const { streams } = surroundings;
    const sources: RequestSource[] = [];
    const thinkStreams: Stream[] = [];
    for (const [volume, target] of options.volumes.entries()) {
      for (let application = 0; application < arrivals.applicationsPerVolume; application++) {
        const prefix = `${streamPrefix(options.name, target.name)}/${application}`;
        sources.push(new RequestSource(options, volume, application, streams, prefix));
        thinkStreams.push(streams.stream(`${prefix}/think`));
      }
    }
    this.sources = sources;
    this.thinkStreams = thinkStreams;
    this.think = arrivals.think;
    this.applicationsPerVolume = arrivals.applicationsPerVolume;
  }

  protected planFirst(source: number, fromNs: SimTime): void {
    if (this.sources[source].isSilent) return;
    this.plan(source, fromNs + this.think(this.thinkStreams[source].uniform()));
  }

  protected arrived(): void {}

  protected answered(source: number): void {
    this.plan(source, this.sim.now + this.think(this.thinkStreams[source].uniform()));
  }

  protected sourceOf(request: BlockRequest): number {
    return request.volume * this.applicationsPerVolume + request.application;
  }
}
