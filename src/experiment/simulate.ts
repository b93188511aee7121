import type { SimTime } from '../kernel/time.ts';
import { type IntervalRow, Intervals } from '../observe/intervals.ts';
import { RunObserver } from '../observe/recorder.ts';
import { type ResponseInterval, ResponseIntervals } from '../observe/response-intervals.ts';
import { ResponseSeries } from '../observe/response-series.ts';
import type { TraceSink } from '../observe/trace-buffer.ts';
import { observedSystems } from '../scenario/observed-systems.ts';
import type { ResolvedScenario } from '../scenario/resolved.ts';
import { MSER_BATCH } from '../statistics/warm-up.ts';
import type { BuildSimulation, BuiltRun } from './built-run.ts';
import { assertConserved } from './conservation.ts';
import { pilotOf, wantsWarmup, withDetectedWarmup } from './detected-warmup.ts';
import { judgeExploration } from './explore-verdicts.ts';
import { RunDefect } from './run-defect.ts';
import { RunFigures } from './run-figures.ts';
import { judgeScript } from './script-verdicts.ts';
import { judgeExpectations, judgeThreshold, type Verdict, violatedAbort, watchedEvents } from './verdicts.ts';

/** Where rows go while a run goes on. */
export interface RunSink extends TraceSink {
  /** The systems, subchannels and channel paths are known: called once, before anything else. */
  begin(built: BuiltRun): void;
  interval(row: IntervalRow): void;
  /** Response times of each interval; whoever has no use for them leaves it out. */
  responses?(interval: ResponseInterval): void;
}

export interface SimulateOptions {
  /** Null: nothing but the result is wanted. */
  readonly sink?: RunSink | null;
  /** Ends the run at this simulated time when that is before the scenario's end. */
  readonly until?: SimTime;
  /** Ends the run right after this kernel event, counted from 1, when the run has that many. */
  readonly untilEvent?: number;
  /** Called now and then with the simulated time and the number of events so far. */
  readonly onProgress?: (nowNs: SimTime, events: number) => void;
  /** Asked now and then; true ends the run at the next event boundary. */
  readonly shouldStop?: () => boolean;
}

/** `completed`: the end of the scenario, `until` or `untilEvent`; `aborted`: a threshold with `abort` was violated. */
export type Termination = 'completed' | 'aborted' | 'interrupted';

export interface RunResult {
  /** As it was run: with the warm-up that was found where it asks for one. */
  readonly scenario: ResolvedScenario;
  readonly termination: Termination;
  /** Of a run that ended at `untilEvent`: the time of that event. */
  readonly endNs: SimTime;
  /** Kernel events dispatched. */
  readonly eventCount: number;
  /** Digest of all of them, and of the first 10,000, 20,000, … */
  readonly fingerprint: string;
  readonly checkpoints: readonly string[];
  /** Numbers drawn from each random stream. */
  readonly streams: Readonly<Record<string, number>>;
  readonly figures: RunFigures;
  readonly verdicts: readonly Verdict[];
}

/** Events between two entries of `checkpoints`. */
export const CHECKPOINT_EVENTS = 10_000;
/** Steps of at most `CHECKPOINT_EVENTS` events between two looks at the outside world. */
const STEPS_PER_TURN = 10;

/**
 * Runs a scenario from its beginning to its end. The event loop is left every 10,000 events and at every mark (phase
 * boundary, end of an interval): that is where copies are taken, thresholds looked at and the caller may stop the run, so
 * observing a run adds no event to it and leaves its fingerprint alone. A warm-up that is to be found costs a run of its own.
 */
export async function simulate(
  scenario: ResolvedScenario,
  build: BuildSimulation,
  options: SimulateOptions = {},
): Promise<RunResult> {
  return runOnce(await decideWarmup(scenario, build, options), build, options);
}

/** The scenario with a warm-up that is known, after a pilot run when it is to be found. */
export async function decideWarmup(
  scenario: ResolvedScenario,
  build: BuildSimulation,
  options: SimulateOptions = {},
): Promise<ResolvedScenario> {
  if (!wantsWarmup(scenario)) return scenario;
  const responses = new ResponseSeries(MSER_BATCH);
  await runOnce(pilotOf(scenario), build, { ...options, sink: null }, responses);
  return withDetectedWarmup(scenario, responses);
}

async function runOnce(
  scenario: ResolvedScenario,
  build: BuildSimulation,
  options: SimulateOptions,
  responses?: ResponseSeries,
): Promise<RunResult> {
  let run: Run | null = null;
  try {
    run = new Run(scenario, build, options, responses);
    while (run.step()) if (run.isTurnOver) await turn();
    return run.finish();
  } catch (cause) {
    const failure = RunDefect.from(cause, scenario.seed, run?.eventCount ?? 0, run?.now ?? 0);
    // The last events before a defect are those that tell how it came about.
    if (failure instanceof RunDefect) run?.flush();
    throw failure;
  }
}

/** Lets signals and output through. */
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

class Run {
  private readonly scenario: ResolvedScenario;
  private readonly options: SimulateOptions;
  private readonly observer: RunObserver;
  private readonly built: BuiltRun;
  private readonly figures: RunFigures;
  private readonly endNs: SimTime;
  private readonly lastEvent: number;
  private readonly checkpoints: string[] = [];
  private readonly marks: readonly SimTime[];
  private nextMark = 0;
  private readonly intervals: Intervals;
  /** Null: nobody asked for them. */
  private readonly responses: ResponseIntervals | null;
  private nextInterval: SimTime;
  private readonly canAbort: boolean;
  private termination: Termination = 'completed';
  private steps = 0;

  constructor(
    scenario: ResolvedScenario,
    build: BuildSimulation,
    options: SimulateOptions,
    responses?: ResponseSeries,
  ) {
    const sink = options.sink ?? null;
    this.scenario = scenario;
    this.options = options;
    this.endNs = Math.min(options.until ?? scenario.durationNs, scenario.durationNs);
    this.lastEvent = options.untilEvent ?? Number.MAX_SAFE_INTEGER;
    this.observer = new RunObserver({
      systems: observedSystems(scenario),
      trace: scenario.trace.level,
      filter: scenario.trace.filter,
      sink,
      patterns: watchedEvents(scenario),
      ...(responses && { responses }),
    });
    this.built = build(scenario, this.observer);
    const { sim, channelPaths, subchannels } = this.built;
    this.observer.attach(sim, subchannels);
    sink?.begin(this.built);
    this.figures = new RunFigures(scenario, this.observer, this.built, this.endNs);
    this.marks = this.figures.measurement.marks;
    const { times, devices, paths } = this.observer;
    this.intervals = new Intervals(0, {
      times,
      devices,
      controlUnitOf: (system, subchannel) => paths.controlUnitOf(system, subchannel),
      paths: channelPaths,
    });
    this.responses = scenario.report.responseLog ? new ResponseIntervals(0, times) : null;
    this.nextInterval = scenario.warmupNs > 0 ? scenario.warmupNs : scenario.report.intervalNs;
    this.canAbort = scenario.thresholds.some(({ abort }) => abort);
  }

  get now(): SimTime {
    return this.built.sim.now;
  }

  get eventCount(): number {
    return this.built.sim.eventCount;
  }

  /** Hands over what has been recorded so far. */
  flush(): void {
    this.observer.flush();
  }

  get isTurnOver(): boolean {
    return this.steps % STEPS_PER_TURN === 0;
  }

  /** Runs on for at most 10,000 events and at most to the next mark. False when the run is over. */
  step(): boolean {
    const { sim } = this.built;
    const { endNs } = this;
    const mark = Math.min(this.marks[this.nextMark] ?? endNs, this.nextInterval, endNs);
    const left = Math.min(
      CHECKPOINT_EVENTS - (sim.eventCount % CHECKPOINT_EVENTS),
      this.lastEvent - sim.eventCount,
    );
    // Events at the mark itself belong to what begins there; at the end of the run they belong to the run.
    const reached = sim.run(mark === endNs ? endNs : mark - 1, left);
    this.steps++;
    if (
      sim.eventCount % CHECKPOINT_EVENTS === 0 &&
      this.checkpoints.length * CHECKPOINT_EVENTS < sim.eventCount
    ) {
      this.checkpoints.push(sim.fingerprint.toString());
    }
    if (sim.eventCount === this.lastEvent) return false;
    if (reached) this.markReached(mark);
    if (this.canAbort && this.isViolated()) return this.end('aborted');
    if (reached && mark === endNs) return false;
    return this.report();
  }

  finish(): RunResult {
    const { sim, streams } = this.built;
    const { figures, observer } = this;
    this.endIntervals(sim.now);
    figures.measurement.mark(sim.now);
    figures.final = this.built.finish();
    observer.finish();
    assertConserved(figures, sim.now);
    return {
      scenario: this.scenario,
      termination: this.termination,
      endNs: sim.eventCount === this.lastEvent ? sim.lastEventAt : sim.now,
      eventCount: sim.eventCount,
      fingerprint: sim.fingerprint.toString(),
      checkpoints: this.checkpoints,
      streams: streams.drawCounts(),
      figures,
      verdicts: [
        ...this.scenario.thresholds.map((threshold) => judgeThreshold(figures, threshold)),
        ...judgeExpectations(figures),
        ...judgeExploration(figures, this.built.order ?? null),
        ...(figures.script === null ? [] : judgeScript(figures.script)),
      ],
    };
  }

  private markReached(mark: SimTime): void {
    if (mark === this.marks[this.nextMark] && mark < this.endNs) {
      this.figures.measurement.mark(mark);
      this.nextMark++;
    }
    if (mark === this.nextInterval && mark < this.endNs) this.endIntervals(mark);
  }

  /** The first interval begins where the warm-up ends: what was before it is dropped. */
  private endIntervals(now: SimTime): void {
    const { sink } = this.options;
    const rows = this.intervals.end(now);
    const responses = this.responses?.end(now);
    if (now > this.scenario.warmupNs) {
      for (const row of rows) sink?.interval(row);
      if (responses !== undefined) sink?.responses?.(responses);
    }
    this.nextInterval = now + this.scenario.report.intervalNs;
  }

  private isViolated(): boolean {
    this.figures.measurement.refresh(this.now);
    return violatedAbort(this.figures, this.now) !== null;
  }

  private end(termination: Termination): false {
    this.termination = termination;
    return false;
  }

  private report(): boolean {
    if (!this.isTurnOver) return true;
    const { sim } = this.built;
    this.options.onProgress?.(sim.now, sim.eventCount);
    return this.options.shouldStop?.() === true ? this.end('interrupted') : true;
  }
}
