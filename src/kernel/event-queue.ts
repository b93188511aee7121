import type { SimTime } from './time.ts';

/**
 * Pending events ordered by (time, order). `order` is priority · 2^48 + sequence and unique, so equal times pop by
 * priority and then first-in, first-out. Slots are small integers owned by the simulation; a queue only stores them.
 */
export interface EventQueue {
  /** Entries stored, those of cancelled events included. */
  readonly size: number;
  /** Adds an entry. `time` is never before that of the entry popped last, and a slot is stored once at a time. */
  push(time: SimTime, order: number, slot: number): void;
  /**
   * Removes the earliest entry unless it is later than `until`; its key is then in `time` and `order`. Returns its slot,
   * or −1 when there is none.
   */
  popUntil(until: SimTime): number;
  /** Time of the earliest entry; NEVER when empty. */
  peekTime(): SimTime;
  /** Removes every entry for which `isDead(slot)` holds. It is asked once for each entry, in no particular order. */
  sweep(isDead: (slot: number) => boolean): void;
  /** Key of the entry that `popUntil` returned last. */
  readonly time: SimTime;
  readonly order: number;
}
