import { ACTL, FCTL, STCTL } from '../../../src/zarch/scsw.ts';
import { STATUS_ENDED } from './instruction-table.ts';
import { ACTIVE, type Course, isPending, type Situation } from './situation.ts';

/** What the machine may do next on its own, one step at a time (Principles of Operation, "Basic I/O Functions"). */
export function steps(now: Situation, course: Course): Situation[] {
  if ((now.actl & ACTL.CLEAR_PENDING) !== 0) return cleared(now);
  if ((now.actl & ACTL.HALT_PENDING) !== 0) return [...halted(now), ...intermediate(now, course)];
  if (now.fctl !== FCTL.START) return [];
  if (course.ending === 'no-path') return isWaiting(now) ? presented(now, STATUS_ENDED | STCTL.ALERT) : [];
  if (isWaiting(now)) return begun(now, course);
  return (now.actl & ACTIVE) !== 0 ? onTheWay(now, course) : [];
}

const isWaiting = (now: Situation): boolean =>
  (now.actl & ACTIVE) === 0 && (now.actl & (ACTL.START_PENDING | ACTL.RESUME_PENDING)) !== 0;

/** A resumption that came before the start has begun waits on; the first CCW may have used it up already. */
function begun(now: Situation, course: Course): Situation[] {
  const isEarly = (now.actl & ACTL.START_PENDING) !== 0 && (now.actl & ACTL.RESUME_PENDING) !== 0;
  const active = { ...now, actl: isEarly ? ACTIVE | ACTL.RESUME_PENDING : ACTIVE };
  const next = [active, ...onTheWay(active, course)];
  if (isEarly && course.suspends === 'unknown') next.push({ ...now, actl: ACTL.START_PENDING, passed: true });
  return next;
}

function onTheWay(now: Situation, course: Course): Situation[] {
  const next = intermediate(now, course);
  const ahead = now.passed ? 'no' : course.suspends;
  if (ahead !== 'no') next.push(...suspended(now, course));
  if (ahead === 'unknown') {
    next.push({ ...now, passed: true });
    next.push({ ...now, passed: true, actl: now.actl & ~ACTL.RESUME_PENDING });
  }
  if (ahead === 'no' && course.ending !== 'never') next.push(...ended(now, course));
  // Between disconnection and reconnection only the device is active.
  next.push({ ...now, actl: now.actl ^ ACTL.SUBCHANNEL_ACTIVE });
  return next;
}

function intermediate(now: Situation, course: Course): Situation[] {
  if (!course.intermediate || (now.actl & ACTIVE) === 0) return [];
  return presented(now, STCTL.INTERMEDIATE | STCTL.PENDING, now.actl);
}

function suspended(now: Situation, course: Course): Situation[] {
  if (course.suppressSuspended) return [{ ...now, actl: ACTL.SUSPENDED }];
  return presented(now, STCTL.INTERMEDIATE | STCTL.PENDING, ACTL.SUSPENDED);
}

function ended(now: Situation, course: Course): Situation[] {
  return presented(now, STATUS_ENDED | (course.ending === 'normal' ? 0 : STCTL.ALERT));
}

/** A start that is stopped has ended, too; how far it had come decides which status there is besides. */
function halted(now: Situation): Situation[] {
  if ((now.fctl & FCTL.START) === 0 && (now.actl & ~ACTL.HALT_PENDING) === 0) {
    return presented({ ...now, fctl: FCTL.HALT }, STCTL.PENDING);
  }
  const next: Situation[] = [];
  for (const fctl of [FCTL.HALT, FCTL.START | FCTL.HALT]) {
    for (const status of [0, STCTL.PRIMARY, STCTL.PRIMARY | STCTL.SECONDARY]) {
      next.push(...presented({ ...now, fctl }, status | STCTL.PENDING));
      next.push(...presented({ ...now, fctl }, status | STCTL.PENDING | STCTL.ALERT));
    }
    // A suspended program may be shown as suspended until its status is read (Hercules does so, with intermediate status).
    if ((now.actl & ACTL.SUSPENDED) !== 0) {
      next.push(...presented({ ...now, fctl }, STCTL.INTERMEDIATE | STCTL.PENDING, ACTL.SUSPENDED));
    }
  }
  return next;
}

function cleared(now: Situation): Situation[] {
  return presented({ ...now, fctl: FCTL.CLEAR, stctl: 0, interruption: false }, STCTL.PENDING);
}

/**
 * Status becomes pending, and an interruption condition with it. What joins status whose interruption a CPU has
 * already taken may or may not interrupt once more.
 */
function presented(now: Situation, status: number, actl = 0): Situation[] {
  const after = { ...now, actl, stctl: now.stctl | status, interruption: true };
  return isPending(now) && !now.interruption ? [after, { ...after, interruption: false }] : [after];
}
