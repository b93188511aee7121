import { assert } from './assert.ts';
import { type Candidate, dispatchedEvent, isDispatched } from './dispatched-event.ts';
import type { EventQueue } from './event-queue.ts';
import { resized } from './grow.ts';
import { NO_SLOT, type PendingEvents } from './pending-events.ts';
import type { EventKind } from './simulation.ts';
import type { SimTime } from './time.ts';
import type { TimerTable } from './timer-table.ts';

/** Who decides which event runs next. */
export interface EventOrder {
  /**
   * Which of `count` ≥ 2 candidates runs as event number `ordinal` of the window, counted from 1. Rank 0 is the one whose
   * turn it is by time, priority and sequence, the others follow in that order; `window.candidate` tells what they are.
   */
  choose(ordinal: number, count: number, window: EventWindow): number;
  /** Event number `ordinal` of the window runs now, chosen or without a choice. */
  runs?(ordinal: number, event: Candidate): void;
}

export interface EventWindowOptions {
  /** The window, both ends included, ns. */
  readonly fromNs: SimTime;
  readonly toNs: SimTime;
  /** Whether an event may run at another place than its own: asked once, when it is scheduled. */
  readonly isMovable: (kind: EventKind, target: number) => boolean;
  readonly order: EventOrder;
}

/**
 * An event queue with a window of time in which somebody else decides about the order. Every event that is scheduled
 * for a time in the window is a candidate as soon as it is scheduled, up to the first one that must stay in its place; so
 * nothing runs before what causes it.
 *
 *   before the window ──► queue ──► popped
 *   in the window     ──► waiting, by time, priority and sequence ──► chosen ──► popped
 *   behind it         ──► queue, when nothing waits any more
 *
 * An event is never early. One that is overtaken runs late, at the time of the one that overtook it, as if whoever
 * carries it out had been held up: what a frame, a processor or an interruption may always be.
 */
export class EventWindow implements EventQueue {
  readonly runsLate = true;
  private readonly options: EventWindowOptions;
  private readonly events: PendingEvents;
  private readonly timers: TimerTable;
  private readonly queue: EventQueue;
  /** Events in the window, by time and order. */
  private waiting: number[] = [];
  /** By slot: 1 for one that may leave its place. */
  private movable = new Int32Array(64);
  /** Chosen to run next, when `popUntil` could not go that far. */
  private chosen = NO_SLOT;
  /** Events of the window that were popped. */
  private ordinal = 0;

  constructor(options: EventWindowOptions, events: PendingEvents, timers: TimerTable, queue: EventQueue) {
    this.options = options;
    this.events = events;
    this.timers = timers;
    this.queue = queue;
  }

  get size(): number {
    return this.queue.size + this.waiting.length;
  }

  push(slot: number): void {
    const time = this.events.timeOf(slot);
    const { fromNs, toNs } = this.options;
    if (time < fromNs || time > toNs) {
      this.queue.push(slot);
      return;
    }
    while (slot >= this.movable.length) this.movable = resized(this.movable, 2 * this.movable.length);
    const { kind, target } = this.eventOf(slot);
    this.movable[slot] = this.options.isMovable(kind, target) ? 1 : 0;
    this.waiting.splice(this.placeOf(slot), 0, slot);
  }

  popUntil(until: SimTime): number {
    if (this.waiting.length === 0 || this.queue.peekTime() < this.options.fromNs)
      return this.queue.popUntil(until);
    if (this.events.timeOf(this.waiting[0]) > until) return NO_SLOT;
    const gone = this.waiting.find((slot) => !isDispatched(this.events, this.timers, slot));
    if (gone !== undefined) return this.take(gone);
    if (this.chosen === NO_SLOT) this.chosen = this.choose();
    if (this.events.timeOf(this.chosen) > until) return NO_SLOT;
    this.ordinal++;
    this.options.order.runs?.(this.ordinal, this.eventOf(this.chosen));
    return this.take(this.chosen);
  }

  peekTime(): SimTime {
    const next = this.queue.peekTime();
    return this.waiting.length === 0 ? next : Math.min(next, this.events.timeOf(this.waiting[0]));
  }

  sweep(isDead: (slot: number) => boolean): void {
    this.waiting = this.waiting.filter((slot) => !isDead(slot));
    this.queue.sweep(isDead);
  }

  /** The candidate with this rank, while a choice is asked for. */
  candidate(rank: number): Candidate {
    return this.eventOf(this.waiting[rank]);
  }

  private choose(): number {
    const count = this.candidateCount();
    const rank = count === 1 ? 0 : this.options.order.choose(this.ordinal + 1, count, this);
    assert(rank >= 0 && rank < count, `rank ${rank} of ${count} events`);
    return this.waiting[rank];
  }

  /** What must keep its place may run as soon as those before it are held back; nothing behind it may. */
  private candidateCount(): number {
    const fixed = this.waiting.findIndex((slot) => this.movable[slot] === 0);
    return fixed < 0 ? this.waiting.length : fixed + 1;
  }

  private eventOf(slot: number): Candidate {
    return dispatchedEvent(this.events, this.timers, slot);
  }

  private take(slot: number): number {
    if (slot === this.chosen) this.chosen = NO_SLOT;
    this.waiting.splice(this.waiting.indexOf(slot), 1);
    return slot;
  }

  /** Position of a new slot: behind all that come before it. */
  private placeOf(slot: number): number {
    let low = 0;
    let high = this.waiting.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.events.isBefore(this.waiting[middle], slot)) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
