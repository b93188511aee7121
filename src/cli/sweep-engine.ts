import { LocalEngine, type SweepEngine } from '../experiment/sweep/engine.ts';
import { QueueEngine } from '../experiment/sweep/queue-engine.ts';
import type { CommandContext } from './commands/context.ts';
import { jobRunner } from './job-runner.ts';

export type EngineName = 'local' | 'bullmq';

export interface EngineOptions {
  readonly engine: EngineName;
  readonly jobs: number;
  /** URL of Redis; only the queue needs it. */
  readonly redis: string;
}

/** Whoever does the runs of a sweep. */
export async function sweepEngine(
  { terminal, info }: CommandContext,
  { engine, jobs, redis }: EngineOptions,
): Promise<SweepEngine> {
  if (engine === 'local') return new LocalEngine(jobRunner(terminal, jobs), jobs);
  return QueueEngine.connect(redis, info, (message) => terminal.err(`${message}\n`));
}
