import { assert, SimulationDefect } from './assert.ts';
import type { EventQueue } from './event-queue.ts';
import { Fingerprint } from './fingerprint.ts';
import { HeapQueue } from './heap-queue.ts';
import { NEVER, type SimTime } from './time.ts';

/**
 * The event loop. An event is data, (kind, target, argument), dispatched through a table of handlers; among equal
 * times the lower priority number goes first, then the earlier `sequence` (first scheduled, first served).
 *
 *   at/after ──► queue (time, priority · 2^48 + sequence) ──► run: pop ─► fingerprint ─► handlers[kind](target, arg)
 */
export type EventKind = number;
export type Handler = (target: number, arg: number) => void;
/** Names a scheduled event until it runs or is cancelled. A stale handle is recognised by its generation. */
export type EventHandle = number;
export const NO_EVENT: EventHandle = -1;

const ORDER_PER_PRIORITY = 2 ** 48;
const SLOT_LIMIT = 2 ** 24;
/** Events that may run at one instant before the run is stopped as an endless zero-delay loop. */
const INSTANT_LIMIT = 50_000_000;

/** A resident timer (see `defineTimer`). */
export type TimerId = number;

export interface SimulationOptions {
  readonly queue?: EventQueue;
}

export class Simulation {
  /** Current simulated time in nanoseconds. */
  now: SimTime = 0;
  /** Events dispatched so far. */
  eventCount = 0;
  readonly fingerprint = new Fingerprint();
  private readonly queue: EventQueue;
  private sequence = 0;
  private stopping = false;
  private readonly handlers: Handler[] = [];
  private readonly kindNames: string[] = [];

  private kinds = new Uint16Array(1024);
  private targets = new Int32Array(1024);
  private args = new Float64Array(1024);
  private generations = new Uint32Array(1024);
  private states = new Uint8Array(1024);
  private freeSlots = new Int32Array(1024);
  private freeCount = 0;
  private slotCount = 0;

  private timerDeadlines: number[] = [];
  private timerOrders: number[] = [];
  private timerResident: number[] = [];
  private timerKinds: number[] = [];
  private timerTargets: number[] = [];
  private timerPriorities: number[] = [];
  private readonly timerKind: EventKind;

  constructor(options: SimulationOptions = {}) {
    this.queue = options.queue ?? new HeapQueue();
    this.timerKind = this.defineEvent('timer', () => {
      throw new SimulationDefect('timers are surfaced by the loop');
    });
  }

  /** Adds a kind of event. Call order decides the kind's number, so it must not depend on anything but the scenario. */
  defineEvent(name: string, handler: Handler): EventKind {
    this.handlers.push(handler);
    this.kindNames.push(name);
    return this.handlers.length - 1;
  }

  kindName(kind: EventKind): string {
    return this.kindNames[kind] ?? `kind ${kind}`;
  }

  /** Schedules an event at an absolute time not before `now`. */
  at(time: SimTime, priority: number, kind: EventKind, target: number, arg: number): EventHandle {
    assert(time >= this.now, 'an event cannot be scheduled in the past');
    const slot = this.takeSlot();
    this.kinds[slot] = kind;
    this.targets[slot] = target;
    this.args[slot] = arg;
    this.states[slot] = 1;
    this.queue.push(time, priority * ORDER_PER_PRIORITY + this.sequence++, slot);
    return this.generations[slot] * SLOT_LIMIT + slot;
  }

  /** Schedules an event `delay` nanoseconds (an integer ≥ 0) from now. */
  after(delay: SimTime, priority: number, kind: EventKind, target: number, arg: number): EventHandle {
    return this.at(this.now + delay, priority, kind, target, arg);
  }

  /** Runs a handler at once, as part of the current event. */
  dispatch(kind: EventKind, target: number, arg: number): void {
    this.handlers[kind](target, arg);
  }

  /** Takes an event back. Returns false when it already ran or was cancelled. */
  cancel(handle: EventHandle): boolean {
    if (handle < 0) return false;
    const slot = handle % SLOT_LIMIT;
    if (this.generations[slot] !== Math.floor(handle / SLOT_LIMIT) || this.states[slot] !== 1) return false;
    this.states[slot] = 2;
    return true;
  }

  /**
   * Creates a timer that is nearly always disarmed before it expires (missing-interruption timers). Arming and
   * disarming are a few stores: one entry stays in the queue and moves on to the current deadline when it surfaces.
   */
  defineTimer(priority: number, kind: EventKind, target: number): TimerId {
    this.timerDeadlines.push(NEVER);
    this.timerOrders.push(0);
    this.timerResident.push(NEVER);
    this.timerKinds.push(kind);
    this.timerTargets.push(target);
    this.timerPriorities.push(priority);
    return this.timerDeadlines.length - 1;
  }

  arm(timer: TimerId, delay: SimTime): void {
    const deadline = this.now + delay;
    this.timerDeadlines[timer] = deadline;
    // The sequence number is reserved here, so that ties come out as if the event had been queued now.
    this.timerOrders[timer] = this.timerPriorities[timer] * ORDER_PER_PRIORITY + this.sequence++;
    if (this.timerResident[timer] > deadline) this.pushTimer(timer);
  }

  disarm(timer: TimerId): void {
    this.timerDeadlines[timer] = NEVER;
  }

  isArmed(timer: TimerId): boolean {
    return this.timerDeadlines[timer] !== NEVER;
  }

  /** Ends `run` after the current event. */
  stop(): void {
    this.stopping = true;
  }

  /**
   * Dispatches events up to and including time `until`, at most `maxEvents` of them; `now` is `until` afterwards
   * unless it stopped early. Returns false when events at or before `until` are left.
   */
  run(until: SimTime, maxEvents = Number.MAX_SAFE_INTEGER): boolean {
    this.stopping = false;
    const { queue, fingerprint, handlers } = this;
    const last = this.eventCount + maxEvents;
    let instantStart = this.eventCount;
    while (queue.peekTime() <= until) {
      if (this.stopping || this.eventCount >= last) return false;
      const slot = queue.pop();
      const time = queue.time;
      const kind = this.kinds[slot];
      const target = this.targets[slot];
      const arg = this.args[slot];
      const live = this.states[slot] === 1;
      this.releaseSlot(slot);
      if (!live) continue;
      if (kind === this.timerKind && !this.timerSurfaced(target, time)) continue;
      if (time > this.now) {
        this.now = time;
        instantStart = this.eventCount;
      } else if (this.eventCount - instantStart > INSTANT_LIMIT) {
        throw new SimulationDefect(`endless zero-delay loop in event ${this.kindName(kind)}`);
      }
      this.eventCount++;
      if (kind === this.timerKind) {
        const timerKind = this.timerKinds[target];
        const timerTarget = this.timerTargets[target];
        fingerprint.fold(time, timerKind, timerTarget, 0);
        handlers[timerKind](timerTarget, 0);
      } else {
        fingerprint.fold(time, kind, target, arg);
        handlers[kind](target, arg);
      }
    }
    if (until !== NEVER && until > this.now) this.now = until;
    return true;
  }

  /** True when the timer's deadline is this instant; otherwise it is moved on, or dropped when disarmed. */
  private timerSurfaced(timer: TimerId, time: SimTime): boolean {
    if (this.timerResident[timer] !== time) return false;
    this.timerResident[timer] = NEVER;
    const deadline = this.timerDeadlines[timer];
    if (deadline === NEVER) return false;
    if (deadline > time || this.queue.order !== this.timerOrders[timer]) {
      this.pushTimer(timer);
      return false;
    }
    this.timerDeadlines[timer] = NEVER;
    return true;
  }

  private pushTimer(timer: TimerId): void {
    const slot = this.takeSlot();
    this.kinds[slot] = this.timerKind;
    this.targets[slot] = timer;
    this.states[slot] = 1;
    this.timerResident[timer] = this.timerDeadlines[timer];
    this.queue.push(this.timerDeadlines[timer], this.timerOrders[timer], slot);
  }

  private takeSlot(): number {
    if (this.freeCount > 0) return this.freeSlots[--this.freeCount];
    assert(this.slotCount < SLOT_LIMIT, 'more pending events than the simulation can name');
    if (this.slotCount === this.kinds.length) this.growSlots();
    return this.slotCount++;
  }

  private releaseSlot(slot: number): void {
    this.states[slot] = 0;
    this.generations[slot]++;
    this.freeSlots[this.freeCount++] = slot;
  }

  private growSlots(): void {
    const length = this.kinds.length * 2;
    const copy = <T extends { set(from: T): void }>(from: T, to: T): T => {
      to.set(from);
      return to;
    };
    this.kinds = copy(this.kinds, new Uint16Array(length));
    this.targets = copy(this.targets, new Int32Array(length));
    this.args = copy(this.args, new Float64Array(length));
    this.generations = copy(this.generations, new Uint32Array(length));
    this.states = copy(this.states, new Uint8Array(length));
    this.freeSlots = copy(this.freeSlots, new Int32Array(length));
  }
}
