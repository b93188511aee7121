import { RunObserver } from '../observe/recorder.ts';
import { EVENT_WORDS } from '../observe/trace-buffer.ts';
import { observedSystems } from '../scenario/observed-systems.ts';
import type { ResolvedScenario } from '../scenario/resolved.ts';
import type { BuildSimulation, BuiltRun } from './built-run.ts';
import { decodeEvent, type RunEvent } from './decoded-records.ts';

/** One kernel event, and what was recorded while it ran. */
export interface Step {
  /** Number of the event in its run, counted from 1. */
  readonly event: number;
  readonly tNs: number;
  /** What ran, by name: numbers of kinds and targets differ from scenario to scenario. */
  readonly name: string;
  readonly target: number;
  readonly records: readonly RunEvent[];
  /** Of all events up to this one. */
  readonly fingerprint: string;
}

/** Where a run ends, which may be before its scenario does: a time, and the number of an event. */
export interface RunEnd {
  readonly ns: number;
  readonly event: number;
}

/** A run that is made one event at a time, so that two of them can be laid beside each other. */
export class SteppedRun {
  private readonly built: BuiltRun;
  private readonly observer: RunObserver;
  private readonly end: RunEnd;
  private records: RunEvent[] = [];
  private listening = false;

  constructor(scenario: ResolvedScenario, build: BuildSimulation, end: RunEnd) {
    const systems = observedSystems(scenario);
    this.end = end;
    this.observer = new RunObserver({
      systems,
      trace: 'all',
      filter: [],
      sink: {
        requests() {},
        events: (words, count) => {
          if (!this.listening) return;
          for (let at = 0; at < count * EVENT_WORDS; at += EVENT_WORDS)
            this.records.push(decodeEvent(words, at, systems));
        },
      },
      patterns: [],
    });
    this.built = build(scenario, this.observer);
    this.observer.attach(this.built.sim, this.built.subchannels);
  }

  get now(): number {
    return this.built.sim.now;
  }

  get eventCount(): number {
    return this.built.sim.eventCount;
  }

  /** Goes on for at most `most` events that nobody looks at; false when the run ended or has had `event` events. */
  skip(event: number, most: number): boolean {
    const { sim } = this.built;
    const isOver = sim.run(this.end.ns, Math.min(most, event - sim.eventCount));
    this.observer.flush();
    return !isOver && sim.eventCount < event;
  }

  /** The next event; null when the run is over. */
  next(): Step | null {
    const { sim } = this.built;
    const before = sim.eventCount;
    this.listening = true;
    this.records = [];
    if (before < this.end.event) sim.run(this.end.ns, 1);
    if (sim.eventCount === before) return null;
    this.observer.flush();
    const { name, target } = sim.runningEvent(sim.running);
    return {
      event: sim.eventCount,
      tNs: sim.lastEventAt,
      name,
      target,
      records: this.records,
      fingerprint: sim.fingerprint.toString(),
    };
  }
}
