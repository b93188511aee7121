import { type Process, type Processes, type Steps, WaitQueue } from '../../kernel/process.ts';
import type { Simulation } from '../../kernel/simulation.ts';
import type { Station } from '../../kernel/station.ts';
import { LEVEL } from '../levels.ts';

export interface WorkerOwner {
  readonly sim: Simulation;
  readonly processes: Processes;
  readonly priority: number;
  readonly cpus: Station;
}

/**
 * A work item of the kernel (`struct work_struct`): queueing it while it waits has no effect, queueing it while it runs
 * makes it run once more. Its process is spawned with the first use and sleeps in between.
 */
export class Worker {
  private pending = false;
  private running = false;
  private started = false;
  private readonly wakeup: WaitQueue;
  private readonly name: string;
  private readonly owner: WorkerOwner;
  private readonly body: (self: Process) => Steps;

  constructor(name: string, owner: WorkerOwner, body: (self: Process) => Steps) {
    this.name = name;
    this.owner = owner;
    this.body = body;
    this.wakeup = new WaitQueue(owner.sim);
  }

  /** Queued or running. */
  get isBusy(): boolean {
    return this.pending || this.running;
  }

  queue(): void {
    if (this.pending) return;
    this.pending = true;
    if (this.started) {
      this.wakeup.wake();
      return;
    }
    this.started = true;
    const { processes, priority, cpus } = this.owner;
    processes.spawn(this.name, priority, cpus, LEVEL.THREAD, (self) => this.run(self));
  }

  private *run(self: Process): Steps {
    for (;;) {
      yield* this.wakeup.until(self, () => this.pending);
      this.pending = false;
      this.running = true;
      yield* this.body(self);
      this.running = false;
    }
  }
}
