import type { SimTime } from '../kernel/time.ts';
import type { InFlightPolicy, VerificationLimit } from '../linux/path-recovery.ts';

/**
 * Path-recovery policies by the name that scenarios use: R1 and R5 `linux`, R2 `zos-device`, R3 `zos-cu`, R4
 * `link-recovery`, R6 `manual`, R7 `hold-down` of the strategies reference.
 */
export const RECOVERY_NAMES = [
  'linux',
  'zos-device',
  'zos-cu',
  'link-recovery',
  'manual',
  'hold-down',
] as const;
export type RecoveryName = (typeof RECOVERY_NAMES)[number];

export interface LinuxOptions {
  /** Delays of the recovery timer, the last of which repeats. */
  readonly timerNs: readonly SimTime[];
}

export interface ControlUnitOptions {
  /** Errors a minute that are too many, and minutes in a row with so many after which the path is given up. */
  readonly threshold: number;
  readonly interval: number;
}

export interface LinkRecoveryOptions {
  /** Losses within a span after which the channel path is left alone. */
  readonly flaps: number;
  readonly withinNs: SimTime;
  /** For how long since the last loss; 0: until an operator says otherwise. */
  readonly holdNs: SimTime;
}

export interface HoldDownOptions {
  /** Added to the penalty by each loss; it halves within each half-life. */
  readonly penalty: number;
  readonly halfLifeNs: SimTime;
  /** Penalty above which the channel path is out of use, and below which it is used again. */
  readonly suppress: number;
  readonly reuse: number;
}

/** A policy with its parameters, as plain data. */
export type RecoverySpecification =
  | ({ readonly kind: 'linux' } & LinuxOptions)
  | { readonly kind: 'zos-device' | 'manual' }
  | ({ readonly kind: 'zos-cu' } & ControlUnitOptions)
  | ({ readonly kind: 'link-recovery' } & LinkRecoveryOptions)
  | ({ readonly kind: 'hold-down' } & HoldDownOptions);

/** What systems do about paths that go, come and fail, as plain data. */
export interface PathPolicySpecification {
  readonly recovery: RecoverySpecification;
  readonly inFlight: InFlightPolicy;
  readonly verificationLimit: VerificationLimit | null;
}

type FormatTime = (ns: SimTime) => string;

/** What the policy is called in names of runs: parameters follow where they are not the usual ones (`zos-cu-threshold-20`). */
export function recoveryName(
  recovery: RecoverySpecification,
  usual: RecoverySpecification,
  formatTime: FormatTime,
): string {
  const before = Object.entries(usual);
  const told = Object.entries(recovery).filter(([key, value]) => {
    const other = before.find(([name]) => name === key)?.[1];
    return String(value) !== String(other);
  });
  const words = told.map(([key, value]) => parameterName(key, value, formatTime));
  return [recovery.kind, ...words].join('-');
}

/** Times are told from other numbers by the unit that their name ends with. */
function parameterName(key: string, value: unknown, formatTime: FormatTime): string {
  if (!key.endsWith('Ns')) return `${key}-${value}`;
  const times = [value].flat().map((time) => formatTime(time as SimTime));
  return `${key.slice(0, -2)}-${times.join('+')}`;
}

export const inFlightName = (inFlight: InFlightPolicy, formatTime: FormatTime): string =>
  inFlight.kind === 'timeout' ? `timeout-${formatTime(inFlight.afterNs)}` : inFlight.kind;

export function verificationLimitName(limit: VerificationLimit | null): string {
  if (limit === null) return 'unlimited';
  return limit.per === 'system' ? `${limit.concurrent}` : `${limit.concurrent}-per-control-unit`;
}
