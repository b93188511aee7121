import type { RunSummary } from '../experiment/summary.ts';
import { type Column, formatFigure, formatTable } from '../output/table.ts';

const left = (title: string): Column => ({ title, align: 'left' });
const right = (title: string): Column => ({ title, align: 'right' });

/** What became of migrations, a row for each; what QEMU printed stands below, line by line. Of several runs with their names. */
export function migrationTable(runs: readonly RunSummary[]): string {
  const rows = runs.flatMap(({ meta, migrations = [] }) =>
    migrations.flatMap(({ atNs, system, verdict, messages }, at) => [
      [at === 0 ? meta.run : '', formatFigure(atNs), system, verdict, messages[0] ?? ''],
      ...messages.slice(1).map((line) => ['', '', '', '', line]),
    ]),
  );
  if (rows.length === 0) return '';
  const columns = [left('run'), right('migration'), left('system'), left('outcome'), left('printed by QEMU')];
  const first = runs.length === 1 ? 1 : 0;
  return formatTable(
    columns.slice(first),
    rows.map((row) => row.slice(first)),
  );
}
