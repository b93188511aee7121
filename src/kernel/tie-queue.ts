import { type Candidate, dispatchedEvent, isDispatched } from './dispatched-event.ts';
import type { EventQueue } from './event-queue.ts';
import { HeapQueue } from './heap-queue.ts';
import { NO_SLOT, type PendingEvents } from './pending-events.ts';
import type { SimTime } from './time.ts';
import type { TimerTable } from './timer-table.ts';

/** Who decides among events of the same time and priority. */
export interface TieOrder {
  /** Which of `count` ≥ 2 events runs next; 0 is the one that was scheduled first. */
  choose(count: number): number;
}

/** Told of every event before it runs; `priority` as in PRIORITY. */
export type TieWitness = (event: Candidate, priority: number) => void;

const ORDER_PER_PRIORITY = 2 ** 48;

/**
 * An event queue that takes events of the same time and priority in an order of its own. Nothing else is moved: what is
 * urgent runs first, and nothing runs before what causes it, because only events that are scheduled already can be
 * chosen.
 *
 *   push ──► heap ──► all of the present instant, by priority ──► chosen ──► popped
 */
export class TieQueue implements EventQueue {
  private readonly order: TieOrder;
  private readonly events: PendingEvents;
  private readonly timers: TimerTable;
  private readonly witness: TieWitness | null;
  private readonly heap: HeapQueue;
  /** Slots of the present instant by priority, first scheduled first. */
  private readonly instant: number[][] = [];
  private time: SimTime = 0;
  private inInstant = 0;

  constructor(order: TieOrder, events: PendingEvents, timers: TimerTable, witness: TieWitness | null = null) {
    this.order = order;
    this.events = events;
    this.timers = timers;
    this.witness = witness;
    this.heap = new HeapQueue(events);
  }

  get size(): number {
    return this.heap.size + this.inInstant;
  }

  push(slot: number): void {
    this.heap.push(slot);
  }

  popUntil(until: SimTime): number {
    if (this.inInstant === 0) this.time = this.heap.peekTime();
    if (this.time > until) return NO_SLOT;
    this.gather();
    const priority = this.instant.findIndex((slots) => slots !== undefined && slots.length > 0);
    if (priority < 0) return NO_SLOT;
    const slots = this.instant[priority];
    const gone = slots.findIndex((slot) => !isDispatched(this.events, this.timers, slot));
    const at = gone >= 0 ? gone : slots.length === 1 ? 0 : this.order.choose(slots.length);
    const [slot] = slots.splice(at, 1);
    this.inInstant--;
    if (gone < 0) this.witness?.(dispatchedEvent(this.events, this.timers, slot), priority);
    return slot;
  }

  peekTime(): SimTime {
    return this.inInstant > 0 ? this.time : this.heap.peekTime();
  }

  sweep(isDead: (slot: number) => boolean): void {
    this.heap.sweep(isDead);
    this.inInstant = 0;
    for (const [priority, slots = []] of this.instant.entries()) {
      this.instant[priority] = slots.filter((slot) => !isDead(slot));
      this.inInstant += this.instant[priority].length;
    }
  }

  /** Takes over what is scheduled for the present instant, what its own events have scheduled for it as well. */
  private gather(): void {
    const { heap, instant, time } = this;
    while (heap.size > 0 && heap.peekTime() === time) {
      const slot = heap.popUntil(time);
      const priority = Math.floor(this.events.orderOf(slot) / ORDER_PER_PRIORITY);
      instant[priority] ??= [];
      this.insert(instant[priority], slot);
      this.inInstant++;
    }
  }

  /** Nearly always at the end; only a timer that moves on to its deadline has had its place for longer. */
  private insert(slots: number[], slot: number): void {
    let at = slots.length;
    while (at > 0 && this.events.isBefore(slot, slots[at - 1])) at--;
    slots.splice(at, 0, slot);
  }
}
