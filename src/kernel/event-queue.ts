import type { SimTime } from './time.ts';

/**
 * Orders the pending events by (time, order). `order` is priority · 2^48 + sequence and unique, so equal times pop by
 * priority and then first-in, first-out. Times and orders are read from the table of pending events (`PendingEvents`),
 * where they do not change while the slot is queued.
 */
export interface EventQueue {
  /** Slots queued, those of cancelled events included. */
  readonly size: number;
  /** True when events may run after their time, so that what they do next may be overdue already. */
  readonly runsLate?: boolean;
  /** Adds a slot. Its time is never before that of the slot popped last. */
  push(slot: number): void;
  /** Removes the earliest slot unless it is later than `until`. Returns it, or NO_SLOT when there is none. */
  popUntil(until: SimTime): number;
  /** Time of the earliest slot; NEVER when empty. */
  peekTime(): SimTime;
  /** Removes every slot for which `isDead` holds. It is asked once about each, in no particular order. */
  sweep(isDead: (slot: number) => boolean): void;
}
