import type { SimTime } from '../kernel/time.ts';
import type { RequestOwner } from '../observe/block-request.ts';
import { EVENT } from '../observe/event-table.ts';
import type { ChannelPathMeter } from '../observe/intervals.ts';
import type { RunObserver } from '../observe/recorder.ts';
import type { Labels, ResolvedScenario } from '../scenario/resolved.ts';
import type { BuiltRun, FinalState } from './built-run.ts';
import { Measurement } from './measurement.ts';
import type { ScriptResult } from './script-verdicts.ts';

/** Everything that can be asked of a run, while it runs or afterwards. */
export class RunFigures {
  readonly scenario: ResolvedScenario;
  readonly observer: RunObserver;
  readonly measurement: Measurement;
  readonly channelPaths: readonly ChannelPathMeter[];
  /** An instruction script in place of systems. */
  readonly script: ScriptResult | null;
  /** Known when the run has ended. */
  final: FinalState | null = null;
  private readonly workloads: readonly RequestOwner[];

  /** `endNs`: where the run ends when nothing stops it before. */
  constructor(scenario: ResolvedScenario, observer: RunObserver, built: BuiltRun, endNs: SimTime) {
    this.scenario = scenario;
    this.observer = observer;
    this.workloads = built.workloads;
    this.channelPaths = built.channelPaths;
    this.script = built.script ?? null;
    const { phases, warmupNs, report } = scenario;
    const batchEnds = report.batches === undefined ? [] : equalParts(warmupNs, endNs, report.batches);
    this.measurement = new Measurement(observer, built.channelPaths, phases, warmupNs, batchEnds);
  }

  /** Requests that were accepted and neither ended nor are held by anybody; 0 while the run goes on. */
  get lost(): number {
    if (this.final === null) return 0;
    const { counts } = this.observer;
    const ended = counts.total(EVENT['io.completed']) + counts.total(EVENT['io.failed']);
    return counts.total(EVENT['io.started']) - ended - this.final.requestsInProgress;
  }

  /** Whether an owner of requests carries the labels `workload` and `system`. */
  ownersWith(where: Labels): (owner: RequestOwner) => boolean {
    const { workload, system } = where;
    if (workload === undefined && system === undefined) return () => true;
    const { workloads, systems } = this.scenario;
    return (owner) => {
      const resolved = workloads[this.workloads.indexOf(owner)];
      if (resolved === undefined) return false;
      if (workload !== undefined && resolved.name !== workload) return false;
      return system === undefined || systems[resolved.system].name === system;
    };
  }
}

/** Beginning and ends of so many parts of a span, which differ by a nanosecond at most; none of a span that is shorter. */
function equalParts(fromNs: SimTime, toNs: SimTime, parts: number): SimTime[] {
  if (toNs - fromNs < parts) return [];
  return Array.from(
    { length: parts + 1 },
    (_, part) => fromNs + Math.round((toNs - fromNs) * (part / parts)),
  );
}
