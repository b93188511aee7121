import type { WarmupSummary } from '../experiment/detected-warmup.ts';
import type { RunSummary } from '../experiment/summary.ts';
import { formatFigure } from '../output/table.ts';

/** The warm-up of a run that had to find it, as a line; nothing where the scenario states it. */
export const warmupLine = ({ warmup }: RunSummary): string =>
  warmup === undefined ? '' : `warm-up ${formatFigure(warmup.ns)}, ${foundText(warmup)}\n`;

function foundText({ settled, batch, requests, leftOut }: WarmupSummary): string {
  if (requests === 0) return `MSER-${batch}: there are no ${batch} requests to look at`;
  const counts = `${leftOut} of ${requests} requests left out`;
  if (settled) return `MSER-${batch}: ${counts}`;
  return `MSER-${batch} finds no end of it: ${counts}; the run is too short, or never comes to rest`;
}

/** The same of several runs: the shortest and the longest, and how many did not come to rest. */
export function warmupRange(summaries: readonly RunSummary[]): string {
  const found = summaries.flatMap(({ warmup }) => (warmup === undefined ? [] : [warmup]));
  if (found.length === 0) return '';
  const times = found.map(({ ns }) => ns);
  const unsettled = found.filter(({ settled }) => !settled).length;
  const warning = unsettled === 0 ? '' : `; no end found in ${unsettled} of ${found.length} runs`;
  return `warm-up ${formatFigure(Math.min(...times))} … ${formatFigure(Math.max(...times))}, found run by run${warning}\n`;
}
