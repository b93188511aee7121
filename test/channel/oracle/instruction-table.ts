import { ACTL, FCTL, STCTL } from '../../../src/zarch/scsw.ts';
import { ACTIVE, type Course, isOnlyIntermediate, isPending, type Situation } from './situation.ts';

/**
 * The condition-code tables of the Principles of Operation for a subchannel that is provided, written as functions of
 * the situation: which condition codes are right, and where condition code 0 leads. Where the architecture leaves a
 * choice to the machine, all of its answers are listed.
 */
export interface Rule {
  codes(now: Situation, course: Course): readonly number[];
  /** Situations after condition code 0; the other codes change nothing. */
  after(now: Situation): readonly Situation[];
}

export type Instruction = 'ssch' | 'hsch' | 'csch' | 'xsch' | 'rsch' | 'tsch' | 'enable' | 'disable';

export const RULES: Readonly<Record<Instruction, Rule>> = {
  ssch: {
    codes: (now) => [!now.enabled ? 3 : isPending(now) ? 1 : now.fctl !== 0 ? 2 : 0],
    after: (now) => [
      { ...now, fctl: FCTL.START, actl: ACTL.START_PENDING, stctl: 0, interruption: false, passed: false },
    ],
  },
  hsch: {
    codes(now) {
      if (!now.enabled) return [3];
      if (isPending(now) && !isOnlyIntermediate(now)) return [1];
      return [(now.fctl & (FCTL.HALT | FCTL.CLEAR)) !== 0 ? 2 : 0];
    },
    after: halted,
  },
  csch: {
    codes: (now) => [now.enabled ? 0 : 3],
    after: (now) => [{ ...now, fctl: FCTL.CLEAR, actl: ACTL.CLEAR_PENDING, stctl: 0, interruption: false }],
  },
  xsch: {
    codes(now) {
      if (!now.enabled) return [3];
      if (isPending(now)) return [1];
      if (!isCancellable(now)) return [2];
      // A device that works while a resumption is pending may be left alone.
      return (now.actl & ACTL.DEVICE_ACTIVE) === 0 ? [0] : [0, 2];
    },
    after: (now) => [{ ...now, fctl: 0, actl: 0, stctl: 0 }],
  },
  rsch: {
    codes(now, course) {
      if (!now.enabled) return [3];
      if (isPending(now)) return [1];
      const resumable = now.fctl === FCTL.START && course.resumable;
      return [resumable && (now.actl & ACTL.RESUME_PENDING) === 0 ? 0 : 2];
    },
    after: (now) => [
      { ...now, actl: now.actl | ACTL.RESUME_PENDING },
      { ...now, actl: (now.actl & ~ACTL.SUSPENDED) | ACTL.RESUME_PENDING },
    ],
  },
  tsch: {
    codes: (now) => [!now.enabled ? 3 : isPending(now) ? 0 : 1],
    after: tested,
  },
  enable: { codes: modification, after: (now) => [{ ...now, enabled: true }] },
  disable: { codes: modification, after: (now) => [{ ...now, enabled: false }] },
};

/** Hercules looks at intermediate status after the functions, the Principles of Operation before. */
function modification(now: Situation): number[] {
  if (isOnlyIntermediate(now) && now.fctl !== 0) return [1, 2];
  return [isPending(now) ? 1 : now.fctl !== 0 ? 2 : 0];
}

function isCancellable(now: Situation): boolean {
  const waiting = ACTL.RESUME_PENDING | ACTL.START_PENDING | ACTL.SUSPENDED;
  return now.fctl === FCTL.START && (now.actl & waiting) !== 0 && (now.actl & ACTL.SUBCHANNEL_ACTIVE) === 0;
}

/**
 * Intermediate status of an active subchannel is given up; that of a suspended one may be kept. How much of the start
 * function still shows until the halt is performed is up to the machine.
 */
function halted(now: Situation): Situation[] {
  const begun = now.actl & ~(ACTL.START_PENDING | ACTL.RESUME_PENDING);
  const after: Situation[] = [];
  for (const fctl of [now.fctl | FCTL.HALT, FCTL.HALT]) {
    for (const actl of [now.actl, begun, 0].map((left) => left | ACTL.HALT_PENDING)) {
      after.push({ ...now, fctl, actl, stctl: 0, interruption: false });
      if ((now.actl & ACTL.SUSPENDED) !== 0) after.push({ ...now, fctl, actl });
    }
  }
  return after;
}

function tested(now: Situation): Situation[] {
  const read = { ...now, stctl: 0, interruption: false };
  if (!isOnlyIntermediate(now)) return [{ ...read, fctl: 0, actl: now.actl & ACTIVE }];
  if ((now.actl & ACTL.SUSPENDED) === 0) return [read];
  if ((now.fctl & FCTL.HALT) !== 0) return [read, { ...read, fctl: 0, actl: 0 }];
  return [{ ...read, actl: now.actl & ~ACTL.RESUME_PENDING }];
}

export const STATUS_ENDED = STCTL.PRIMARY | STCTL.SECONDARY | STCTL.PENDING;
