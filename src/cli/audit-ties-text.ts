import type { ChangedValue } from '../experiment/changed-values.ts';
import { type TieAudit, type TieTrial, trialDiffers } from '../experiment/tie-audit.ts';
import { type Dependence, dependence, shareOf } from '../experiment/tie-dependence.ts';
import { formatTable } from '../output/table.ts';
import type { ResolvedScenario } from '../scenario/resolved.ts';
import { repeatLine } from './repeat-line.ts';

const SHOWN_KINDS = 5;
const SHOWN_CHANGES = 5;

/** What `chpsim audit-ties` prints of one run; `repeat`: the command line that makes it. */
export function auditTiesText(
  { name, run, seed }: ResolvedScenario,
  { ties, trials, fingerprint }: TieAudit,
  repeat: readonly string[],
): string {
  const differing = trials.filter(trialDiffers);
  return [
    `${name} ${run}, seed ${seed}: ${ties.events} events, fingerprint ${fingerprint}\n`,
    `${ties.ties} ties of ${ties.tied} events with equal time and priority, ${ties.touching} about what another of their tie is about`,
    ties.kinds.length === 0 ? '\n' : `: ${kindsText(ties.kinds)}\n`,
    trials.length === 0 ? '' : trialTable(trials),
    ...differing.slice(0, 1).map((trial) => changesText(trial, repeat)),
    verdictText(trials, differing.length),
  ].join('');
}

function kindsText(kinds: TieAudit['ties']['kinds']): string {
  const shown = kinds.slice(0, SHOWN_KINDS).map(({ name, events }) => `${name} ${events}`);
  return kinds.length > SHOWN_KINDS ? `${shown.join(', ')} …` : shown.join(', ');
}

function trialTable(trials: readonly TieTrial[]): string {
  const told = (changes: readonly ChangedValue[]): string =>
    changes.length === 0 ? 'same' : `${changes.length} differ`;
  return formatTable(
    [
      { title: 'order', align: 'left' },
      { title: 'counts', align: 'right' },
      { title: 'statistics', align: 'right' },
      { title: 'checks', align: 'right' },
      { title: 'fingerprint', align: 'left' },
    ],
    trials.map(({ order, defect, counts, statistics, verdicts, fingerprint }) =>
      defect === ''
        ? [order, told(counts), told(statistics), told(verdicts), fingerprint]
        : [order, '-', '-', '-', `defect: ${defect}`],
    ),
  );
}

/** The values that another order changes most, checks first, and how to have that run. */
function changesText({ order, counts, statistics, verdicts }: TieTrial, repeat: readonly string[]): string {
  const changed = [...verdicts, ...[counts, statistics].flatMap(mostFirst)];
  const rows = changed
    .slice(0, SHOWN_CHANGES)
    .map((change) => [change.path, change.left ?? '-', change.right ?? '-', percent(shareOf(change))]);
  const table =
    rows.length === 0
      ? ''
      : formatTable(
          [
            { title: 'figure', align: 'left' },
            { title: 'fifo', align: 'right' },
            { title: order, align: 'right' },
            { title: 'change', align: 'right' },
          ],
          rows,
        );
  return `\n${table}run it: ${repeatLine([...repeat, '--ties', order])}\n`;
}

const mostFirst = (changes: readonly ChangedValue[]): ChangedValue[] =>
  [...changes].sort((a, b) => shareOf(b) - shareOf(a));

function verdictText(trials: readonly TieTrial[], differing: number): string {
  if (trials.length === 0) return 'no result depends on the order: there are no ties\n\n';
  if (differing === 0) return `no result depends on the order, of ${trials.length} that were tried\n\n`;
  const checks = dependence(trials, ({ verdicts }) => verdicts).figures;
  const sizes = [
    sizeText(
      'counts',
      dependence(trials, ({ counts }) => counts),
    ),
    sizeText(
      'other figures',
      dependence(trials, ({ statistics }) => statistics),
    ),
    checks === 0 ? 'no check' : `${checks} checks`,
  ];
  return `results depend on the order: they differ in ${differing} of ${trials.length}; ${sizes.join(', ')}\n\n`;
}

function sizeText(kind: string, { figures, largest }: Dependence): string {
  if (largest === null) return `no ${kind}`;
  return `${figures} ${kind} by up to ${percent(largest.share)} (${largest.change.path})`;
}

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;
