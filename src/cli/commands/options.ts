import type { WantedPrecision } from '../../experiment/repetitions.ts';
import { findMetric } from '../../scenario/metrics.ts';
import { TRACE_FORMATS, type TraceFormat } from '../../scenario/resolved.ts';
import { parseTime } from '../../scenario/units.ts';
import { type Command, Option } from '../commander.ts';
import type { Terminal } from '../terminal.ts';
import { UsageError } from '../usage-error.ts';

/** Options that several commands have, and how their values are read. */
export function scenarioOptions(command: Command): Command {
  return command
    .option('--seed <text>', 'seed of all random streams')
    .option(
      '--set <path=value>',
      'change one value of the scenario, for instance machine.detect.configure=1ms (repeatable)',
      collect,
      [],
    )
    .option('--strategy <policy>', 'path-selection strategy to run (repeatable)', collect, [])
    .option('--run <name>', 'only this run of the scenario, as --dry-run names it (repeatable)', collect, [])
    .option('--warmup <time>', 'simulated time before measurement begins (5s), or auto: found by MSER-5')
    .addOption(new Option('--trace <level>', 'what the trace records').choices(['none', 'events', 'all']))
    .option('--trace-filter <event>', 'record only this event (repeatable)', collect, [])
    .addOption(
      new Option('--trace-format <format>', 'how the trace is written (repeatable)')
        .choices(TRACE_FORMATS)
        .argParser(collectFormats)
        .default([]),
    );
}

/** Where results go unless the command line says otherwise. */
export const outFolder = ({ env: { CHPSIM_OUT } }: Terminal): string => CHPSIM_OUT || 'out';

export const progressOption = (): Option =>
  new Option('--progress <mode>', 'progress on stderr: auto, once a second, or none')
    .choices(['auto', 'always', 'never'])
    .default('auto');

/** How many runs at a time: no more than asked for, and results do not depend on it. */
export const jobsOption = ({ env: { CHPSIM_JOBS }, processors }: Terminal): Option =>
  new Option('--jobs <number>', 'runs at a time').default(CHPSIM_JOBS || String(processors));

export const jobsFrom = (text: string): number =>
  wholeOption('--jobs', text, 1, 'how many runs at a time, 1 or more');

export const repetitionsFrom = (option: string, text: string): number =>
  wholeOption(option, text, 1, 'a number of repetitions, 1 or more');

/** A metric with the name of a phase after it, `io.response.p99@loss`, none for the whole run, and a share: `=5%`. */
export function shareOption(option: string, text: string): { metric: string; phase: string; share: number } {
  const [, metric, phase = '', percent] = /^([\w.-]+)(?:@([^=]+))?=([0-9]+(?:\.[0-9]+)?)%$/.exec(text) ?? [];
  if (metric === undefined)
    throw new UsageError(`${option} ${text}: expected METRIC=PERCENT%, like io.response.p99=5%`);
  if (findMetric(metric) === undefined) {
    throw new UsageError(`${option}: there is no metric ${metric}; chpsim explain names them`);
  }
  return { metric, phase, share: Number(percent) / 100 };
}

/** Metrics that are to be known to a share. */
export function precisionFrom(text: string): WantedPrecision {
  const { metric, phase, share } = shareOption('--until-precision', text);
  if (share === 0) {
    throw new UsageError(`--until-precision ${text}: an interval always has a width; take more than 0 %`);
  }
  return { metric, phase, relative: share };
}

export const collect = (value: string, earlier: string[]): string[] => [...earlier, value];

/** Several names may stand in one option, separated by commas. */
export const collectNames = (value: string, earlier: string[]): string[] => [...earlier, ...value.split(',')];

export function timeOption(option: string, text: string): number {
  const time = parseTime(text);
  if (!time.ok) throw new UsageError(`${option}: ${time.message}; ${time.hint}`);
  return time.value;
}

/** A whole number from `least` on. */
export function wholeOption(option: string, text: string, least: number, what: string): number {
  const value = /^[0-9]{1,15}$/.test(text) ? Number(text) : -1;
  if (value >= least) return value;
  throw new UsageError(`${option} ${text}: expected ${what}`);
}

/** URL of Redis: `--redis`, else CHPSIM_REDIS; empty when neither is there. */
export const redisOption = (url: string | undefined, { CHPSIM_REDIS = '' }: Terminal['env']): string =>
  url ?? CHPSIM_REDIS;

function collectFormats(value: string, earlier: TraceFormat[]): TraceFormat[] {
  const formats = value.split(',').map((name) => {
    const format = TRACE_FORMATS.find((known) => known === name);
    if (format !== undefined) return format;
    throw new UsageError(`--trace-format ${name}: expected ${TRACE_FORMATS.join(', ')}`);
  });
  return [...new Set([...earlier, ...formats])];
}
