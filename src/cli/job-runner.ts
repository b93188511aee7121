import type { JobFailure } from '../experiment/run-job.ts';
import { type JobRunner, SameThread, WorkerPool } from '../experiment/worker-pool.ts';
import { executionFrom, isAlive } from './execution.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import type { Terminal } from './terminal.ts';

/** The module that worker threads load: what has been built, beside this file. */
const WORKER = new URL('./run-worker.js', import.meta.url);

/** So many runs at a time; a single one needs no other thread. */
export function jobRunner(terminal: Terminal, jobs: number): JobRunner {
  if (jobs > 1) return new WorkerPool(WORKER, jobs);
  return new SameThread({
    build: terminal.build,
    files: terminal.files,
    isAlive,
    shouldStop: () => false,
    execution: executionFrom(terminal),
  });
}

/** Says why a job failed, and how to see it again. */
export function reportJobFailure(
  terminal: Terminal,
  { kind, message, eventCount, nowNs, stack }: JobFailure,
  seed: string,
  repeat: string,
): ExitCode {
  if (kind === 'stopped') return EXIT.OK;
  if (kind !== 'defect') {
    terminal.err(`error: ${message}\n`);
    return kind === 'files' ? EXIT.FILES : EXIT.USAGE;
  }
  terminal.err(`defect of the simulator: ${message}\n`);
  terminal.err(`  at event ${eventCount}, ${nowNs} ns, seed ${seed}\n`);
  terminal.err(`  repeat with: ${repeat}\n`);
  if (stack !== '') terminal.err(`${stack.replaceAll(/^/gm, '  ')}\n`);
  return EXIT.DEFECT;
}
