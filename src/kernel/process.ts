import { SimulationDefect } from './assert.ts';
import type { EventKind, Simulation } from './simulation.ts';
import type { Station } from './station.ts';
import type { SimTime } from './time.ts';

/**
 * Control software as sequential code. A process is a generator; every `yield` gives control back to the event loop,
 * and the process goes on when an event (kind `resume`, target = its number) is dispatched. Whoever yields has
 * arranged for that event before. Helpers that wait are generators themselves and are called with `yield*`.
 */
export type Steps<Result = void> = Generator<undefined, Result, number>;

/** Where the answer to a waiting instruction goes: an event that is posted with the condition code as its argument. */
export interface Waiter {
  readonly kind: EventKind;
  readonly target: number;
  readonly priority: number;
}

/** Whoever executes instructions: their cost in nanoseconds is charged to it. */
export interface Cpu {
  charge(costNs: SimTime): void;
}

export class Process implements Waiter, Cpu {
  readonly name: string;
  readonly kind: EventKind;
  readonly target: number;
  readonly priority: number;
  /** Cost of the instructions executed since the last `settle`, in nanoseconds. */
  owedNs: SimTime = 0;
  ended = false;
  private readonly sim: Simulation;
  private readonly cpus: Station | null;
  private readonly cpuPriority: number;

  constructor(
    name: string,
    target: number,
    owner: { sim: Simulation; resume: EventKind; cpus: Station | null; cpuPriority: number },
    priority: number,
  ) {
    this.name = name;
    this.target = target;
    this.sim = owner.sim;
    this.kind = owner.resume;
    this.cpus = owner.cpus;
    this.cpuPriority = owner.cpuPriority;
    this.priority = priority;
  }

  charge(costNs: SimTime): void {
    this.owedNs += costNs;
  }

  /** Waits `delay` nanoseconds without using a processor. */
  *sleep(delay: SimTime): Steps {
    this.sim.post(delay, this.priority, this.kind, this.target, 0);
    yield;
  }

  /** Occupies a processor for `costNs` nanoseconds, after waiting for one. */
  *work(costNs: SimTime): Steps {
    if (this.cpus === null) {
      if (costNs > 0) yield* this.sleep(costNs);
      return;
    }
    this.cpus.submit(costNs, this.cpuPriority, this.kind, this.target, 0);
    yield;
  }

  /** Pays for the instructions executed since the last call. They took effect when they were issued. */
  *settle(): Steps {
    if (this.owedNs === 0) return;
    const owed = this.owedNs;
    this.owedNs = 0;
    yield* this.work(owed);
  }

  /** Waits for an event that somebody else posts to this process; returns its argument. */
  *wait(): Steps<number> {
    return yield;
  }
}

/** Kind of the events that let a process go on. */
export const RESUME = 'resume';

/** The processes of one simulation. */
export class Processes {
  private readonly resume: EventKind;
  private readonly all: { process: Process; steps: Steps }[] = [];
  private readonly sim: Simulation;

  constructor(sim: Simulation) {
    this.sim = sim;
    this.resume = sim.defineEvent(
      RESUME,
      (target, arg) => this.step(target, arg),
      (target) => this.all[target].process.name,
    );
  }

  /** Starts a process at the current time. `cpus` null: its work takes time but no processor. */
  spawn(
    name: string,
    priority: number,
    cpus: Station | null,
    cpuPriority: number,
    body: (self: Process) => Steps,
  ): Process {
    const owner = { sim: this.sim, resume: this.resume, cpus, cpuPriority };
    const process = new Process(name, this.all.length, owner, priority);
    this.all.push({ process, steps: body(process) });
    this.sim.post(0, priority, this.resume, process.target, 0);
    return process;
  }

  private step(target: number, arg: number): void {
    const { process, steps } = this.all[target];
    if (process.ended) throw new SimulationDefect(`process ${process.name} was resumed after its end`);
    if (steps.next(arg).done === true) process.ended = true;
  }
}

/** Something that processes wait for and others announce (a wait queue). Waking wakes all, in waiting order. */
export class WaitQueue {
  private readonly waiting: Waiter[] = [];
  private readonly sim: Simulation;

  constructor(sim: Simulation) {
    this.sim = sim;
  }

  /** Waits until `condition` holds; it is evaluated at once and again after every `wake`. */
  *until(self: Process, condition: () => boolean): Steps {
    while (!condition()) {
      this.waiting.push(self);
      yield;
    }
  }

  wake(): void {
    for (const waiter of this.waiting) {
      this.sim.post(0, waiter.priority, waiter.kind, waiter.target, 0);
    }
    this.waiting.length = 0;
  }
}
