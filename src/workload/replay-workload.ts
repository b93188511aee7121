import { assert } from '../kernel/assert.ts';
import { PRIORITY } from '../kernel/priority.ts';
import type { Stream } from '../kernel/random.ts';
import type { EventKind, Simulation } from '../kernel/simulation.ts';
import type { SimTime } from '../kernel/time.ts';
import { BLOCK_BYTES, type BlockRequest } from '../observe/block-request.ts';
import type { WorkloadSurroundings } from './generator.ts';
import type { PlacedBlocks, ReplayLayout } from './replay-layout.ts';
import { RequestPool } from './request-pool.ts';
import { streamPrefix } from './request-source.ts';
import type { TraceReader } from './traces/trace-reader.ts';
import { newRecord, ROW, SKIP_NAMES } from './traces/trace-row.ts';
import type { RequestNumbers, Workload, WorkloadVolume } from './workload.ts';

export interface ReplayOptions {
  readonly name: string;
  readonly volumes: readonly WorkloadVolume[];
  readonly trace: TraceReader;
  /** By device of the trace; null: its requests are left out. */
  readonly layouts: readonly (ReplayLayout | null)[];
  /** When what lies `startNs` behind the trace's first request is issued. */
  readonly fromNs: SimTime;
  /** Nothing is issued at this time or later. */
  readonly untilNs: SimTime;
  readonly startNs: SimTime;
  /** Nanoseconds of the trace that pass in one of the simulation. */
  readonly speed: number;
  /** Requests that may be outstanding; while as many are, the next one waits for an answer. */
  readonly outstanding: number;
  /** Blocks that one request can have. */
  readonly maxBlocks: number;
}

/** What became of a trace's rows. */
export interface ReplayReport {
  readonly workload: string;
  /** All rows of the trace are replayed, skipped or left; broken ones there are none. */
  readonly replayed: number;
  readonly reads: number;
  readonly writes: number;
  /** Requests that they became: long ones are split. */
  readonly requests: number;
  /** Requests that had to wait until fewer were outstanding. */
  readonly heldBack: number;
  /** By reason; only those that occurred. */
  readonly skipped: Readonly<Record<string, number>>;
}

/**
 * Issues the reads and writes of a recorded trace at the times at which they were recorded.
 *
 *   event arrival ──► pieces of the record, each a request ──► devices ──► completed ──► pool
 *        ▲                    │ pool empty: held ◄─── completed
 *        └── next record ◄────┘
 *
 * A trace says nothing about cache and mechanics: each request draws for them from the streams of its volume.
 */
export class ReplayWorkload implements Workload {
  readonly name: string;
  issued = 0;
  ended = 0;
  readonly turnedAway = 0;
  private readonly options: ReplayOptions;
  private readonly sim: Simulation;
  private readonly numbers: RequestNumbers;
  private readonly pool: RequestPool;
  private readonly arrival: EventKind;
  private readonly hitStreams: readonly Stream[];
  private readonly serviceStreams: readonly Stream[];
  private untilNs: SimTime;
  private readonly record = newRecord();
  private readonly placed: PlacedBlocks = { volume: 0, firstBlock: 0, blockCount: 0 };
  /** What is left of the record: blocks in the row of its volumes. */
  private layout: ReplayLayout | null = null;
  private nextBlock = 0;
  private blocksLeft = 0;
  /** Whether a piece waits for a request to come back. */
  private held = false;
  /** Time of the trace at which the replay begins. */
  private originNs: SimTime | null = null;
  private replayed = 0;
  private writes = 0;
  private heldBack = 0;
  private readonly skipped = new Float64Array(SKIP_NAMES.length);

  constructor(options: ReplayOptions, { sim, streams, numbers }: WorkloadSurroundings) {
    assert(options.speed > 0, `workload ${options.name} replays forwards`);
    this.options = options;
    this.name = options.name;
    this.sim = sim;
    this.numbers = numbers;
    this.untilNs = options.untilNs;
    this.pool = new RequestPool(this, options.maxBlocks, options.outstanding);
    this.arrival = sim.defineEvent(`workload.${options.name}.arrival`, () => this.arrive());
    const prefixes = options.volumes.map((volume) => streamPrefix(options.name, volume.name));
    this.hitStreams = prefixes.map((prefix) => streams.stream(`${prefix}/hit`));
    this.serviceStreams = prefixes.map((prefix) => streams.stream(`${prefix}/service`));
  }

  start(): void {
    this.planNext();
  }

  stop(): void {
    this.untilNs = Math.min(this.untilNs, this.sim.now);
  }

  completed(request: BlockRequest): void {
    this.ended++;
    this.pool.giveBack(request);
    if (!this.held) return;
    this.held = false;
    this.sim.at(this.sim.now, PRIORITY.WORKLOAD, this.arrival, 0, 0);
  }

  report(): ReplayReport {
    const { replayed, writes, options } = this;
    const skipped: Record<string, number> = {};
    for (const [reason, name] of SKIP_NAMES.entries()) {
      const count = this.skipped[reason] + options.trace.skipped[reason];
      if (count > 0) skipped[name] = count;
    }
    return {
      workload: this.name,
      replayed,
      reads: replayed - writes,
      writes,
      requests: this.issued,
      heldBack: this.heldBack,
      skipped,
    };
  }

  private arrive(): void {
    // Nobody is there any more who would ask.
    if (this.sim.now >= this.untilNs) return;
    if (this.blocksLeft === 0) this.begin();
    while (this.blocksLeft > 0) {
      const request = this.pool.take();
      if (request === null) {
        this.held = true;
        this.heldBack++;
        return;
      }
      this.issue(request);
    }
    this.planNext();
  }

  /** Whole blocks are moved: all those that the record touches. */
  private begin(): void {
    const { firstByte, bytes, write } = this.record;
    const first = Math.floor(firstByte / BLOCK_BYTES);
    this.nextBlock = this.layout!.startOf(first);
    this.blocksLeft = Math.ceil((firstByte + bytes) / BLOCK_BYTES) - first;
    this.replayed++;
    if (write) this.writes++;
  }

  private issue(request: BlockRequest): void {
    const { placed, options } = this;
    this.layout!.place(this.nextBlock, this.blocksLeft, options.maxBlocks, placed);
    const { volume, firstBlock, blockCount } = placed;
    this.nextBlock += blockCount;
    this.blocksLeft -= blockCount;
    request.id = this.numbers.next();
    request.application = 0;
    request.volume = volume;
    request.firstBlock = firstBlock;
    request.blockCount = blockCount;
    request.write = this.record.write;
    request.hitDraw = this.hitStreams[volume].uniform();
    request.serviceDraw = this.serviceStreams[volume].uniform();
    request.arrivalNs = this.sim.now;
    this.issued++;
    options.volumes[volume].device.submit(request);
  }

  /** Goes on to the next record that is replayed, and schedules it. */
  private planNext(): void {
    const { record, options, sim } = this;
    while (options.trace.next(record)) {
      this.originNs ??= record.atNs + options.startNs;
      this.layout = options.layouts[record.device];
      if (this.layout === null) this.skipped[ROW.UNMAPPED]++;
      else if (record.atNs < this.originNs) this.skipped[ROW.BEFORE_START]++;
      else {
        const due = options.fromNs + Math.round((record.atNs - this.originNs) / options.speed);
        // Later ones may have been held back until now.
        if (due < this.untilNs) sim.at(Math.max(due, sim.now), PRIORITY.WORKLOAD, this.arrival, 0, 0);
        return;
      }
    }
    assert(options.trace.problems.length === 0, `workload ${this.name} has a trace that was read before`);
  }
}
