import type { Candidate } from '../kernel/dispatched-event.ts';
import type { EventOrder, EventWindow } from '../kernel/event-window.ts';
import type { Stream } from '../kernel/random.ts';
import type { Move } from '../scenario/resolved.ts';

/** Where a run had more than one event to choose among. */
export interface Choice {
  /** Number of the event in the window, counted from 1. */
  readonly event: number;
  readonly count: number;
}

/** Which of `count` candidates runs as event number `event`. */
export type Decide = (event: number, count: number) => number;

/** Who wants to know what an order does. */
export interface OrderListener {
  moved(move: Move, window: EventWindow): void;
  ran(event: number, what: Candidate): void;
}

/** An order of events that keeps what there was to choose, and what was chosen. */
export class RecordedOrder implements EventOrder {
  readonly choices: Choice[] = [];
  /** Choices of another event than the next one. */
  readonly moves: Move[] = [];
  private readonly decide: Decide;
  private readonly listener: OrderListener | null;

  constructor(decide: Decide, listener: OrderListener | null = null) {
    this.decide = decide;
    this.listener = listener;
  }

  choose(event: number, count: number, window: EventWindow): number {
    this.choices.push({ event, count });
    const rank = this.decide(event, count);
    if (rank === 0) return 0;
    const move = { event, rank };
    this.moves.push(move);
    this.listener?.moved(move, window);
    return rank;
  }

  runs(event: number, what: Candidate): void {
    this.listener?.ran(event, what);
  }
}

/** Takes these moves; those that do not fit, because others were left out, are passed over. */
export function following(moves: readonly Move[]): Decide {
  const ranks = new Map(moves.map(({ event, rank }) => [event, rank]));
  return (event, count) => {
    const rank = ranks.get(event) ?? 0;
    return rank < count ? rank : 0;
  };
}

/** Leaves a share of the choices to chance, each candidate as likely as the others. */
export const drawing =
  (stream: Stream, share: number): Decide =>
  (_event, count) =>
    stream.uniform() < share ? Math.floor(stream.uniform() * count) : 0;

/** `17:2 20:1`, empty for the natural order: equal orders have equal texts. */
export const formatMoves = (moves: readonly Move[]): string =>
  moves.map(({ event, rank }) => `${event}:${rank}`).join(' ');
