import { assert, SimulationDefect } from './assert.ts';
import type { EventQueue } from './event-queue.ts';
import { Fingerprint } from './fingerprint.ts';
import { LadderQueue } from './ladder-queue.ts';
import { CANCELLED, type EventHandle, NO_SLOT, PendingEvents, TIMER } from './pending-events.ts';
import { NEVER, type SimTime } from './time.ts';
import { NOT_RESIDENT, type TimerId, TimerTable } from './timer-table.ts';

export { type EventHandle, NO_EVENT } from './pending-events.ts';
export type { TimerId } from './timer-table.ts';

/**
 * The event loop. An event is data, (kind, target, argument), dispatched through a table of handlers; among equal
 * times the lower priority number goes first, then the earlier `sequence` (first scheduled, first served).
 *
 *   at/after ──► queue (time, priority · 2^48 + sequence) ──► run: pop ─► fingerprint ─► handlers[kind](target, arg)
 */
export type EventKind = number;
export type Handler = (target: number, arg: number) => void;

/** What the event loop is running: an event of a kind for a target. */
export interface RunningEvent {
  readonly kind: string;
  readonly target: number;
  /** Name of the target where its kind names its targets, else of the kind. */
  readonly name: string;
}

const ORDER_PER_PRIORITY = 2 ** 48;
/** Targets that `running` tells apart. */
const TARGETS = 2 ** 32;
/** Events that may run at one instant before the run is stopped as an endless zero-delay loop. */
const INSTANT_LIMIT = 50_000_000;
/** Cancelled events stay queued until they outnumber the live ones by this. */
const DEAD_ALLOWANCE = 1024;

export interface SimulationOptions {
  /** Makes the event queue; a ladder queue unless given. */
  readonly queue?: (events: PendingEvents, timers: TimerTable) => EventQueue;
}

export class Simulation {
  /** Current simulated time in nanoseconds. */
  now: SimTime = 0;
  /** Events dispatched so far. */
  eventCount = 0;
  /** Time of the last of them when `run` returned, which may have moved `now` on to its `until`. */
  lastEventAt: SimTime = 0;
  readonly fingerprint = new Fingerprint();
  private readonly queue: EventQueue;
  private readonly events = new PendingEvents();
  private readonly timers = new TimerTable();
  private readonly handlers: Handler[] = [];
  private readonly kindNames: string[] = [];
  private readonly targetNames: (((target: number) => string) | null)[] = [];
  private sequence = 0;
  /** Queue entries of cancelled events. */
  private deadCount = 0;
  /** The run stops when `eventCount` gets here. */
  private stopAt = 0;
  private currentKind: EventKind = CANCELLED;
  private currentTarget = 0;

  private readonly isDead = (slot: number): boolean => {
    if (this.events.kindOf(slot) !== CANCELLED) return false;
    this.events.release(slot);
    return true;
  };

  constructor(options: SimulationOptions = {}) {
    this.queue = options.queue?.(this.events, this.timers) ?? new LadderQueue(this.events);
    const reserved = (): void => {
      throw new SimulationDefect('this kind is handled by the event loop');
    };
    assert(this.defineEvent('cancelled', reserved) === CANCELLED, 'kind of cancelled events');
    assert(this.defineEvent('timer', reserved) === TIMER, 'kind of timers');
  }

  /**
   * Adds a kind of event. Call order decides the kind's number, so it must not depend on anything but the scenario.
   * `targetName` tells what a target is called.
   */
  defineEvent(
    name: string,
    handler: Handler,
    targetName: ((target: number) => string) | null = null,
  ): EventKind {
    this.handlers.push(handler);
    this.kindNames.push(name);
    this.targetNames.push(targetName);
    return this.handlers.length - 1;
  }

  kindName(kind: EventKind): string {
    return this.kindNames[kind] ?? `kind ${kind}`;
  }

  /** What is running now, as one number that a record can hold. */
  get running(): number {
    return this.currentKind * TARGETS + this.currentTarget;
  }

  /** What `running` was when it had this value. */
  runningEvent(running: number): RunningEvent {
    const kind = Math.floor(running / TARGETS);
    return this.describe(kind, running - kind * TARGETS);
  }

  /** What an event of a kind for a target is. */
  describe(kind: EventKind, target: number): RunningEvent {
    const name = this.targetNames[kind]?.(target) ?? this.kindName(kind);
    return { kind: this.kindName(kind), target, name };
  }

  /** Events and surfacing timers that are still to come. */
  get pendingCount(): number {
    return this.queue.size - this.deadCount;
  }

  /** Schedules an event at an absolute time not before `now`. */
  at(time: SimTime, priority: number, kind: EventKind, target: number, arg: number): EventHandle {
    const due = time >= this.now ? time : this.overdue();
    const order = priority * ORDER_PER_PRIORITY + this.sequence++;
    const slot = this.events.add(due, order, kind, target, arg);
    this.queue.push(slot);
    return this.events.handleOf(slot);
  }

  /** Schedules an event `delay` nanoseconds (an integer ≥ 0) from now. */
  after(delay: SimTime, priority: number, kind: EventKind, target: number, arg: number): EventHandle {
    return this.at(this.now + delay, priority, kind, target, arg);
  }

  /** As `after`, for events that are never taken back: no handle is made, which the data path need not pay for. */
  post(delay: SimTime, priority: number, kind: EventKind, target: number, arg: number): void {
    const due = delay >= 0 ? this.now + delay : this.overdue();
    const order = priority * ORDER_PER_PRIORITY + this.sequence++;
    this.queue.push(this.events.add(due, order, kind, target, arg));
  }

  /** Runs a handler at once, as part of the current event. */
  dispatch(kind: EventKind, target: number, arg: number): void {
    this.currentKind = kind;
    this.currentTarget = target;
    this.handlers[kind](target, arg);
  }

  /** Takes an event back. Returns false when it already ran or was cancelled. */
  cancel(handle: EventHandle): boolean {
    if (!this.events.cancel(handle)) return false;
    this.noteDead();
    return true;
  }

  /**
   * Creates a timer that is nearly always disarmed before it expires (missing-interruption timers). Arming and
   * disarming are a few stores: one entry stays in the queue and moves on to the current deadline when it surfaces.
   */
  defineTimer(priority: number, kind: EventKind, target: number): TimerId {
    return this.timers.define(priority, kind, target);
  }

  arm(timer: TimerId, delay: SimTime): void {
    const { timers } = this;
    const deadline = delay >= 0 ? this.now + delay : this.overdue();
    timers.deadlines[timer] = deadline;
    // The sequence number is reserved here, so that ties come out as if the event had been queued now.
    timers.orders[timer] = timers.priorities[timer] * ORDER_PER_PRIORITY + this.sequence++;
    if (timers.residentTimes[timer] > deadline) this.bringForward(timer);
  }

  disarm(timer: TimerId): void {
    this.timers.deadlines[timer] = NEVER;
  }

  isArmed(timer: TimerId): boolean {
    return this.timers.deadlines[timer] !== NEVER;
  }

  /** Ends `run` after the current event. */
  stop(): void {
    this.stopAt = 0;
  }

  /**
   * Dispatches events up to and including time `until`, at most `maxEvents` of them; `now` is `until` afterwards
   * unless it stopped early. Returns false when it stopped early and may be called again to go on.
   */
  run(until: SimTime, maxEvents = Number.MAX_SAFE_INTEGER): boolean {
    const before = this.eventCount;
    this.stopAt = before + maxEvents;
    let reached = false;
    try {
      reached = this.runLoop(until);
    } catch (error) {
      throw this.atCurrentEvent(error);
    }
    if (this.eventCount > before) this.lastEventAt = this.now;
    if (!reached) return false;
    if (until !== NEVER && until > this.now) this.now = until;
    return true;
  }

  private runLoop(until: SimTime): boolean {
    const { queue, events, fingerprint, handlers } = this;
    let instantStart = this.eventCount;
    while (this.eventCount < this.stopAt) {
      const slot = queue.popUntil(until);
      if (slot === NO_SLOT) return true;
      events.release(slot);
      const time = events.timeOf(slot);
      const arg = events.argOf(slot);
      let kind = events.kindOf(slot);
      let target = events.targetOf(slot);
      if (kind === TIMER) {
        const timer = target;
        if (!this.timerExpires(timer, time, events.orderOf(slot))) continue;
        kind = this.timers.kinds[timer];
        target = this.timers.targets[timer];
      } else if (kind === CANCELLED) {
        this.deadCount--;
        continue;
      }
      if (time > this.now) {
        this.now = time;
        instantStart = this.eventCount;
      } else if (this.eventCount - instantStart > INSTANT_LIMIT) {
        throw new SimulationDefect('endless zero-delay loop');
      }
      this.eventCount++;
      this.currentKind = kind;
      this.currentTarget = target;
      fingerprint.fold(time, kind, target, arg);
      handlers[kind](target, arg);
    }
    return queue.size === 0 || queue.peekTime() > until;
  }

  /** When an event runs whose time is over. Only what runs late itself can ask for one. */
  private overdue(): SimTime {
    assert(this.queue.runsLate === true, 'an event cannot be scheduled in the past');
    return this.now;
  }

  private atCurrentEvent(error: unknown): SimulationDefect {
    const what = error instanceof Error ? error.message : String(error);
    const kind = this.kindName(this.currentKind);
    const where = `event ${this.eventCount} (${kind}, target ${this.currentTarget}) at ${this.now} ns`;
    return new SimulationDefect(`${where}: ${what}`, { cause: error });
  }

  /** True when the timer's deadline is this instant; otherwise it is moved on, or dropped when disarmed. */
  private timerExpires(timer: TimerId, time: SimTime, order: number): boolean {
    const { timers } = this;
    timers.residentTimes[timer] = NEVER;
    timers.residentSlots[timer] = NOT_RESIDENT;
    const deadline = timers.deadlines[timer];
    if (deadline === NEVER) return false;
    if (deadline > time || order !== timers.orders[timer]) {
      this.queueResident(timer);
      return false;
    }
    timers.deadlines[timer] = NEVER;
    return true;
  }

  /** The deadline is before the resident's time: another entry takes its place. */
  private bringForward(timer: TimerId): void {
    const old = this.timers.residentSlots[timer];
    if (old !== NOT_RESIDENT) {
      this.events.cancelSlot(old);
      this.noteDead();
    }
    this.queueResident(timer);
  }

  private queueResident(timer: TimerId): void {
    const { timers } = this;
    const slot = this.events.add(timers.deadlines[timer], timers.orders[timer], TIMER, timer, 0);
    timers.residentSlots[timer] = slot;
    timers.residentTimes[timer] = timers.deadlines[timer];
    this.queue.push(slot);
  }

  private noteDead(): void {
    if (++this.deadCount <= this.pendingCount + DEAD_ALLOWANCE) return;
    this.queue.sweep(this.isDead);
    this.deadCount = 0;
  }
}
