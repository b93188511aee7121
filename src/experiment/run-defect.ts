import type { SimTime } from '../kernel/time.ts';
import { OutputError } from '../output/output-error.ts';
import { ScenarioError } from '../scenario/errors.ts';

/** A fault of the simulator in a run, with what is needed to see it again. */
export class RunDefect extends Error {
  override readonly name = 'RunDefect';
  readonly seed: string;
  readonly eventCount: number;
  readonly nowNs: SimTime;

  constructor(message: string, seed: string, eventCount: number, nowNs: SimTime, cause: unknown) {
    super(message, { cause });
    this.seed = seed;
    this.eventCount = eventCount;
    this.nowNs = nowNs;
  }

  /** Errors of the surroundings (a full disk, a trace that is gone) pass through; everything else is a defect. */
  static from(cause: unknown, seed: string, eventCount: number, nowNs: SimTime): unknown {
    const outside = outsideErrorIn(cause);
    if (outside !== null) return outside;
    const message = cause instanceof Error ? cause.message : String(cause);
    return new RunDefect(message, seed, eventCount, nowNs, cause);
  }
}

/** Files are read and written in the middle of an event, so the event loop has put its own error around a full disk's. */
function outsideErrorIn(error: unknown): OutputError | ScenarioError | null {
  if (error instanceof OutputError || error instanceof ScenarioError) return error;
  return error instanceof Error && error.cause !== undefined ? outsideErrorIn(error.cause) : null;
}
