import type { RunEvent } from './decoded-records.ts';
import type { Step, SteppedRun } from './stepped-run.ts';

/** Where two runs part. */
export interface RunDifference {
  /** Events, from the beginning, that both runs have. */
  readonly same: number;
  /** The last of them. */
  readonly before: readonly Step[];
  /** What follows in each run; nothing where it is over. */
  readonly left: readonly Step[];
  readonly right: readonly Step[];
}

/** The digests of the first `every`, 2 · `every`, … events of a run. */
export interface Checkpoints {
  readonly every: number;
  readonly checkpoints: readonly string[];
}

/**
 * Events at the beginning of which the checkpoints say that they are the same. A checkpoint stands for everything before
 * it, so the last equal pair is found by bisection.
 */
export function sameByCheckpoints(left: Checkpoints, right: Checkpoints): number {
  if (left.every !== right.every) return 0;
  let low = 0;
  let high = Math.min(left.checkpoints.length, right.checkpoints.length);
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (left.checkpoints[middle - 1] === right.checkpoints[middle - 1]) low = middle;
    else high = middle - 1;
  }
  return low * left.every;
}

/**
 * Goes through two runs side by side, from where both stand, up to the first events that differ in time, name or in what
 * was recorded; `around` of them before it and after it. Null when there is none. `turn` is called now and then; false
 * ends the search.
 */
export async function differenceFrom(
  left: SteppedRun,
  right: SteppedRun,
  around: number,
  turn: () => Promise<boolean>,
): Promise<RunDifference | null> {
  const before: Step[] = [];
  for (;;) {
    const one = left.next();
    const other = right.next();
    if (one === null && other === null) return null;
    if (one === null || other === null || !isSame(one, other)) {
      return {
        same: (one ?? other)!.event - 1,
        before,
        left: following(left, one, around),
        right: following(right, other, around),
      };
    }
    before.push(one);
    if (before.length > around) before.shift();
    if (one.event % STEPS_PER_TURN === 0 && !(await turn())) return null;
  }
}

const STEPS_PER_TURN = 10_000;

function following(run: SteppedRun, first: Step | null, most: number): Step[] {
  const steps: Step[] = [];
  for (let step = first; step !== null; step = run.next()) {
    steps.push(step);
    if (steps.length > most) break;
  }
  return steps;
}

/** The numbers of kinds and targets depend on what else there is in the scenario; names and records do not. */
const isSame = (one: Step, other: Step): boolean =>
  one.tNs === other.tNs &&
  one.name === other.name &&
  one.records.length === other.records.length &&
  one.records.every((record, at) => isSameRecord(record, other.records[at]));

const isSameRecord = (one: RunEvent, other: RunEvent): boolean =>
  one.event === other.event &&
  one.system === other.system &&
  one.subchannel === other.subchannel &&
  one.chpid === other.chpid &&
  one.lpm === other.lpm &&
  one.cc === other.cc &&
  Object.entries(one.fields).every(([name, value]) => other.fields[name] === value);
