import { PRIORITY } from '../kernel/priority.ts';
import type { Process, Processes, Steps } from '../kernel/process.ts';
import type { EventKind, Simulation } from '../kernel/simulation.ts';
import type { Station } from '../kernel/station.ts';
import type { SimTime } from '../kernel/time.ts';
import { LEVEL } from '../linux/levels.ts';

/** Something that QEMU does under its lock: an instruction of a guest's CPU, a handler of a file descriptor, a timer. */
export interface LoopJob {
  /** Path length in user space before it begins, in nanoseconds of a processor of the host. */
  readonly costNs: SimTime;
  /** Does it; null: it is done. Steps may call the host's kernel, and others wait for the lock meanwhile. */
  begin(self: Process): Steps | null;
  /** The lock was given back: the processors of the host have been paid for all of it. */
  ended(): void;
}

/** The host that a QEMU runs on, as its user space sees it. */
export interface LoopHost {
  readonly sim: Simulation;
  readonly processes: Processes;
  /** Processors of the host, on which its kernel and all QEMUs run. */
  readonly cpus: Station;
}

/**
 * The user space of one QEMU. Exits of the guest's CPUs, handlers of file descriptors and timers all need the big lock
 * (BQL), so that they are served one after the other, in the order in which they asked for it:
 *
 *   exit, eventfd, timer ──► lock ──► user space (cost) ──► calls into the host's kernel ──► lock given back ──► answer
 */
export class MainLoop {
  readonly sim: Simulation;
  /** Time for which the lock has been held so far, in nanoseconds. */
  heldNs: SimTime = 0;
  private readonly cpus: Station;
  private readonly process: Process;
  private jobs: (LoopJob | null)[] = new Array(16).fill(null);
  private first = 0;
  private waiting = 0;
  private sleeping = false;
  /** When the lock was taken last, and whether the path length of the job for it has been paid. */
  private since: SimTime = 0;
  private firstIsPaid = false;
  private hasEnded = false;
  private readonly timers: LoopTimer[] = [];
  private readonly expired: EventKind;

  constructor(name: string, host: LoopHost) {
    this.sim = host.sim;
    this.cpus = host.cpus;
    this.expired = host.sim.defineEvent(`${name}.timer`, (at) => this.submit(this.timers[at]));
    this.process = host.processes.spawn(name, PRIORITY.VMM, host.cpus, LEVEL.THREAD, (self) =>
      this.serve(self),
    );
  }

  /** Jobs that wait for the lock. */
  get queueLength(): number {
    return this.waiting;
  }

  /** The process is no more, or nearly so. */
  get isOver(): boolean {
    return this.hasEnded;
  }

  /**
   * The process is killed. What it is doing for somebody is not answered any more, and what waits is never done; `last` is
   * what the kernel does on its behalf.
   */
  end(last: (self: Process) => Steps): void {
    if (this.hasEnded) return;
    this.jobs.fill(null);
    this.waiting = 0;
    this.submit({ costNs: 0, begin: last, ended() {} });
    this.hasEnded = true;
  }

  /** Asks for the lock; `job` is begun when all that asked before have given it back. */
  submit(job: LoopJob): void {
    if (this.hasEnded) return;
    if (this.waiting === this.jobs.length) this.grow();
    this.jobs[(this.first + this.waiting) & (this.jobs.length - 1)] = job;
    this.waiting++;
    if (!this.sleeping) return;
    // The thread wakes with the first job done as far as its path length goes: one event for both.
    this.sleeping = false;
    this.since = this.sim.now;
    this.firstIsPaid = true;
    this.cpus.submit(job.costNs, LEVEL.THREAD, this.process.kind, this.process.target, 0);
  }

  /** Has something done under the lock for a process outside, which goes on when that is over. */
  *perform(self: Process, body: (qemu: Process) => Steps): Steps {
    const { sim } = this;
    this.submit({
      costNs: 0,
      begin: body,
      ended: () => sim.post(0, self.priority, self.kind, self.target, 0),
    });
    yield;
  }

  /** A timer whose expiry is handled under the lock. */
  timer(expired: (self: Process) => Steps): LoopTimer {
    const at = this.timers.length;
    const timer = new LoopTimer(this.sim, this.sim.defineTimer(PRIORITY.VMM, this.expired, at), expired);
    this.timers.push(timer);
    return timer;
  }

  private *serve(self: Process): Steps {
    for (;;) {
      while (this.waiting > 0) {
        const job = this.take();
        // A generator that has nothing to wait for costs as much as one that has: the data path makes none in vain.
        if (this.firstIsPaid) this.firstIsPaid = false;
        else {
          this.since = this.sim.now;
          if (job.costNs > 0) yield* self.work(job.costNs);
        }
        const steps = job.begin(self);
        if (steps !== null) yield* steps;
        if (self.owedNs > 0) yield* self.settle();
        this.heldNs += this.sim.now - this.since;
        if (!this.hasEnded) job.ended();
      }
      this.sleeping = true;
      yield;
    }
  }

  private take(): LoopJob {
    const job = this.jobs[this.first]!;
    this.jobs[this.first] = null;
    this.first = (this.first + 1) & (this.jobs.length - 1);
    this.waiting--;
    return job;
  }

  private grow(): void {
    const { jobs, first } = this;
    this.jobs = [...jobs.slice(first), ...jobs.slice(0, first), ...new Array(jobs.length).fill(null)];
    this.first = 0;
  }
}

/** One timer of a main loop (QEMUTimer). Its handler costs nothing but what it does. */
export class LoopTimer implements LoopJob {
  readonly costNs: SimTime = 0;
  private readonly sim: Simulation;
  private readonly id: number;
  private readonly expired: (self: Process) => Steps;

  constructor(sim: Simulation, id: number, expired: (self: Process) => Steps) {
    this.sim = sim;
    this.id = id;
    this.expired = expired;
  }

  /** Expires `delayNs` from now; a time set before is forgotten. */
  arm(delayNs: SimTime): void {
    this.sim.arm(this.id, delayNs);
  }

  disarm(): void {
    this.sim.disarm(this.id);
  }

  get armed(): boolean {
    return this.sim.isArmed(this.id);
  }

  begin(self: Process): Steps {
    return this.expired(self);
  }

  ended(): void {}
}
