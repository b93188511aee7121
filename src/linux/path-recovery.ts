import { NS_PER_S, type SimTime } from '../kernel/time.ts';

/**
 * What a path-recovery policy decides: when a path with errors is given up, and when a channel path that came back is
 * used again. A policy is a function of its arguments; what it remembers stands in the histories, which belong to whom
 * asks. The policies are in src/pathing/.
 */
export interface PathRecoveryPolicy {
  /** Delays of the recovery timer, of which the last repeats (device.c: recovery_delay). */
  readonly delaysNs: readonly SimTime[];
  /** Null: the driver counts as it does in Linux, per device and with the limits of its sysfs attributes. */
  readonly errors: PathErrorPolicy | null;
  /** Null: a channel path that is back is used at once. */
  readonly failBack: FailBackPolicy | null;
}

/** What control checks on a path lead to. A path that fails a test after one of them is given up at once. */
export interface PathErrorPolicy {
  /** What has a history of its own and loses the path: each device, or all devices of a control unit together. */
  readonly scope: 'device' | 'control-unit';
  /** Notes one error; true: it is one too many. */
  account(history: ErrorHistory, now: SimTime): boolean;
}

/** Errors on one path of a device or of a control unit, since it was given up last. */
export class ErrorHistory {
  /** Errors, and the time of the first one. */
  errors = 0;
  firstNs: SimTime = 0;
  /** Span of counting in which the latest error was, and how many it has had; −1: there was none yet. */
  span = -1;
  inSpan = 0;
  /** Spans before it, without a gap, that all had too many. */
  badSpans = 0;

  note(now: SimTime): void {
    if (this.errors === 0) this.firstNs = now;
    this.errors++;
  }

  reset(): void {
    this.errors = 0;
    this.span = -1;
    this.inSpan = 0;
    this.badSpans = 0;
  }
}

/** When a channel path that flaps is used again. */
export interface FailBackPolicy {
  /** Notes that the channel path went. */
  lost(flaps: FlapHistory, now: SimTime): void;
  /** Until when it stays out of use if it is there, past if it may be used; `UNTIL_OPERATOR`. */
  heldUntil(flaps: FlapHistory, now: SimTime): SimTime;
  /** Paths with too many errors, too, come back by an operator's order only. */
  readonly keepsGivenUp: boolean;
}

/** Somebody has to order it. */
export const UNTIL_OPERATOR: SimTime = Number.MAX_SAFE_INTEGER;

/** Losses of one channel path since it was last taken back by an operator. */
export class FlapHistory {
  flaps = 0;
  firstNs: SimTime = 0;
  /** Penalty at a time, from which on it decays. */
  penalty = 0;
  penaltyAtNs: SimTime = 0;
  /** Times of the latest losses, as far back as the policy looks. */
  readonly recentNs: SimTime[] = [];
  /** Out of use until then; 0: not. */
  untilNs: SimTime = 0;

  note(now: SimTime): void {
    if (this.flaps === 0) this.firstNs = now;
    this.flaps++;
  }

  reset(): void {
    this.flaps = 0;
    this.penalty = 0;
    this.recentNs.length = 0;
    this.untilNs = 0;
  }
}

/** Why a path was given up (`path.given-up`). */
export const GIVEN_UP = { ERRORS: 1, TEST: 2, FLAPS: 3 } as const;
/** Why it was taken back (`path.taken-back`). */
export const TAKEN_BACK = { VERIFIED: 1, OPERATOR: 2, TIME: 3, LAST_PATH: 4 } as const;

/** What Linux does: device.c waits 3, 30, 300, 300 … seconds. */
export const LINUX_RECOVERY: PathRecoveryPolicy = {
  delaysNs: [3 * NS_PER_S, 30 * NS_PER_S, 300 * NS_PER_S],
  errors: null,
  failBack: null,
};

/**
 * What becomes of an operation on exactly the path that went, as far as Linux has a say (io_subchannel_terminate_path):
 *
 *   kill     it is stopped at once, by XSCH, HSCH or CSCH, whichever works
 *   ladder   the next step of XSCH, HSCH, HSCH, HSCH, CSCH … comes 3 s after the one before; status may come in between
 *   timeout  nothing for a time of its own, then as `kill`
 *   wait     nothing: status may come, else the driver's time-out ends it
 */
export type InFlightPolicy =
  | { readonly kind: 'kill' | 'ladder' | 'wait' }
  | { readonly kind: 'timeout'; readonly afterNs: SimTime };

/** Most path verifications that run at a time: in the system, or on the same channel paths (those of a control unit). */
export interface VerificationLimit {
  readonly concurrent: number;
  readonly per: 'system' | 'control-unit';
}

/** How one Linux deals with paths that go, come and fail. */
export interface PathPolicies {
  readonly recovery: PathRecoveryPolicy;
  readonly inFlight: InFlightPolicy;
  /** Null: as many as there are devices. */
  readonly verificationLimit: VerificationLimit | null;
}

export const LINUX_PATH_POLICIES: PathPolicies = {
  recovery: LINUX_RECOVERY,
  inFlight: { kind: 'kill' },
  verificationLimit: null,
};
