import type { JobFailure } from '../experiment/run-job.ts';
import type { FailedRun } from '../experiment/sweep/sweep.ts';
import type { BadPoint } from '../experiment/sweep/sweep-runs.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { repeatLine } from './repeat-line.ts';

/** Messages about points shown one by one; many have the same cause. */
const MOST_SHOWN = 20;

/** How the program ends for a run of which nothing came. */
export const EXIT_OF_FAILURE: Readonly<Record<JobFailure['kind'], ExitCode>> = {
  defect: EXIT.DEFECT,
  files: EXIT.FILES,
  scenario: EXIT.USAGE,
  stopped: EXIT.OK,
};

/** Every mistake once, with the first point at which it shows and how many others have it. */
export function badPointsText(bad: readonly BadPoint[]): string {
  const points = new Map<string, number[]>();
  for (const { point, errors } of bad) {
    for (const { message } of errors) {
      const numbers = points.get(message) ?? [];
      points.set(message, numbers);
      if (numbers.at(-1) !== point.number) numbers.push(point.number);
    }
  }
  const lines = [...points].map(([message, [first, ...others]]) => {
    const rest = others.length === 0 ? '' : ` and ${others.length} more`;
    return `error: ${message} (point ${first}${rest})\n`;
  });
  return cut(lines);
}

/** Runs that failed, each with the line that repeats it. */
export const failedRunsText = (failed: readonly FailedRun[]): string => cut(failed.map(failedRunText));

function failedRunText({ run, failure }: FailedRun): string {
  const { point, repetition, job } = run;
  const what = failure.kind === 'defect' ? 'defect of the simulator' : 'error';
  const where =
    failure.kind === 'defect'
      ? `  at event ${failure.eventCount}, ${failure.nowNs} ns, seed ${job.seed}\n`
      : '';
  const set = job.overrides.flatMap((assignment) => ['--set', assignment]);
  const repeat = repeatLine(['run', job.file, ...set, '--seed', job.seed, '--run', job.run]);
  return [
    `${what} at point ${point.number}, ${run.run}, repetition ${repetition}: ${failure.message}\n`,
    where,
    `  repeat with: ${repeat}\n`,
  ].join('');
}

function cut(messages: readonly string[]): string {
  const rest = messages.length - MOST_SHOWN;
  return messages.slice(0, MOST_SHOWN).join('') + (rest > 0 ? `and ${rest} more\n` : '');
}
