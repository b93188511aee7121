/**
 * Levels of a system's CPU station. Interruption handlers come first; a thread that has a CPU keeps it until it sleeps, so
 * it comes before a thread that was only just woken.
 */
export const LEVEL = { INTERRUPT: 0, THREAD: 1, WOKEN: 2 } as const;
