import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import type { JobEnvironment } from '../experiment/run-job.ts';
import type { Execution } from '../output/manifest.ts';
import type { Terminal } from './terminal.ts';

/** What this machine did for a run that began at `startedMs`; `folder`: where its scenario lies. */
export function describeExecution(
  clock: Pick<Terminal, 'now'>,
  argv: readonly string[],
  startedMs: number,
  eventCount: number,
  folder: string,
): Execution {
  const wallSeconds = (clock.now() - startedMs) / 1000;
  return {
    node: process.version,
    v8: process.versions.v8,
    platform: `${process.platform}-${process.arch} ${os.release()}`,
    argv,
    folder: path.resolve(folder),
    started: new Date(startedMs).toISOString(),
    wallSeconds,
    eventsPerSecond: wallSeconds > 0 ? Math.round(eventCount / wallSeconds) : 0,
    peakMemoryBytes: process.resourceUsage().maxRSS * 1024,
  };
}

/** The same for jobs, each of which begins when it begins. */
export const executionFrom =
  (clock: Pick<Terminal, 'now'>): JobEnvironment['execution'] =>
  (folder, argv) => {
    const startedMs = clock.now();
    return ({ eventCount }) => describeExecution(clock, argv, startedMs, eventCount, folder);
  };

/** Whether a process exists; one of another user does, although it may not be signalled. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
