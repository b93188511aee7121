import { ACTL, FCTL, STCTL } from '../../../src/zarch/scsw.ts';

/**
 * What there is to know about one subchannel between two instructions. The machine decides for itself when a start is
 * accepted, a program suspended or a status presented, so the oracle keeps every situation that is still possible.
 */
export interface Situation {
  readonly enabled: boolean;
  readonly fctl: number;
  readonly actl: number;
  readonly stctl: number;
  /** An interruption condition waits for a CPU. */
  readonly interruption: boolean;
  /** The CCW with the suspend flag has been passed. */
  readonly passed: boolean;
}

export const RESET: Situation = {
  enabled: false,
  fctl: 0,
  actl: 0,
  stctl: 0,
  interruption: false,
  passed: false,
};

/** What is known of the program that a start function runs: it decides which ways are open. */
export interface Course {
  /** Whether a CCW with the suspend flag stands in the way; unknown when storage was changed while it ran. */
  suspends: 'yes' | 'no' | 'unknown';
  readonly suppressSuspended: boolean;
  /** The ORB allows suspension, so the program can be resumed at any time. */
  readonly resumable: boolean;
  /** Intermediate status can come on the way: program-controlled or initial-status interruption. */
  readonly intermediate: boolean;
  readonly ending: 'normal' | 'unit-check' | 'program-check' | 'no-path' | 'never';
}

export const isPending = (now: Situation): boolean => (now.stctl & STCTL.PENDING) !== 0;
export const isOnlyIntermediate = (now: Situation): boolean =>
  now.stctl === (STCTL.INTERMEDIATE | STCTL.PENDING);

export const ACTIVE = ACTL.SUBCHANNEL_ACTIVE | ACTL.DEVICE_ACTIVE;
/** Activity that cannot last: sooner or later the machine does something about it. */
const UNSETTLED = ACTL.RESUME_PENDING | ACTL.START_PENDING | ACTL.HALT_PENDING | ACTL.CLEAR_PENDING | ACTIVE;

/** Whether nothing happens any more without another instruction. */
export function isSettled(now: Situation, course: Course): boolean {
  if ((now.fctl & (FCTL.HALT | FCTL.CLEAR)) === 0 && course.ending === 'never') {
    return (now.actl & (ACTL.RESUME_PENDING | ACTL.START_PENDING)) === 0;
  }
  return (now.actl & UNSETTLED) === 0;
}

export function describe(now: Situation): string {
  const parts = [
    now.enabled ? '' : 'disabled',
    named('', now.fctl, FCTL),
    named('', now.actl, ACTL),
    named('status ', now.stctl, STCTL),
    now.interruption ? 'interruption pending' : '',
  ].filter((part) => part !== '');
  return parts.length === 0 ? 'idle' : parts.join(', ');
}

function named(prefix: string, bits: number, names: Readonly<Record<string, number>>): string {
  const found = Object.keys(names).filter((name) => (bits & names[name]) !== 0);
  return found.length === 0 ? '' : prefix + found.join('+').toLowerCase().replaceAll('_', ' ');
}
