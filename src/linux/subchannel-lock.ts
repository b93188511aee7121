import type { Steps, Waiter } from '../kernel/process.ts';
import type { Simulation } from '../kernel/simulation.ts';

/**
 * The lock of a subchannel (`sch->lock`). It matters only across instructions that answer later: where all answer at
 * once, it is never found taken. Interruption handlers and processes get it in the order in which they asked.
 */
export class SubchannelLock {
  /** Holders: one, or more when a driver's callback starts an I/O while its caller holds the lock. */
  holds = 0;
  private waiting: Waiter[] | null = null;

  *acquire(self: Waiter): Steps {
    while (this.holds > 0) {
      this.waiting ??= [];
      this.waiting.push(self);
      yield;
    }
    this.holds = 1;
  }

  release(sim: Simulation): void {
    this.holds--;
    if (this.holds > 0 || this.waiting === null) return;
    const next = this.waiting.shift();
    if (next !== undefined) sim.after(0, next.priority, next.kind, next.target, 0);
  }
}
