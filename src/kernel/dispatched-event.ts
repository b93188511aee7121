import { CANCELLED, type PendingEvents, TIMER } from './pending-events.ts';
import type { EventKind } from './simulation.ts';
import type { SimTime } from './time.ts';
import type { TimerTable } from './timer-table.ts';

/** An event that may run next: what it is, and the time it was scheduled for. */
export interface Candidate {
  readonly kind: EventKind;
  readonly target: number;
  readonly time: SimTime;
}

/** What the event loop will dispatch for a slot: a timer stands for an event of its own. */
export function dispatchedEvent(events: PendingEvents, timers: TimerTable, slot: number): Candidate {
  const kind = events.kindOf(slot);
  const target = events.targetOf(slot);
  const time = events.timeOf(slot);
  if (kind !== TIMER) return { kind, target, time };
  return { kind: timers.kinds[target], target: timers.targets[target], time };
}

/** False: a cancelled event, or the entry of a timer that only moves on to its deadline. */
export function isDispatched(events: PendingEvents, timers: TimerTable, slot: number): boolean {
  const kind = events.kindOf(slot);
  if (kind !== TIMER) return kind !== CANCELLED;
  const timer = events.targetOf(slot);
  return timers.deadlines[timer] <= events.timeOf(slot) && timers.orders[timer] === events.orderOf(slot);
}
