import type { SimTime } from '../kernel/time.ts';

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

  /** Errors of the surroundings (a full disk) pass through; everything else is a defect. */
  static from(cause: unknown, seed: string, eventCount: number, nowNs: SimTime): unknown {
    if (cause instanceof Error && cause.name === 'OutputError') return cause;
    const message = cause instanceof Error ? cause.message : String(cause);
    return new RunDefect(message, seed, eventCount, nowNs, cause);
  }
}
