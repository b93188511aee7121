/** A defect of the simulator itself. It stops the run with exit code 1; users' mistakes are never reported this way. */
export class SimulationDefect extends Error {
  override readonly name = 'SimulationDefect';
}

/**
 * Stops the run when `condition` does not hold. Stays on in production runs. The message is made in any case: on the data
 * path it is a constant, and the event loop adds where it happened.
 */
export function assert(condition: boolean, message: string): asserts condition {
  if (!condition) throw new SimulationDefect(message);
}

/** Closes a `switch` over a union: the compiler proves that it is never reached. */
export function assertNever(value: never): never {
  throw new SimulationDefect(`unexpected value ${String(value)}`);
}
