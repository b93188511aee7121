import type { Shard } from '../../experiment/sweep/sweep.ts';
import { Option } from '../commander.ts';
import { type SweepCommandOptions, sweepCommand } from '../sweep-command.ts';
import type { Terminal } from '../terminal.ts';
import { UsageError } from '../usage-error.ts';
import type { AddCommand } from './context.ts';
import { collect, jobsFrom, jobsOption, outFolder, progressOption, redisOption } from './options.ts';

export const addSweep: AddCommand = (program, context) => {
  const { terminal, end } = context;
  program
    .command('sweep')
    .description('run a scenario at many points: every value of its axes with every other')
    .argument('<scenario>', 'scenario file, - for standard input')
    .option('--axes <file>', 'what to vary; default: the block sweep of the scenario')
    .option('--list', 'show the points and which of their runs are finished, run nothing', false)
    .option('--shard <k/n>', 'only every n-th run, beginning with the k-th (3/8)', '1/1')
    .option('--resume', 'do not repeat what is finished; this is the default')
    .option('--no-resume', 'run everything again')
    .option(
      '--metric <pattern>',
      'only these metrics in the results, * for any characters (repeatable)',
      collect,
      [],
    )
    .option('--seed <text>', 'seed of all random streams')
    .option('--set <path=value>', 'change one value of the scenario at all points (repeatable)', collect, [])
    .option('--strategy <policy>', 'path-selection strategy to run (repeatable)', collect, [])
    .option('--run <name>', 'only this run of the scenario (repeatable)', collect, [])
    .option('--out <folder>', 'folder for results', outFolder(terminal))
    .addOption(jobsOption(terminal))
    .addOption(
      new Option('--engine <name>', 'who runs: threads of this process, or workers behind a queue in Redis')
        .choices(['local', 'bullmq'])
        .default('local'),
    )
    .option('--redis <url>', 'where Redis is (redis://HOST:PORT), for --engine bullmq; default: CHPSIM_REDIS')
    .option('--json', 'print one JSON object', false)
    .addOption(progressOption())
    .option('--no-color', 'print without colour')
    .action(async (file: string, flags: SweepFlags) =>
      end(await sweepCommand(context, file, sweepOptions(flags, terminal.env))),
    );
};

interface SweepFlags extends Omit<SweepCommandOptions, 'jobs' | 'shard' | 'redis'> {
  readonly jobs: string;
  readonly shard: string;
  readonly redis?: string;
}

function sweepOptions(
  { jobs, shard, redis, ...flags }: SweepFlags,
  env: Terminal['env'],
): SweepCommandOptions {
  return {
    ...flags,
    jobs: jobsFrom(jobs),
    shard: shardOf(shard),
    redis: redisOption(redis, env),
  };
}

function shardOf(text: string): Shard {
  const [, number = 0, of = 0] = (/^([0-9]{1,6})\/([0-9]{1,6})$/.exec(text) ?? []).map(Number);
  if (number >= 1 && number <= of) return { number, of };
  throw new UsageError(`--shard ${text}: expected k/n with k from 1 to n, for instance 3/8`);
}
