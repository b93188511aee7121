import { UsageError } from '../usage-error.ts';
import { workerCommand } from '../worker-command.ts';
import type { AddCommand } from './context.ts';
import { jobsFrom, jobsOption, redisOption, timeOption } from './options.ts';

export const addWorker: AddCommand = (program, context) => {
  program
    .command('worker')
    .description('do runs of sweeps that come through a queue in Redis (sweep --engine bullmq)')
    .option('--redis <url>', 'where Redis is (redis://HOST:PORT); default: CHPSIM_REDIS')
    .addOption(jobsOption(context.terminal))
    .option(
      '--lease <time>',
      'how long this worker may be silent before another takes over what it was at',
      '30s',
    )
    .action(async ({ redis, jobs, lease }: WorkerFlags) => {
      const { env } = context.terminal;
      const url = redisOption(redis, env);
      if (url === '') throw new UsageError('where is Redis? --redis redis://localhost:6379, or CHPSIM_REDIS');
      const leaseNs = timeOption('--lease', lease);
      if (leaseNs === 0) throw new UsageError('--lease 0s: expected a time above 0');
      context.end(await workerCommand(context, { redis: url, jobs: jobsFrom(jobs), leaseNs }));
    });
};

interface WorkerFlags {
  readonly redis?: string;
  readonly jobs: string;
  readonly lease: string;
}
