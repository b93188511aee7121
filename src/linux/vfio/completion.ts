import type { Process, Steps } from '../../kernel/process.ts';
import { type EventHandle, NO_EVENT, type Simulation } from '../../kernel/simulation.ts';
import type { SimTime } from '../../kernel/time.ts';

const COMPLETED = 1;
const TIMED_OUT = 2;

/** Something that one process waits for, though not for ever (sched/completion.c). */
export class Completion {
  private readonly sim: Simulation;
  private waiter: Process | null = null;
  private timeout: EventHandle = NO_EVENT;

  constructor(sim: Simulation) {
    this.sim = sim;
  }

  /** wait_for_completion_timeout: false when `timeoutNs` has passed without. */
  *wait(self: Process, timeoutNs: SimTime): Steps<boolean> {
    this.waiter = self;
    this.timeout = this.sim.after(timeoutNs, self.priority, self.kind, self.target, TIMED_OUT);
    const outcome = yield;
    this.waiter = null;
    return outcome === COMPLETED;
  }

  /** Wakes whoever waits. It is not kept for one that waits later. */
  complete(): void {
    const { waiter } = this;
    if (waiter === null) return;
    this.waiter = null;
    this.sim.cancel(this.timeout);
    this.sim.post(0, waiter.priority, waiter.kind, waiter.target, COMPLETED);
  }
}
