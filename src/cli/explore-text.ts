import type { Exploration, ExploredOutcome, FailingOrder } from '../experiment/explore.ts';
import { formatMoves } from '../experiment/explore-order.ts';
import type { WindowEvent } from '../experiment/explore-trial.ts';
import { formatTable, formatTime } from '../output/table.ts';
import type { ReportedExploration } from './explore-command.ts';
import type { Paint } from './terminal.ts';

/** Outcomes shown: the most frequent ones, and those that failed. */
const MAX_OUTCOMES = 12;
/** Differences to the natural order shown of one outcome. */
const MAX_DIFFERENCES = 4;
/** An order of more moves would fill the screen. */
const MAX_MOVES = 6;
const MAX_OVERTAKEN = 3;

/** What became of all orders, for people. */
export function explorationText(
  { exploration, file, repeat }: ReportedExploration,
  paint: Paint,
  listsEvents: boolean,
): string {
  const { scenario, events, outcomes, failure } = exploration;
  const { fromNs, toNs } = scenario.explore!;
  const span = `${formatTime(toNs - fromNs)} from ${formatTime(fromNs)}`;
  const parts = [
    `${paint('bold', `${scenario.name} ${scenario.run}`)}: ${span}, ${countOf(exploration)}\n`,
    listsEvents ? eventTable(events, fromNs) : '',
    outcomeTable(outcomes),
    outcomes.map(differencesOf).join(''),
    failure === null ? `${paint('green', 'no order fails')}\n` : failureText(exploration, failure, paint),
    `seed    ${scenario.seed}\n${file === '' ? '' : `file    ${file}\nrepeat  ${repeat}\n`}`,
  ];
  return parts.filter((part) => part !== '').join('\n');
}

/** The same for programs. */
export function explorationObject({ exploration, file, repeat }: ReportedExploration): object {
  const { scenario, ...found } = exploration;
  const { name, run, seed, explore } = scenario;
  return { scenario: name, run, seed, explore, ...found, file, repeat };
}

function countOf(exploration: Exploration): string {
  const { events, choices, orders, failed } = exploration;
  if (choices === 0) return 'nothing to choose';
  return `${events.length} events, choices at ${choices}\n${orders} orders, ${shareOf(exploration)}; ${failed} failed`;
}

function shareOf({ isComplete, isInterrupted, estimate }: Exploration): string {
  if (isComplete) return 'all there are';
  if (isInterrupted) return 'interrupted';
  return Number.isFinite(estimate) ? `of about ${estimate.toPrecision(2)}` : 'of more than can be counted';
}

function eventTable(events: readonly WindowEvent[], fromNs: number): string {
  return formatTable(
    [
      { title: 'event', align: 'right' },
      { title: 'time', align: 'right' },
      { title: 'what', align: 'left' },
    ],
    events.map(({ event, timeNs, name }) => [String(event), `+${formatTime(timeNs - fromNs)}`, name]),
  );
}

function outcomeTable(outcomes: readonly ExploredOutcome[]): string {
  const total = outcomes.reduce((sum, { orders }) => sum + orders, 0);
  const shown = shownOf(outcomes);
  const table = formatTable(
    [
      { title: 'outcome', align: 'left' },
      { title: 'orders', align: 'right' },
      { title: 'share', align: 'right' },
      { title: 'result', align: 'left' },
      { title: 'first order', align: 'left' },
    ],
    shown.map(({ digest, orders, fails, moves }) => [
      digest,
      String(orders),
      `${((orders * 100) / total).toFixed(1)} %`,
      fails ? 'failed' : 'met',
      movesText(moves),
    ]),
  );
  const rest = outcomes.length - shown.length;
  return rest === 0 ? table : `${table}and ${rest} rarer outcomes\n`;
}

function differencesOf({ digest, differences }: ExploredOutcome, at: number): string {
  if (at >= MAX_OUTCOMES || differences.length === 0) return '';
  const rest = differences.length - MAX_DIFFERENCES;
  const more = rest > 0 ? `  and ${rest} more\n` : '';
  return `${digest}\n${differences
    .slice(0, MAX_DIFFERENCES)
    .map((text) => `  ${text}\n`)
    .join('')}${more}`;
}

function failureText(
  { scenario, failed, orders }: Exploration,
  { moves, events, reasons }: FailingOrder,
  paint: Paint,
): string {
  const { fromNs } = scenario.explore!;
  const outOfTurn = events.filter(({ aheadOf }) => aheadOf.length > 0);
  return [
    `${paint('red', `${failed} of ${orders} orders ${failed === 1 ? 'fails' : 'fail'}`)}; the shortest: ${movesText(moves)}\n`,
    ...outOfTurn.map(
      ({ event, timeNs, name, aheadOf }) =>
        `  event ${event}, +${formatTime(timeNs - fromNs)}: ${name} ahead of ${overtaken(aheadOf)}\n`,
    ),
    ...reasons.map((reason) => `failed  ${reason}\n`),
  ].join('');
}

const shownOf = (outcomes: readonly ExploredOutcome[]): readonly ExploredOutcome[] =>
  outcomes.filter(({ fails }, at) => fails || at < MAX_OUTCOMES).slice(0, 2 * MAX_OUTCOMES);

function movesText(moves: readonly { readonly event: number; readonly rank: number }[]): string {
  if (moves.length === 0) return 'the natural one';
  if (moves.length > MAX_MOVES) return `${formatMoves(moves.slice(0, MAX_MOVES))} … ${moves.length} moves`;
  return formatMoves(moves);
}

function overtaken(names: readonly string[]): string {
  const rest = names.length - MAX_OVERTAKEN;
  return names.slice(0, MAX_OVERTAKEN).join(', ') + (rest > 0 ? ` and ${rest} more` : '');
}
