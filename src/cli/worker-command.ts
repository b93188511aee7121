import { openWorker } from '../experiment/sweep/job-queue.ts';
import type { CommandContext } from './commands/context.ts';
import type { ExitCode } from './exit-codes.ts';
import { Interrupt } from './interrupt.ts';

export interface WorkerCommandOptions {
  readonly redis: string;
  readonly jobs: number;
  readonly leaseNs: number;
}

const NS_PER_MS = 1_000_000;

/** `chpsim worker`: does runs of sweeps that come through a queue in Redis, until it is told to end. */
export async function workerCommand(
  { terminal, info }: CommandContext,
  { redis, jobs, leaseNs }: WorkerCommandOptions,
): Promise<ExitCode> {
  let tell = (): void => {};
  const told = new Promise<void>((resolve) => {
    tell = resolve;
  });
  const interrupt = new Interrupt(terminal, () => tell());
  const worker = await openWorker(redis, info, {
    processor: new URL('./sweep-processor.js', import.meta.url),
    jobs,
    leaseMs: Math.ceil(leaseNs / NS_PER_MS),
    onTrouble: (problem) => terminal.err(`warning: ${problem}\n`),
    onDone: (key) => terminal.err(`done ${key}\n`),
  });
  terminal.err(`ready: ${jobs} ${jobs === 1 ? 'run' : 'runs'} at a time\n`);
  await told;
  await worker.close();
  interrupt.end();
  return interrupt.code!;
}
