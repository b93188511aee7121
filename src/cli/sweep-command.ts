import process from 'node:process';
import { axesOf, gridSize, MOST_POINTS } from '../experiment/sweep/points.ts';
import { RecordStore } from '../experiment/sweep/record-store.ts';
import { resultTable, runTable } from '../experiment/sweep/result-table.ts';
import {
  distinctRuns,
  type FailedRun,
  performRuns,
  type Shard,
  type SweepWork,
  sweepWork,
} from '../experiment/sweep/sweep.ts';
import type { SweepRun } from '../experiment/sweep/sweep-runs.ts';
import { writeTable } from '../experiment/sweep/table-files.ts';
import type { CommandContext } from './commands/context.ts';
import { isAlive } from './execution.ts';
import { EXIT, type ExitCode, worst } from './exit-codes.ts';
import { Interrupt } from './interrupt.ts';
import { ProgressLine, type ProgressMode } from './progress.ts';
import { type EngineName, sweepEngine } from './sweep-engine.ts';
import { badPointsText, EXIT_OF_FAILURE, failedRunsText } from './sweep-failures.ts';
import { readSweep, type SweepInput } from './sweep-input.ts';
import {
  listObject,
  listText,
  type MissedRun,
  type SweepReport,
  sweepObject,
  sweepText,
} from './sweep-text.ts';
import { UsageError } from './usage-error.ts';

export interface SweepCommandOptions {
  readonly axes?: string;
  readonly list: boolean;
  readonly shard: Shard;
  /** Takes from the store what is finished. */
  readonly resume?: boolean;
  /** Patterns of metrics for the table of results; none: all. */
  readonly metric: readonly string[];
  readonly seed?: string;
  readonly set: readonly string[];
  readonly strategy: readonly string[];
  readonly run: readonly string[];
  readonly out: string;
  readonly jobs: number;
  readonly engine: EngineName;
  /** Empty: nowhere. */
  readonly redis: string;
  readonly json: boolean;
  readonly progress: ProgressMode;
  readonly color: boolean;
}

/** `chpsim sweep`: a scenario at every point of a grid. */
export async function sweepCommand(
  context: CommandContext,
  file: string,
  options: SweepCommandOptions,
): Promise<ExitCode> {
  if (options.engine === 'bullmq' && options.redis === '') {
    throw new UsageError('--engine bullmq: where is Redis? --redis redis://localhost:6379, or CHPSIM_REDIS');
  }
  const input = readSweep(context.terminal, context.info, file, options);
  if (input === null) return EXIT.USAGE;
  const size = gridSize(input.plan);
  if (size > MOST_POINTS) throw new UsageError(`${size} points: a sweep has at most ${MOST_POINTS}`);
  return new Sweep(context, input, options).perform();
}

class Sweep {
  private readonly context: CommandContext;
  private readonly input: SweepInput;
  private readonly options: SweepCommandOptions;
  private readonly interrupt: Interrupt;
  private readonly store: RecordStore;
  private readonly line: ProgressLine;
  /** What the first signal stops. */
  private stop: () => void = () => {};

  constructor(context: CommandContext, input: SweepInput, options: SweepCommandOptions) {
    const { terminal } = context;
    this.context = context;
    this.input = input;
    this.options = options;
    this.interrupt = new Interrupt(terminal, () => this.stop());
    this.store = new RecordStore(terminal.files, `${input.folder}/runs`, process.pid);
    this.line = new ProgressLine(terminal, options.progress);
  }

  async perform(): Promise<ExitCode> {
    try {
      return await this.all();
    } finally {
      this.interrupt.end();
    }
  }

  private async all(): Promise<ExitCode> {
    const { context, input, options, interrupt, line } = this;
    const { terminal } = context;
    const work = await sweepWork(input.plan, input.swept, options.shard, (read, points) => {
      line.show(() => `${read} of ${points} points read`);
      return interrupt.came();
    });
    line.end();
    if (interrupt.code !== null) return interrupt.code;
    terminal.err(badPointsText(work.bad));
    const codes: ExitCode[] = work.bad.length > 0 ? [EXIT.USAGE] : [];
    if (work.runs.length === 0 && codes.length === 0) codes.push(this.nothingToDo(work));
    if (options.list) this.list(work);
    else codes.push(...(await this.run(work)));
    return worst(codes);
  }

  private nothingToDo({ points }: SweepWork): ExitCode {
    const { plan } = this.input;
    const { shard, run } = this.options;
    if (points.length === 0) throw new UsageError(`where leaves none of ${gridSize(plan)} points`);
    if (run.length > 0) throw new UsageError(`no point has a run ${run.join(' or ')}`);
    this.context.terminal.err(
      `warning: fewer than ${shard.number} runs, so there is nothing in this shard\n`,
    );
    return EXIT.OK;
  }

  private list({ runs }: SweepWork): void {
    const { terminal } = this.context;
    const axes = axesOf(this.input.plan);
    const listed = runs.map((run) => ({ run, isFinished: this.store.has(run.key) }));
    terminal.out(
      this.options.json ? `${JSON.stringify({ runs: listObject(axes, listed) })}\n` : listText(axes, listed),
    );
  }

  private async run(work: SweepWork): Promise<ExitCode[]> {
    const { context, options, interrupt, store } = this;
    store.open(isAlive);
    const distinct = distinctRuns(work.runs);
    const wanted = options.resume === false ? distinct : distinct.filter(({ key }) => !store.has(key));
    const failed = wanted.length === 0 ? [] : await this.simulate(wanted);
    context.terminal.err(failedRunsText(failed));
    const report = this.collect(work, distinct.length - wanted.length, failed);
    context.terminal.out(
      options.json
        ? `${JSON.stringify({ meta: { schemaVersion: 1, ...context.info }, ...sweepObject(report) })}\n`
        : sweepText(report),
    );
    const codes = failed.map(({ failure }) => EXIT_OF_FAILURE[failure.kind]);
    if (report.missed.length > 0) codes.push(EXIT.THRESHOLD);
    if (interrupt.code !== null) codes.push(interrupt.code);
    return codes;
  }

  private async simulate(wanted: readonly SweepRun[]): Promise<FailedRun[]> {
    const { context, options, line, store } = this;
    const engine = await sweepEngine(context, options);
    this.stop = () => engine.stop();
    try {
      return await performRuns(wanted, store, engine, ({ done, wanted: all }) =>
        line.show((seconds) => {
          const rate = seconds > 0 ? done / seconds : 0;
          return `${done} of ${all} runs  ${rate.toFixed(1)} runs/s  ${Math.ceil((all - done) / rate)} s left`;
        }),
      );
    } finally {
      line.end();
      await engine.end();
    }
  }

  /** Writes the tables from what the store holds now. */
  private collect(
    { points, bad, runs }: SweepWork,
    resumed: number,
    failed: readonly FailedRun[],
  ): SweepReport {
    const { context, input, options, store } = this;
    const axes = axesOf(input.plan);
    const target = { files: context.terminal.files, folder: input.folder, pid: process.pid };
    const { number, of } = options.shard;
    const suffix = of === 1 ? '' : `-${number}-of-${of}`;
    const missed: MissedRun[] = [];
    let finished = 0;
    for (const run of runs) {
      const record = store.find(run.key);
      if (record !== null) finished++;
      if (record !== null && record.failed.length > 0) missed.push({ run, failed: record.failed });
    }
    return {
      points: points.length,
      bad: bad.length,
      runs: runs.length,
      resumed,
      finished,
      failed: failed.length,
      missed,
      results: writeTable(target, `results${suffix}`, resultTable(axes, options.metric), runs, store),
      table: writeTable(target, `runs${suffix}`, runTable(axes), runs, store),
    };
  }
}
