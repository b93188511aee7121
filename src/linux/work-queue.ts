import { type Process, type Processes, type Steps, WaitQueue } from '../kernel/process.ts';
import type { EventKind, Simulation } from '../kernel/simulation.ts';
import type { Station } from '../kernel/station.ts';
import type { SimTime } from '../kernel/time.ts';
import { LEVEL } from './levels.ts';

/** One work item. While it is pending, queueing it again has no effect; it is no longer pending when it begins to run. */
export class Work {
  pending = false;
  /** Position among the delayed items of its queue; −1 when it was never delayed. */
  delayedAt = -1;
  readonly run: (self: Process) => Steps;

  constructor(run: (self: Process) => Steps) {
    this.run = run;
  }
}

/** A work queue with one thread (workqueue.c): items run one after the other, in queueing order, in process context. */
export class WorkQueue {
  private readonly sim: Simulation;
  private readonly cpus: Station;
  private readonly worker: Process;
  private readonly elapsed: EventKind;
  private readonly woken: EventKind;
  private readonly drained: WaitQueue;
  private readonly delayed: Work[] = [];
  private items: Work[] = [];
  private head = 0;
  private queued = 0;
  private finished = 0;
  private sleeping = false;

  constructor(owner: {
    sim: Simulation;
    processes: Processes;
    name: string;
    priority: number;
    cpus: Station;
  }) {
    this.sim = owner.sim;
    this.cpus = owner.cpus;
    this.drained = new WaitQueue(owner.sim);
    this.elapsed = owner.sim.defineEvent(`${owner.name}.delayed`, (at) => this.enqueue(this.delayed[at]));
    this.woken = owner.sim.defineEvent(`${owner.name}.woken`, () =>
      owner.cpus.submit(0, LEVEL.WOKEN, this.worker.kind, this.worker.target, 0),
    );
    this.worker = owner.processes.spawn(owner.name, owner.priority, owner.cpus, LEVEL.THREAD, (self) =>
      this.work(self),
    );
  }

  /** queue_work: false when the item was pending already. */
  queue(work: Work): boolean {
    if (work.pending) return false;
    work.pending = true;
    this.enqueue(work);
    return true;
  }

  /** queue_delayed_work: a pending item keeps the time it has, even when the new delay is shorter. */
  queueDelayed(work: Work, delayNs: SimTime): boolean {
    if (work.pending || delayNs === 0) return this.queue(work);
    if (work.delayedAt < 0) work.delayedAt = this.delayed.push(work) - 1;
    work.pending = true;
    this.sim.after(delayNs, this.worker.priority, this.elapsed, work.delayedAt, 0);
    return true;
  }

  /** flush_workqueue: waits for all items queued so far. Items whose delay is running are not waited for. */
  *flush(self: Process): Steps {
    yield* self.settle();
    const last = this.queued;
    yield* this.drained.until(self, () => this.finished >= last);
  }

  private enqueue(work: Work): void {
    this.items.push(work);
    this.queued++;
    if (!this.sleeping) return;
    this.sleeping = false;
    // Whoever woke it has the CPU until its own instructions are paid for.
    this.sim.after(0, this.worker.priority, this.woken, 0, 0);
  }

  private *work(self: Process): Steps {
    for (;;) {
      while (this.head < this.items.length) {
        const work = this.items[this.head++];
        work.pending = false;
        yield* work.run(self);
        yield* self.settle();
        this.finished++;
        this.drained.wake();
        yield* this.letWokenRun(self);
      }
      this.items = [];
      this.head = 0;
      this.sleeping = true;
      yield;
    }
  }

  /** Between two items a thread that was woken meanwhile gets the CPU (process_one_work: cond_resched). */
  private *letWokenRun(self: Process): Steps {
    if (this.head === this.items.length || this.cpus.queueLength === 0) return;
    this.cpus.submit(0, LEVEL.WOKEN, self.kind, self.target, 0);
    yield;
  }
}
