import type { RunSummary, SpanSummary } from '../experiment/summary.ts';
import type { Verdict } from '../experiment/verdicts.ts';
import { type Column, formatFigure, formatTable } from '../output/table.ts';
import { batchTable } from './batch-text.ts';
import { migrationTable } from './migration-text.ts';
import type { Paint } from './terminal.ts';

/** Phases beside each other; more would not fit a line, they stand in counts.csv. */
const MAX_PHASES = 6;

/** Channel paths shown: the busiest. */
const MAX_PATHS = 16;

const left = (title: string): Column => ({ title, align: 'left' });
const right = (title: string): Column => ({ title, align: 'right' });

/** The result of a run for people. */
export function resultText(summary: RunSummary, paint: Paint, allSteps: boolean): string {
  const { meta } = summary;
  const ending = meta.termination === 'completed' ? '' : `, ${meta.termination}`;
  const parts = [
    `${paint('bold', `${meta.scenario} ${meta.run}`)}: ${formatFigure(meta.endNs)} simulated${ending}, ${meta.eventCount} events, fingerprint ${meta.fingerprint}\n`,
    countTable(summary),
    timeTable(summary),
    pathTable(summary.total),
    summary.batches === undefined ? '' : batchTable(summary.batches),
    pciTable(summary),
    replayTable(summary),
    migrationTable([summary]),
    verdictTable([...summary.thresholds, ...summary.expectations], paint, allSteps),
  ];
  return parts.filter((part) => part !== '').join('\n');
}

function countTable({ total, phases }: RunSummary): string {
  const shown = Object.entries(phases).slice(0, MAX_PHASES);
  const names = Object.keys(total.counts).filter((name) => total.counts[name] !== 0);
  if (names.length === 0) return '';
  return formatTable(
    [left('count'), right('total'), ...shown.map(([phase]) => right(phase))],
    names.map((name) => [
      name,
      String(total.counts[name]),
      ...shown.map(([, span]) => String(span.counts[name] ?? 0)),
    ]),
  );
}

function timeTable({ total, phases }: RunSummary): string {
  const spans: [string, SpanSummary][] = [['', total], ...Object.entries(phases).slice(0, MAX_PHASES)];
  const rows = spans.flatMap(([phase, { times }]) =>
    Object.entries(times)
      .filter(([, time]) => time.max !== 0)
      .map(([name, time]) => [
        name,
        phase,
        String(time.count),
        ...[time.mean, time.p50, time.p95, time.p99, time.max].map(formatFigure),
      ]),
  );
  if (rows.length === 0) return '';
  const titles = ['count', 'mean', 'p50', 'p95', 'p99', 'max'].map(right);
  return formatTable([left('time'), left('phase'), ...titles], rows);
}

function pathTable({ channelPaths }: SpanSummary): string {
  const used = channelPaths.filter(({ operations }) => operations > 0);
  if (used.length === 0) return '';
  const busiest = [...used].sort((one, other) => other.utilisation - one.utilisation).slice(0, MAX_PATHS);
  const table = formatTable(
    [left('channel path'), right('operations'), right('utilisation')],
    used
      .filter((path) => busiest.includes(path))
      .map(({ chpid, operations, utilisation }) => [
        chpid,
        String(operations),
        `${(utilisation * 100).toFixed(2)} %`,
      ]),
  );
  const rest = used.length - busiest.length;
  return rest === 0 ? table : `${table}and ${rest} less busy ones, see summary.json\n`;
}

/** A row per ISM function and system: what its moves came to in each layer, and the verdict on the way there. */
function pciTable({ pci = [] }: RunSummary): string {
  if (pci.length === 0) return '';
  const counts = ['moves', 'failed', 'lost', 'exits', 'writes', 'stores', 'taken'] as const;
  return formatTable(
    [left('ISM function'), left('system'), left('way'), ...counts.map(right), left('verdict')],
    pci.map((entry) => [
      entry.function,
      entry.system,
      entry.path,
      ...counts.map((name) => String(entry[name])),
      entry.verdict,
    ]),
  );
}

/** A row per trace, and one below it for each reason why rows were not replayed. */
function replayTable({ replays = [] }: RunSummary): string {
  const rows = replays.flatMap((replay) => [
    [replay.workload, `${replay.file} (${replay.format})`, String(replay.rows)],
    ['', 'reads', String(replay.reads)],
    ['', 'writes', String(replay.writes)],
    ...Object.entries(replay.skipped).map(([reason, count]) => ['', `skipped: ${reason}`, String(count)]),
    ...(replay.left > 0 ? [['', 'left at the end of the run', String(replay.left)]] : []),
    ...(replay.requests === replay.replayed ? [] : [['', 'requests made of them', String(replay.requests)]]),
    ...(replay.heldBack > 0 ? [['', 'requests held back', String(replay.heldBack)]] : []),
  ]);
  if (rows.length === 0) return '';
  return formatTable([left('replay'), left('trace'), right('rows')], rows);
}

const STYLES = { met: 'green', failed: 'red', undecided: 'yellow' } as const;

/** Checks of a script are many, and one that was met says no more than the others: they are told as a number, unless all are asked for. */
function verdictTable(verdicts: readonly Verdict[], paint: Paint, allSteps: boolean): string {
  const shown = verdicts.filter(({ kind, outcome }) => allSteps || kind !== 'step' || outcome === 'failed');
  const steps = verdicts.filter(({ kind }) => kind === 'step');
  const met = steps.filter(({ outcome }) => outcome === 'met').length;
  const skipped = steps.filter(({ outcome }) => outcome === 'undecided').length;
  const notExecuted = skipped === 0 ? '' : `, ${skipped} not executed`;
  const script =
    steps.length === 0 ? '' : `${met} of ${steps.length} checks of the program met${notExecuted}\n`;
  if (shown.length === 0) return script;
  const table = formatTable(
    [left('outcome'), left('check'), left('reason')],
    shown.map(({ outcome, text, reason }) => [outcome, text, reason]),
  );
  // Painted after the columns were aligned: colour has no width.
  const painted = table.replace(/^(met|failed|undecided)/gm, (outcome) =>
    paint(STYLES[outcome as keyof typeof STYLES], outcome),
  );
  return painted + script;
}
