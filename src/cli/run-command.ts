import { buildIn } from '../experiment/built-run.ts';
import { pathPoliciesOf } from '../experiment/compared-run.ts';
import {
  finishedRun,
  folderOf,
  type RecordedRun,
  type RunRequest,
  recordRun,
} from '../experiment/recorded-run.ts';
import { repetitionSeed } from '../experiment/repetitions.ts';
import type { RunSummary } from '../experiment/summary.ts';
import { formatJunit } from '../output/junit.ts';
import type { Manifest } from '../output/manifest.ts';
import { writeWholeFile } from '../output/whole-file.ts';
import type { LoadedScenario } from '../scenario/load.ts';
import { observedSystems } from '../scenario/observed-systems.ts';
import type { ResolvedScenario } from '../scenario/resolved.ts';
import { describeExecution, isAlive } from './execution.ts';
import { EXIT, type ExitCode, worst } from './exit-codes.ts';
import { reportFailure } from './failure.ts';
import { Interrupt } from './interrupt.ts';
import { junitSuite } from './junit-suite.ts';
import { Progress, type ProgressMode } from './progress.ts';
import { type RepeatOptions, repeatCommand } from './repeat-command.ts';
import { repeatLine } from './repeat-line.ts';
import { type Format, formatRuns, type PrintedRun, type Shown } from './result-formats.ts';
import { loadWith, overridesOf, repeatArguments, type ScenarioOptions } from './scenario-runs.ts';
import { paintFor, type Terminal } from './terminal.ts';
import { theoryOfRun, withBatches } from './theory-run.ts';
import { UsageError } from './usage-error.ts';

export interface RunOptions extends ScenarioOptions, RepeatOptions {
  readonly untilNs: number | null;
  /** Order of events of equal time and priority; missing: as they were scheduled. */
  readonly ties?: string;
  /** As written, for the repeating line. */
  readonly until?: string;
  readonly out: string;
  readonly format: Format;
  readonly junit?: string;
  readonly fingerprint?: string;
  /** Tells all figures of each run where several are compared. */
  readonly details: boolean;
  /** Prints exact values of queueing theory beside those of the simulation. */
  readonly theory: boolean;
  /** Lists every check of an instruction script. */
  readonly steps: boolean;
  readonly dryRun: boolean;
  readonly force: boolean;
  readonly progress: ProgressMode;
  readonly color: boolean;
}

/** `chpsim run`: every run of the scenario, one after the other. */
export async function runCommand(
  terminal: Terminal,
  program: Manifest['program'],
  argv: readonly string[],
  file: string,
  options: RunOptions,
): Promise<ExitCode> {
  const loaded = loadWith(terminal, file, options);
  if (!loaded.ok) return loaded.code;
  const tied = withTies(loaded.scenario, options.ties);
  const loadedScenario = options.theory ? withBatches(tied) : tied;
  const requests = loadedScenario.runs.map((scenario) => ({
    scenario,
    textSha256: loaded.scenario.sha256,
    overrides: overridesOf(options),
    untilNs: options.untilNs,
    program,
  }));
  warnOfMissingLog(terminal, loaded.scenario.runs);
  const repeats = options.reps > 1 || options.precision.length > 0;
  if (options.fingerprint !== undefined) checkFingerprint(options.fingerprint, requests.length, repeats);
  if (options.dryRun) return dryRun(terminal, requests, file, options);
  if (repeats) return repeatCommand(terminal, program, argv, file, loadedScenario, options);
  return new Runs(terminal, program, argv, file, loaded.scenario.folder, options).all(requests);
}

/** The order of ties is no part of a scenario's file: it is asked for to see that it does not matter. */
const withTies = (scenario: LoadedScenario, ties: string | undefined): LoadedScenario =>
  ties === undefined ? scenario : { ...scenario, runs: scenario.runs.map((run) => ({ ...run, ties })) };

/** Machines and partitions have no QEMU that could log anything. */
function warnOfMissingLog(terminal: Terminal, runs: readonly ResolvedScenario[]): void {
  const wanted = runs.filter(({ trace }) => trace.formats.includes('qemu'));
  if (wanted.length === 0 || wanted.some(hasGuest)) return;
  terminal.err('warning: nothing here is a guest of QEMU, so there will be no log of QEMU\n');
}

const hasGuest = (run: ResolvedScenario): boolean =>
  observedSystems(run).some(({ layer }) => layer === 'guest');

function dryRun(
  terminal: Terminal,
  requests: readonly RunRequest[],
  file: string,
  options: RunOptions,
): ExitCode {
  for (const request of requests.flatMap((first) => repeated(first, options.reps))) {
    const { parent, name } = folderOf(request);
    terminal.out(`${options.out}/${parent}/${name}\t${repeatOf(file, options, request.scenario)}\n`);
  }
  return EXIT.OK;
}

/** A request with the seeds of its repetitions. */
const repeated = (request: RunRequest, reps: number): RunRequest[] =>
  Array.from({ length: reps }, (_, at) => {
    const { scenario } = request;
    return { ...request, scenario: { ...scenario, seed: repetitionSeed(scenario.seed, at + 1) } };
  });

class Runs {
  private readonly terminal: Terminal;
  private readonly program: Manifest['program'];
  private readonly argv: readonly string[];
  private readonly file: string;
  private readonly folder: string;
  private readonly options: RunOptions;
  private readonly printed: PrintedRun[] = [];
  private readonly codes: ExitCode[] = [];

  constructor(
    terminal: Terminal,
    program: Manifest['program'],
    argv: readonly string[],
    file: string,
    folder: string,
    options: RunOptions,
  ) {
    this.terminal = terminal;
    this.program = program;
    this.argv = argv;
    this.file = file;
    this.folder = folder;
    this.options = options;
  }

  async all(requests: readonly RunRequest[]): Promise<ExitCode> {
    const interrupt = new Interrupt(this.terminal);
    try {
      for (const request of requests) {
        if (interrupt.code !== null) break;
        this.codes.push(await this.one(request, interrupt));
      }
    } finally {
      interrupt.end();
    }
    if (interrupt.code !== null) this.codes.push(interrupt.code);
    this.print();
    return worst(this.codes);
  }

  private async one(request: RunRequest, interrupt: Interrupt): Promise<ExitCode> {
    const { options, terminal } = this;
    const { scenario } = request;
    const repeat = repeatOf(this.file, options, scenario);
    if (options.format !== 'text') terminal.err(`seed ${scenario.seed}; repeat with: ${repeat}\n`);
    try {
      const finished = options.force ? null : finishedRun(request, terminal.files, options.out);
      if (finished !== null) terminal.err(`already in ${finished.folder}; --force runs it again\n`);
      const run = finished ?? (await this.simulate(request, interrupt));
      this.printed.push({
        summary: run.summary,
        hasGuest: hasGuest(scenario),
        pathPolicies: pathPoliciesOf(scenario.strategy),
        folder: run.folder,
        repeat,
        ...(options.theory && { theory: theoryOfRun(request, run.summary) }),
      });
      return this.judge(run);
    } catch (error) {
      return reportFailure(terminal, error, repeat);
    }
  }

  private async simulate(request: RunRequest, interrupt: Interrupt): Promise<RecordedRun> {
    const { terminal, options } = this;
    const { scenario, untilNs } = request;
    const endNs = Math.min(untilNs ?? scenario.durationNs, scenario.durationNs);
    const progress = new Progress(terminal, options.progress, `${scenario.name} ${scenario.run}`, endNs);
    const startedMs = terminal.now();
    try {
      return await recordRun(request, {
        files: terminal.files,
        outRoot: options.out,
        build: buildIn(terminal.build, this.folder),
        isAlive,
        onProgress: progress.show,
        shouldStop: interrupt.came,
        execution: ({ eventCount }) =>
          describeExecution(terminal, this.argv, startedMs, eventCount, this.folder),
      });
    } finally {
      progress.end();
    }
  }

  private judge({ summary, manifest }: RecordedRun): ExitCode {
    const failed = [...summary.thresholds, ...summary.expectations].some(({ fails }) => fails);
    const codes: ExitCode[] = [failed ? EXIT.THRESHOLD : EXIT.OK];
    const { fingerprint } = this.options;
    if (fingerprint !== undefined && !sameFingerprint(fingerprint, manifest)) {
      this.terminal.err(`error: the fingerprint is ${manifest.fingerprint.events}, not ${fingerprint}\n`);
      codes.push(EXIT.DIFFERENT);
    }
    return worst(codes);
  }

  private print(): void {
    const { terminal, options, printed } = this;
    const paint = paintFor(terminal.outIsTerminal, terminal.env, options.color);
    if (printed.length > 0) {
      const { format, steps } = options;
      const show = shownOf(printed, options);
      terminal.out(formatRuns(printed, { format, program: this.program, paint, steps, show }));
    }
    if (options.junit !== undefined)
      this.writeJunit(
        options.junit,
        printed.map(({ summary }) => summary),
      );
  }

  private writeJunit(path: string, summaries: readonly RunSummary[]): void {
    try {
      writeWholeFile(this.terminal.files, path, formatJunit(summaries.map(junitSuite)));
    } catch (error) {
      this.codes.push(reportFailure(this.terminal, error, ''));
    }
  }
}

/** A single run is told in full. So are scripts: what there is to say of them is which checks were met. */
function shownOf(printed: readonly PrintedRun[], { details }: RunOptions): Shown {
  const isScript = printed.some(({ summary }) => summary.expectations.some(({ kind }) => kind === 'step'));
  if (printed.length === 1 || isScript) return 'runs';
  return details ? 'both' : 'comparison';
}

/** `HEX` or `HEX/events`: the ingredients are named so that others can be added. */
function checkFingerprint(wanted: string, runs: number, repeats: boolean): void {
  if (repeats) throw new UsageError('--fingerprint needs a single run: leave out the repetitions');
  if (!/^[0-9a-f]{16}(\/events)?$/i.test(wanted)) {
    throw new UsageError(
      `--fingerprint ${wanted}: expected 16 hex digits, then /events or nothing; copy it from the run to compare with`,
    );
  }
  if (runs > 1) {
    throw new UsageError(
      `--fingerprint needs a single run, the scenario has ${runs}: choose with --strategy`,
    );
  }
}

const sameFingerprint = (wanted: string, { fingerprint }: Manifest): boolean =>
  wanted.toLowerCase().split('/')[0] === fingerprint.events;

function repeatOf(file: string, options: RunOptions, scenario: ResolvedScenario): string {
  const until = options.until === undefined ? [] : ['--until', options.until];
  const theory = options.theory ? ['--theory'] : [];
  return repeatLine([...repeatArguments(file, options, scenario), ...until, ...theory]);
}
