/** Levels of a system's CPU station: interruption handlers come before timers and tasklets, these before threads. */
export const LEVEL = { INTERRUPT: 0, SOFTIRQ: 1, THREAD: 2 } as const;
