import type { SimTime } from '../kernel/time.ts';
import type { RequestOwner } from '../observe/block-request.ts';
import type { CountRow, CountSnapshot } from '../observe/event-counts.ts';
import { histogramBetween, mergeHistograms } from '../observe/histogram.ts';
import type { ChannelPathMeter } from '../observe/intervals.ts';
import type { NoPathTold } from '../observe/last-paths.ts';
import type { RecoveryTimeName } from '../observe/path-recovery-times.ts';
import type { PathTimeName } from '../observe/path-times.ts';
import { type Distribution, describe } from '../observe/percentiles.ts';
import type { RunObserver } from '../observe/recorder.ts';
import { COMPONENTS, type Component, type TimesSnapshot } from '../observe/request-times.ts';
import { figuresOf, type SampleFigures } from '../observe/samples.ts';
import type { ResolvedPhase } from '../scenario/resolved.ts';
import type { Chpid } from '../zarch/ids.ts';

/** A span of simulated time for which figures can be asked. */
export interface Span {
  readonly name: string;
  readonly fromNs: SimTime;
  readonly toNs: SimTime;
}

interface Snapshot {
  readonly counts: CountSnapshot;
  readonly times: TimesSnapshot;
  /** By channel path: operations, busy time. */
  readonly operations: readonly number[];
  readonly busyNs: readonly number[];
  /** By system and channel path, in the order of `PathCapacity.pairs`, ns. */
  readonly capacityLost: Float64Array;
}

/** What a batch adds to the sums. */
export interface BatchSums {
  readonly spanNs: SimTime;
  /** By component: requests that ended, and the sum of their times, ns. */
  readonly responses: readonly { readonly count: number; readonly sumNs: number }[];
  /** By channel path. */
  readonly busyNs: readonly number[];
}

function grownBy(
  from: TimesSnapshot,
  to: TimesSnapshot,
  component: number,
): { count: number; sumNs: number } {
  let count = 0;
  let sumNs = 0;
  to.forEach((components, owner) => {
    count += components[component].count - (from[owner]?.[component].count ?? 0);
    sumNs += components[component].sum - (from[owner]?.[component].sum ?? 0);
  });
  return { count, sumNs };
}

/**
 * The figures of a run. Everything is measured as a sum that only grows; copies taken at the ends of phases and of the
 * warm-up turn them into figures of spans. Counts cover the whole run; times and utilisations begin after the warm-up.
 */
export class Measurement {
  readonly phases: readonly Span[];
  readonly chpids: readonly Chpid[];
  private readonly observer: RunObserver;
  private readonly paths: readonly ChannelPathMeter[];
  private readonly warmupNs: SimTime;
  /** Ends of batches, the beginning of the first before them; empty: there are none. */
  private readonly batchEnds: readonly SimTime[];
  private readonly snapshots = new Map<SimTime, Snapshot>();
  private latest!: Snapshot;
  private endNs: SimTime = 0;

  constructor(
    observer: RunObserver,
    paths: readonly ChannelPathMeter[],
    phases: readonly ResolvedPhase[],
    warmupNs: SimTime,
    batchEnds: readonly SimTime[] = [],
  ) {
    this.observer = observer;
    this.paths = paths;
    this.phases = phases;
    this.warmupNs = warmupNs;
    this.batchEnds = batchEnds;
    this.chpids = paths.map(({ chpid }) => chpid);
    this.mark(0);
  }

  /** Times at which `mark` must be called, ascending. */
  get marks(): SimTime[] {
    const phases = this.phases.flatMap(({ fromNs, toNs }) => [fromNs, toNs]);
    const times = new Set([this.warmupNs, ...phases, ...this.batchEnds]);
    return [...times].filter((time) => time > 0).sort((a, b) => a - b);
  }

  /** Everything before `now` has happened, nothing at or after it: a phase begins or ends, or the run does. */
  mark(now: SimTime): void {
    this.refresh(now);
    this.snapshots.set(now, this.latest);
  }

  /** Makes figures up to `now` available while the run goes on. */
  refresh(now: SimTime): void {
    this.endNs = now;
    this.latest = {
      counts: this.observer.counts.snapshot(),
      times: this.observer.times.snapshot(),
      operations: this.paths.map(({ operations }) => operations),
      busyNs: this.paths.map((path) => Math.max(path.processorBusyBy(now), path.wireBusyBy(now))),
      capacityLost: this.observer.paths.capacity.lostBy(now),
    };
  }

  /** Simulated time measured so far, warm-up included. */
  get simulatedNs(): SimTime {
    return this.endNs;
  }

  /** Names of the phases, after the empty name of the whole run. */
  get spanNames(): readonly string[] {
    return ['', ...this.phases.map(({ name }) => name)];
  }

  /** What was counted in a phase, or in the whole run (empty name), with the finest labels. */
  countRows(phase: string): CountRow[] {
    const { fromNs, toNs } = phase === '' ? { fromNs: 0, toNs: this.endNs } : this.span(phase);
    return this.observer.counts.between(this.at(fromNs).counts, this.at(toNs).counts);
  }

  /** One component of the response time of the requests whose owner `includes`. */
  distribution(
    component: Component,
    phase: string,
    includes: (owner: RequestOwner) => boolean = () => true,
  ): Distribution {
    const { fromNs, toNs } = this.span(phase);
    const from = this.at(fromNs).times;
    const to = this.at(toNs).times;
    const index = COMPONENTS.indexOf(component);
    const parts = to
      .map((components, at) => histogramBetween(from[at]?.[index] ?? null, components[index]))
      .filter((_, at) => includes(this.observer.times.owners[at]));
    return describe(mergeHistograms(parts));
  }

  /** Times of path changes that fell into a span; `system` −1: all systems; `chpid` null: all channel paths. */
  pathTimes(name: PathTimeName, phase: string, system: number, chpid: Chpid | null): SampleFigures {
    const { fromNs, toNs } = this.span(phase);
    const all: number[] = [];
    for (const at of this.observer.systems.keys()) {
      if (system >= 0 && at !== system) continue;
      for (const value of this.observer.paths.of(at, name, fromNs, toNs, chpid)) all.push(value);
    }
    return figuresOf(Float64Array.from(all).sort());
  }

  /** What giving paths up and taking them back cost, of what began in a span. */
  recoveryTimes(name: RecoveryTimeName, phase: string, system: number, chpid: Chpid | null): SampleFigures {
    const { fromNs, toNs } = this.span(phase);
    const numbers = system < 0 ? [...this.observer.systems.keys()] : [system];
    const parts = numbers.map((at) => this.observer.recovery.of(at, name, fromNs, toNs, chpid));
    return figuresOf(Float64Array.from(parts.flatMap((part) => [...part])).sort());
  }

  /** Moves into shared buffers that were asked for in a span; `system` −1: of all systems. */
  moveTimes(phase: string, system: number): SampleFigures {
    const { fromNs, toNs } = this.span(phase);
    const numbers = system < 0 ? [...this.observer.systems.keys()] : [system];
    const parts = numbers.map((at) => this.observer.moves[at].between(fromNs, toNs, null));
    return figuresOf(Float64Array.from(parts.flatMap((part) => [...part])).sort());
  }

  /** Time during which systems did without channel paths, ns; `system` −1: all; `chpid` null: all. */
  capacityLost(phase: string, system: number, chpid: Chpid | null): number {
    const { fromNs, toNs } = this.span(phase);
    const from = this.at(fromNs).capacityLost;
    const to = this.at(toNs).capacityLost;
    return this.observer.paths.capacity.pairs.reduce((sum, pair, at) => {
      const fits = (system < 0 || pair.system === system) && (chpid === null || pair.chpid === chpid);
      return fits ? sum + to[at] - (from[at] ?? 0) : sum;
    }, 0);
  }

  /** Blocks of writes that were at risk from paths lost in a span. */
  blocksAtRisk(phase: string, system: number, chpid: Chpid | null): number {
    const { fromNs, toNs } = this.span(phase);
    const { writesAtRisk } = this.observer.paths;
    const numbers = system < 0 ? [...this.observer.systems.keys()] : [system];
    return numbers
      .flatMap((at) => [...writesAtRisk.of(at, fromNs, toNs, chpid)])
      .reduce((sum, blocks) => sum + blocks, 0);
  }

  /** Whether systems knew of devices whose last path went in a span; null: no device lost it. */
  noPathTold(phase: string): NoPathTold | null {
    const { fromNs, toNs } = this.span(phase);
    return this.observer.paths.lastPaths.worst(fromNs, toNs);
  }

  /** What has grown in each batch; none when the run did not come to the end of the last one. */
  batches(): BatchSums[] {
    const { batchEnds } = this;
    if (batchEnds.length === 0 || this.endNs < batchEnds[batchEnds.length - 1]) return [];
    return batchEnds.slice(1).map((toNs, batch) => {
      const from = this.at(batchEnds[batch]);
      const to = this.at(toNs);
      return {
        spanNs: toNs - batchEnds[batch],
        responses: COMPONENTS.map((_, component) => grownBy(from.times, to.times, component)),
        busyNs: to.busyNs.map((busyNs, path) => busyNs - from.busyNs[path]),
      };
    });
  }

  /** Per channel path: share of the span in which it was busy, and programs started on it. */
  pathLoad(phase: string): { utilisation: number; operations: number }[] {
    const { fromNs, toNs } = this.span(phase);
    const from = this.at(fromNs);
    const to = this.at(toNs);
    const spanNs = Math.min(toNs, this.endNs) - Math.min(fromNs, this.endNs);
    return this.paths.map((_, path) => ({
      utilisation: spanNs > 0 ? (to.busyNs[path] - from.busyNs[path]) / spanNs : 0,
      operations: to.operations[path] - from.operations[path],
    }));
  }

  /** Length of a span as far as it has been simulated, ns. */
  spanNs(phase: string): SimTime {
    const { fromNs, toNs } = this.span(phase);
    return Math.max(0, Math.min(toNs, this.endNs) - fromNs);
  }

  private span(phase: string): Span {
    if (phase === '') return { name: '', fromNs: Math.min(this.warmupNs, this.endNs), toNs: this.endNs };
    const found = this.phases.find(({ name }) => name === phase);
    if (found === undefined) throw new RangeError(`no phase "${phase}"`);
    return found;
  }

  /** The copy taken at a time, or at the end of a run that ended before it. */
  private at(time: SimTime): Snapshot {
    return time >= this.endNs ? this.latest : this.snapshots.get(time)!;
  }
}
