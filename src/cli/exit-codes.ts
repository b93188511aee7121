/** How the program ends. Of several, the one that stands first in `SEVERITY` wins. */
export const EXIT = {
  OK: 0,
  /** A fault in the simulator itself; nothing else gives 1. */
  DEFECT: 1,
  USAGE: 2,
  /** A threshold or an expectation of the scenario failed. */
  THRESHOLD: 3,
  /** A comparison came out unequal. */
  DIFFERENT: 4,
  /** Something cannot be read or written. */
  FILES: 5,
  INTERRUPTED: 130,
  TERMINATED: 143,
} as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

const SEVERITY: readonly ExitCode[] = [
  EXIT.INTERRUPTED,
  EXIT.TERMINATED,
  EXIT.DEFECT,
  EXIT.FILES,
  EXIT.USAGE,
  EXIT.DIFFERENT,
  EXIT.THRESHOLD,
  EXIT.OK,
];

export const worst = (codes: readonly ExitCode[]): ExitCode =>
  SEVERITY.find((code) => codes.includes(code)) ?? EXIT.OK;

/** What each code means, for `explain`. */
export const EXIT_MEANINGS: Readonly<Record<ExitCode, string>> = {
  0: 'Done, and all thresholds and expectations were met.',
  1: 'A fault in the simulator itself. The message has the seed, the event number and the line that repeats the run.',
  2: 'The command line or the scenario is not valid. Nothing was simulated.',
  3: 'A threshold or an expectation of the scenario failed; the result table says which.',
  4: 'A comparison came out unequal (replay, diff, diff-trace, audit-ties, or --fingerprint) or worse than allowed (compare, baseline check), or explore found an order that fails.',
  5: 'Something could not be read or written: no such file, no permission, disk full.',
  130: 'Interrupted (SIGINT). Partial results were written and are marked as such.',
  143: 'Terminated (SIGTERM). Partial results were written and are marked as such.',
};
