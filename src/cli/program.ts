import { Command, CommanderError, Help, Option } from 'commander';
import type { Manifest } from '../output/manifest.ts';
import { TRACE_FORMATS, type TraceFormat } from '../scenario/resolved.ts';
import { parseTime } from '../scenario/units.ts';
import { type DiffTraceOptions, diffTraceCommand } from './diff-trace-command.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { explainCommand } from './explain-command.ts';
import { type ExploreCommandOptions, exploreCommand } from './explore-command.ts';
import { reportFailure } from './failure.ts';
import type { ProgressMode } from './progress.ts';
import { replayAll } from './replay-command.ts';
import type { ReplayOptions } from './replay-events.ts';
import { FORMATS, type Format } from './result-formats.ts';
import { type RunOptions, runCommand } from './run-command.ts';
import type { Terminal } from './terminal.ts';
import { UsageError } from './usage-error.ts';
import { schemaText, type ValidateOptions, validateCommand } from './validate-command.ts';

const EXAMPLES = `Examples:
  chpsim run scenarios/forty-two-notifications.yaml
  chpsim run scenarios/forty-two.yaml --set duration=30s --seed 7 --json
`;

const EXIT_CODES = `
Exit codes: 0 done, 1 defect of the simulator, 2 mistake in command or scenario,
3 threshold or expectation failed, 4 comparison unequal or an order fails,
5 cannot read or write;
"chpsim explain 3" tells more.
`;

/** Runs one command line; the code is the program's exit code. */
export async function runProgram(
  terminal: Terminal,
  info: Manifest['program'],
  argv: readonly string[],
): Promise<ExitCode> {
  let code: ExitCode = EXIT.OK;
  const program = buildProgram(terminal, info, argv, (ended) => {
    code = ended;
  });
  try {
    await program.parseAsync(argv, { from: 'user' });
  } catch (error) {
    // Commander has printed what is wrong with the command line already; help and version are no errors.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.OK : EXIT.USAGE;
    return reportFailure(terminal, error, '');
  }
  return code;
}

function buildProgram(
  terminal: Terminal,
  info: Manifest['program'],
  argv: readonly string[],
  end: (code: ExitCode) => void,
): Command {
  const { CHPSIM_OUT } = terminal.env;
  const program = new Command('chpsim')
    .description('Simulates s390 channel paths and machine checks, the same every time.')
    .version(info.version)
    .addHelpText('before', EXAMPLES)
    .addHelpText('after', EXIT_CODES)
    .configureHelp({ optionDescription })
    .showHelpAfterError('(--help lists commands and options)')
    .configureOutput({
      writeOut: (text) => terminal.out(text),
      writeErr: (text) => terminal.err(text),
      outputError: (text, write) => write(text),
    })
    .exitOverride();

  scenarioOptions(program.command('run'))
    .description('simulate every run of a scenario and write its results')
    .argument('<scenario>', 'scenario file, - for standard input')
    .option('--until <time>', 'end the run at this simulated time (2s, 300ms)')
    .option('--out <folder>', 'folder for results', CHPSIM_OUT || 'out')
    .addOption(
      new Option('--format <format>', 'what is printed: text for people, or one of the others for programs')
        .choices(FORMATS)
        .default('text'),
    )
    .option('--json', 'short for --format json')
    .option('--junit <file>', 'write thresholds and expectations as JUnit XML')
    .option('--details', 'print all figures of each run, where several are compared', false)
    .option('--steps', 'list every check of an instruction script, not only those that failed', false)
    .option('--fingerprint <hex>', 'end with code 4 unless the run has this fingerprint')
    .option('--dry-run', 'check the scenario and name its runs, simulate nothing', false)
    .option('--force', 'run again what has been run already', false)
    .addOption(progressOption())
    .option('--no-color', 'print without colour')
    .action(async (file: string, flags: RunFlags) =>
      end(await runCommand(terminal, info, argv, file, runOptions(flags))),
    );

  scenarioOptions(program.command('validate'))
    .description('report every mistake in scenarios, simulate nothing')
    .argument('[scenario...]', 'scenario files, - for standard input')
    .option('--print-resolved', 'print the runs with all defaults filled in', false)
    .option('--print-schema', 'print the JSON Schema of scenarios', false)
    .action((files: string[], options: ValidateOptions) => end(validateCommand(terminal, files, options)));

  program
    .command('replay')
    .description('run again what manifests describe and compare')
    .argument('<manifest...>', 'manifest.json or the folder of a run')
    .option('--until-event <number>', 'stop after this kernel event and compare the checkpoints up to it')
    .option('--events', 'print every event as CSV on stdout, the comparison on stderr', false)
    .addOption(progressOption())
    .action(async (targets: string[], flags: ReplayFlags) =>
      end(await replayAll(terminal, info, argv, targets, replayOptions(flags))),
    );

  program
    .command('diff-trace')
    .description('lay a run beside a recorded trace of a real system')
    .argument('<recording>', 'ftrace text or log of QEMU')
    .argument('<run>', 'folder or manifest of a run, or a trace that it wrote')
    .option('--from <time>', 'only what the run did from here on: a time, or a phase from its beginning')
    .option('--to <time>', 'only what it did before: a time, or a phase up to its end')
    .option('--system <name>', 'whose trace, when the run has several systems')
    .option('--events <event>', 'only these events (repeatable, or separated by commas)', collectNames, [])
    .option('--context <lines>', 'lines shown around the first difference', '5')
    .action(async (recording: string, run: string, { context, ...flags }: DiffTraceFlags) => {
      const options = { ...flags, context: linesOption('--context', context) };
      end(await diffTraceCommand(terminal, recording, run, options));
    });

  scenarioOptions(program.command('explore'))
    .description('run a scenario in every order of the events in its window and look for one that fails')
    .argument('<scenario>', 'scenario file, - for standard input')
    .option('--out <folder>', 'folder for the order that fails', CHPSIM_OUT || 'out')
    .option('--events', 'list the events of the window in their natural order', false)
    .option('--json', 'print one JSON object', false)
    .addOption(progressOption())
    .option('--no-color', 'print without colour')
    .action(async (file: string, options: ExploreCommandOptions) =>
      end(await exploreCommand(terminal, info, file, options)),
    );

  program
    .command('schema')
    .description('print the JSON Schema of scenarios')
    .action(() => terminal.out(schemaText()));

  program
    .command('explain')
    .description('say what an event, metric, column of a comparison, error or exit code is')
    .argument('<topic>', 'for instance crw.channel-path, io.response.p99 or 3')
    .action((topic: string) => end(explainCommand(terminal, topic)));

  return program;
}

const progressOption = (): Option =>
  new Option('--progress <mode>', 'progress on stderr: auto, once a second, or none')
    .choices(['auto', 'always', 'never'])
    .default('auto');

/** A default that is off, or an empty list, goes without saying. */
function optionDescription(option: Option): string {
  const isOff = option.defaultValue === false || Array.isArray(option.defaultValue);
  return isOff ? option.description : new Help().optionDescription(option);
}

/** Several formats may stand in one option, separated by commas. */
function collectFormats(value: string, earlier: TraceFormat[]): TraceFormat[] {
  const formats = value.split(',').map((name) => {
    const format = TRACE_FORMATS.find((known) => known === name);
    if (format !== undefined) return format;
    throw new UsageError(`--trace-format ${name}: expected ${TRACE_FORMATS.join(', ')}`);
  });
  return [...new Set([...earlier, ...formats])];
}

const collectNames = (value: string, earlier: string[]): string[] => [...earlier, ...value.split(',')];

const collect = (value: string, earlier: string[]): string[] => [...earlier, value];

function scenarioOptions(command: Command): Command {
  return command
    .option('--seed <text>', 'seed of all random streams')
    .option(
      '--set <path=value>',
      'change one value of the scenario, for instance machine.detect.configure=1ms (repeatable)',
      collect,
      [],
    )
    .option('--strategy <name>', 'path-selection strategy to run (repeatable)', collect, [])
    .option('--run <name>', 'only this run of the scenario, as --dry-run names it (repeatable)', collect, [])
    .addOption(new Option('--trace <level>', 'what the trace records').choices(['none', 'events', 'all']))
    .option('--trace-filter <event>', 'record only this event (repeatable)', collect, [])
    .addOption(
      new Option('--trace-format <format>', 'how the trace is written: csv, ftrace, qemu (repeatable)')
        .argParser(collectFormats)
        .default([]),
    );
}

interface RunFlags extends Omit<RunOptions, 'untilNs' | 'format'> {
  readonly format: Format;
  readonly json?: boolean;
}

function runOptions({ json, ...flags }: RunFlags): RunOptions {
  const untilNs = flags.until === undefined ? null : timeOption('--until', flags.until);
  return { ...flags, untilNs, format: json === true ? 'json' : flags.format };
}

interface DiffTraceFlags extends Omit<DiffTraceOptions, 'context'> {
  readonly context: string;
}

function linesOption(option: string, text: string): number {
  if (/^[0-9]{1,6}$/.test(text)) return Number(text);
  throw new UsageError(`${option} ${text}: expected a number of lines`);
}

interface ReplayFlags {
  readonly untilEvent?: string;
  readonly events: boolean;
  readonly progress: ProgressMode;
}

function replayOptions({ untilEvent, ...flags }: ReplayFlags): ReplayOptions {
  return { ...flags, untilEvent: untilEvent === undefined ? null : eventOption('--until-event', untilEvent) };
}

/** Events are counted from 1, as in the message of a defect. */
function eventOption(option: string, text: string): number {
  const event = /^[0-9]+$/.test(text) ? Number(text) : 0;
  if (event >= 1 && Number.isSafeInteger(event)) return event;
  throw new UsageError(`${option} ${text}: expected the number of an event, 1 or more, without a unit`);
}

function timeOption(option: string, text: string): number {
  const time = parseTime(text);
  if (!time.ok) throw new UsageError(`${option}: ${time.message}; ${time.hint}`);
  return time.value;
}
