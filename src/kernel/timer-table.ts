import { resized } from './grow.ts';
import { NEVER } from './time.ts';

/** A timer of the simulation (see `Simulation.defineTimer`). */
export type TimerId = number;

export const NOT_RESIDENT = -1;

/**
 * Timers that are nearly always disarmed before they expire. Each has at most one entry in the event queue, its
 * resident, which surfaces at or before the deadline and then moves on to it.
 */
export class TimerTable {
  /** NEVER while the timer is disarmed. */
  deadlines = new Float64Array(64);
  /** Priority and sequence number reserved when the timer was armed. */
  orders = new Float64Array(64);
  residentTimes = new Float64Array(64);
  /** Event slot of the resident, or NOT_RESIDENT. */
  residentSlots = new Int32Array(64);
  kinds = new Int32Array(64);
  targets = new Int32Array(64);
  priorities = new Int32Array(64);
  count = 0;

  define(priority: number, kind: number, target: number): TimerId {
    if (this.count === this.kinds.length) this.grow();
    const timer = this.count++;
    this.deadlines[timer] = NEVER;
    this.residentTimes[timer] = NEVER;
    this.residentSlots[timer] = NOT_RESIDENT;
    this.kinds[timer] = kind;
    this.targets[timer] = target;
    this.priorities[timer] = priority;
    return timer;
  }

  private grow(): void {
    const length = 2 * this.count;
    this.deadlines = resized(this.deadlines, length);
    this.orders = resized(this.orders, length);
    this.residentTimes = resized(this.residentTimes, length);
    this.residentSlots = resized(this.residentSlots, length);
    this.kinds = resized(this.kinds, length);
    this.targets = resized(this.targets, length);
    this.priorities = resized(this.priorities, length);
  }
}
