import { assert } from '../kernel/assert.ts';
import { PRIORITY } from '../kernel/priority.ts';
import type { RandomStreams } from '../kernel/random.ts';
import type { EventKind, Simulation } from '../kernel/simulation.ts';
import type { SimTime } from '../kernel/time.ts';
import { BlockRequest, OUTCOME } from '../observe/block-request.ts';
import { NONE } from '../zarch/ids.ts';
import { largestOf } from './pattern-draws.ts';
import { RequestPool } from './request-pool.ts';
import type { Requester } from './request-source.ts';
import type { RequestNumbers, Workload, WorkloadOptions } from './workload.ts';

/** What a workload is built into. */
export interface WorkloadSurroundings {
  readonly sim: Simulation;
  readonly streams: RandomStreams;
  /** Shared by the workloads of a run. */
  readonly numbers: RequestNumbers;
}

/**
 * What generators have in common: sources of requests, one event for each source's next arrival, the pool.
 *
 *   event arrival(source) ──► next arrival planned, request from the pool ──► device ──► completed ──► pool
 */
export abstract class Generator implements Workload {
  readonly name: string;
  issued = 0;
  ended = 0;
  turnedAway = 0;
  /** By number of the source: the target of its arrival events. */
  protected abstract readonly sources: readonly Requester[];
  protected readonly sim: Simulation;
  private readonly numbers: RequestNumbers;
  private readonly pool: RequestPool;
  /** Stands for arrivals that are turned away. */
  private readonly dropped: BlockRequest;
  private readonly arrival: EventKind;
  private readonly fromNs: SimTime;
  private untilNs: SimTime;

  /** At most `inFlightLimit` requests are outstanding at one time. */
  constructor(options: WorkloadOptions, { sim, numbers }: WorkloadSurroundings, inFlightLimit: number) {
    assert(options.patterns.length >= 1, `workload ${options.name} has a pattern of requests`);
    this.name = options.name;
    this.fromNs = options.fromNs;
    this.untilNs = options.untilNs;
    this.sim = sim;
    this.numbers = numbers;
    const maxBlocks = options.patterns.reduce((most, pattern) => Math.max(most, largestOf(pattern)), 1);
    this.pool = new RequestPool(this, maxBlocks, inFlightLimit);
    this.dropped = new BlockRequest(this, 0);
    this.arrival = sim.defineEvent(`workload.${options.name}.arrival`, (source) => this.arrive(source));
  }

  start(): void {
    for (let source = 0; source < this.sources.length; source++) this.planFirst(source, this.fromNs);
  }

  stop(): void {
    this.untilNs = Math.min(this.untilNs, this.sim.now);
  }

  completed(request: BlockRequest): void {
    const source = this.sourceOf(request);
    this.ended++;
    this.pool.giveBack(request);
    this.answered(source, request.outcome === OUTCOME.COMPLETED);
  }

  /** Schedules the first arrival of a source that begins at `fromNs`. */
  protected abstract planFirst(source: number, fromNs: SimTime): void;
  /** An arrival of this source happens: schedules the next one where it does not wait for an answer. */
  protected abstract arrived(source: number): void;
  /** A request of this source has come back, completed or failed. */
  protected abstract answered(source: number, completed: boolean): void;
  protected abstract sourceOf(request: BlockRequest): number;

  /** Schedules an arrival, unless it would be after the end of the workload. */
  protected plan(source: number, at: SimTime): void {
    if (at < this.untilNs) this.sim.at(at, PRIORITY.WORKLOAD, this.arrival, source, 0);
  }

  private arrive(number: number): void {
    // Nobody is there any more who would ask.
    if (this.sim.now >= this.untilNs) return;
    const source = this.sources[number];
    const request = this.pool.take();
    // Planned before the device acts, so that the order within one instant is the generator's own.
    this.arrived(number);
    if (request === null) {
      // The draws are taken all the same: they belong to this arrival and to no later one.
      source.fill(this.dropped, NONE, this.sim.now);
      this.turnedAway++;
      return;
    }
    this.issued++;
    source.fill(request, this.numbers.next(), this.sim.now);
    source.device.submit(request);
  }
}
