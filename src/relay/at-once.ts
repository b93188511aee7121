import type { Steps } from '../kernel/process.ts';

/** What has been done without waiting, as steps that are over at once. */
// biome-ignore lint/correctness/useYield: it waits for nothing.
function* steps<Result>(result: Result): Steps<Result> {
  return result;
}

export function atOnce(): Steps;
export function atOnce<Result>(result: Result): Steps<Result>;
export function atOnce(result?: unknown): Steps<unknown> {
  return steps(result);
}
