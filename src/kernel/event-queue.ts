import type { SimTime } from './time.ts';

/**
 * Pending events ordered by (time, order). `order` is priority · 2^48 + sequence, so equal times pop by priority and
 * then first-in, first-out. Slots are small integers owned by the simulation; a queue only stores them.
 */
export interface EventQueue {
  readonly size: number;
  push(time: SimTime, order: number, slot: number): void;
  /** Removes the earliest entry; its key is then in `time`, `order`. Returns its slot, or −1 when empty. */
  pop(): number;
  /** Time of the earliest entry without removing it; NEVER when empty. */
  peekTime(): SimTime;
  /** Order of the earliest entry; only meaningful when `peekTime()` is not NEVER. */
  peekOrder(): number;
  /** Key of the entry that `pop` returned last. */
  time: SimTime;
  order: number;
}
