import { failures } from '../experiment/compared-run.ts';
import { grouped, instant } from './figures-of.ts';
import type { ReportRun } from './report-run.ts';
import type { ReportTable, Section } from './section.ts';

/** Which runs the report is about, what they were judged by, and how to have them again. */
export function runsSection(runs: readonly ReportRun[]): Section {
  const failed = failedTable(runs);
  return {
    id: 'runs',
    title: 'The runs',
    text: [
      '`chpsim replay` with the folder of a run simulates it once more and compares: same fingerprint, same bytes.',
    ],
    tables: [...(failed === null ? [] : [failed]), listTable(runs)],
    figures: [],
  };
}

const listTable = (runs: readonly ReportRun[]): ReportTable => ({
  title: 'Runs',
  columns: ['run', 'seed', 'program', 'ended', 'fingerprint', 'simulated', 'events', 'checks'],
  rows: runs.map(({ name, manifest, summary }) => {
    const checks = summary.thresholds.length + summary.expectations.length;
    const missed = failures(summary).length;
    const judged = checks === 0 ? '–' : missed === 0 ? `${checks} met` : `${missed} of ${checks} missed`;
    const { version, commit } = manifest.program;
    return [
      name,
      manifest.seed,
      commit === null ? version : `${version} (${commit.slice(0, 8)})`,
      manifest.termination,
      manifest.fingerprint.events,
      instant(manifest.endNs),
      grouped(manifest.eventCount),
      judged,
    ];
  }),
  wordColumns: 5,
});

function failedTable(runs: readonly ReportRun[]): ReportTable | null {
  const rows = runs.flatMap(({ name, summary }) =>
    failures(summary).map(({ outcome, text, reason }) => [name, outcome, text, reason]),
  );
  if (rows.length === 0) return null;
  return {
    title: 'Checks that failed',
    columns: ['run', 'outcome', 'check', 'reason'],
    rows,
    wordColumns: 4,
  };
}
