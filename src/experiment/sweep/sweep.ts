import type { SweepPlan } from '../../scenario/sweep-plan.ts';
import type { JobFailure } from '../run-job.ts';
import type { SweepEngine } from './engine.ts';
import { pointsOf, type SweepPoint } from './points.ts';
import type { RecordStore } from './record-store.ts';
import { type BadPoint, runsAt, type SweepRun, type SweptScenario } from './sweep-runs.ts';

/** A part of a sweep: every `of`-th run, beginning with the one of this number, from 1. */
export interface Shard {
  readonly number: number;
  readonly of: number;
}

/** What there is to do. */
export interface SweepWork {
  readonly points: readonly SweepPoint[];
  /** Those of the shard, in the order of points, then of the scenario's runs, then of repetitions. */
  readonly runs: readonly SweepRun[];
  readonly bad: readonly BadPoint[];
}

/** Reads the scenario at every point. `onPoint` is told how many have been read, and may end it by answering true. */
export async function sweepWork(
  plan: SweepPlan,
  swept: SweptScenario,
  shard: Shard,
  onPoint: (read: number, points: number) => boolean,
): Promise<SweepWork> {
  const points = pointsOf(plan);
  const all: SweepRun[] = [];
  const bad: BadPoint[] = [];
  for (const [at, point] of points.entries()) {
    const runs = runsAt(swept, point);
    if (Array.isArray(runs)) all.push(...runs);
    else bad.push(runs);
    if (at % POINTS_PER_TURN !== POINTS_PER_TURN - 1) continue;
    await turn();
    if (onPoint(at + 1, points.length)) break;
  }
  return { points, runs: all.filter((_, at) => at % shard.of === shard.number - 1), bad };
}

/** Points after which signals and output are let through. */
const POINTS_PER_TURN = 20;
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** A run of which nothing came, and why. */
export interface FailedRun {
  readonly run: SweepRun;
  readonly failure: JobFailure;
}

export interface SweepProgress {
  /** Finished in this sweep, failed ones among them. */
  readonly done: number;
  readonly wanted: number;
}

/**
 * Does the runs that the store does not hold, each of equal ones once. What comes of one is in the store before anybody is
 * told of it; one that fails does not stop the rest.
 */
export async function performRuns(
  runs: readonly SweepRun[],
  store: RecordStore,
  engine: SweepEngine,
  onProgress: (progress: SweepProgress) => void,
): Promise<FailedRun[]> {
  const failed: FailedRun[] = [];
  const told = new Set<string>();
  let storeFailure: unknown = null;
  await engine.perform(runs, (run, outcome) => {
    // A queue may tell of a run twice, when two workers have done it.
    if (told.has(run.key) || storeFailure !== null) return;
    if (!outcome.ok && outcome.failure.kind === 'stopped') return;
    told.add(run.key);
    try {
      if (outcome.ok) store.put(run.key, outcome.record);
      else failed.push({ run, failure: outcome.failure });
    } catch (error) {
      // A full disk ends the sweep, but not before the runs under way have come to rest.
      storeFailure = error;
      engine.stop();
    }
    onProgress({ done: told.size, wanted: runs.length });
  });
  if (storeFailure !== null) throw storeFailure;
  const order = new Map(runs.map(({ key }, at) => [key, at]));
  return failed.sort((left, right) => order.get(left.run.key)! - order.get(right.run.key)!);
}

/** The first of all runs that have the same key. */
export function distinctRuns(runs: readonly SweepRun[]): SweepRun[] {
  const first = new Map<string, SweepRun>();
  for (const run of runs) if (!first.has(run.key)) first.set(run.key, run);
  return [...first.values()];
}
