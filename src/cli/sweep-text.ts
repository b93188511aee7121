import type { SweepRun } from '../experiment/sweep/sweep-runs.ts';
import type { WrittenTable } from '../experiment/sweep/table-files.ts';
import { formatTable } from '../output/table.ts';
import type { SweepAxis } from '../scenario/sweep-plan.ts';

/** What became of a sweep. */
export interface SweepReport {
  readonly points: number;
  readonly bad: number;
  /** Of the shard. */
  readonly runs: number;
  /** Runs that the store held already. */
  readonly resumed: number;
  readonly finished: number;
  /** Runs of which nothing came. */
  readonly failed: number;
  /** Runs that missed a threshold or an expectation. */
  readonly missed: readonly MissedRun[];
  readonly results: WrittenTable;
  readonly table: WrittenTable;
}

export interface MissedRun {
  readonly run: SweepRun;
  readonly failed: readonly string[];
}

export interface ListedRun {
  readonly run: SweepRun;
  readonly isFinished: boolean;
}

/** Runs that missed something, shown one by one. */
const MOST_MISSED = 20;

/** The points and their runs, for people. */
export function listText(axes: readonly SweepAxis[], listed: readonly ListedRun[]): string {
  const columns = ['point', ...axes.map(({ path }) => path), 'run', 'repetition', 'seed', 'state'];
  return formatTable(
    columns.map((title, at) => ({ title, align: at === 0 ? 'right' : 'left' })),
    listed.map(({ run, isFinished }) => [
      String(run.point.number),
      ...run.point.values.map(({ text }) => text),
      run.run,
      String(run.repetition),
      run.job.seed,
      isFinished ? 'finished' : 'to do',
    ]),
  );
}

/** The same for programs. */
export const listObject = (axes: readonly SweepAxis[], listed: readonly ListedRun[]): object[] =>
  listed.map(({ run, isFinished }) => ({
    point: run.point.number,
    values: Object.fromEntries(axes.map(({ path }, at) => [path, run.point.values[at].text])),
    run: run.run,
    repetition: run.repetition,
    seed: run.job.seed,
    key: run.key,
    finished: isFinished,
  }));

/** What became of all of it, for people. */
export function sweepText(report: SweepReport): string {
  const { points, bad, runs, resumed, finished, failed, missed, results, table } = report;
  const parts = [
    `${finished} of ${runs} runs at ${points} points finished`,
    resumed > 0 ? `${resumed} of them before` : '',
    failed > 0 ? `${failed} failed` : '',
    bad > 0 ? `no valid scenario at ${bad} points` : '',
    missed.length > 0 ? `${missed.length} missed a threshold or an expectation` : '',
  ];
  return [
    `${parts.filter((part) => part !== '').join('; ')}\n`,
    ...missed.slice(0, MOST_MISSED).map(missedText),
    missed.length > MOST_MISSED ? `and ${missed.length - MOST_MISSED} more\n` : '',
    `results  ${filesOf(results)}  ${results.rows} rows\n`,
    `runs     ${filesOf(table)}\n`,
  ].join('');
}

/** The same for programs. */
export const sweepObject = ({ missed, ...report }: SweepReport): object => ({
  ...report,
  missed: missed.map(({ run, failed }) => ({
    point: run.point.number,
    run: run.run,
    repetition: run.repetition,
    failed,
  })),
});

const missedText = ({ run, failed }: MissedRun): string =>
  `point ${run.point.number}, ${run.run}, repetition ${run.repetition}: ${failed.join('; ')}\n`;

const filesOf = ({ csv, parquet }: WrittenTable): string =>
  parquet === null ? `${csv} (too many rows for Parquet)` : `${csv} ${parquet}`;
