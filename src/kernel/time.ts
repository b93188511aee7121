/**
 * Simulated time: an integer count of nanoseconds since the start of the run, exact below 2^53 (104 days).
 */
declare const simTime: unique symbol;
/** Nanoseconds since the start of the run, or a span of nanoseconds. Always an integer in 0 … 2^53 − 1. */
export type SimTime = number & { readonly [simTime]?: true };

export const NS_PER_US = 1_000;
export const NS_PER_MS = 1_000_000;
export const NS_PER_S = 1_000_000_000;
/** Later than any event that can be scheduled. */
export const NEVER: SimTime = Number.MAX_SAFE_INTEGER;
