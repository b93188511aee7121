import { type EventOrder, EventWindow } from '../kernel/event-window.ts';
import { LadderQueue } from '../kernel/ladder-queue.ts';
import type { Simulation, SimulationOptions } from '../kernel/simulation.ts';
import type { Move, ResolvedExplore, ResolvedScenario } from './resolved.ts';

/** The order of events that a scenario asks for: the natural one but for its moves. */
export class ListedOrder implements EventOrder {
  private readonly ranks: ReadonlyMap<number, number>;
  private followed = 0;
  private tooFew = '';

  constructor(moves: readonly Move[]) {
    this.ranks = new Map(moves.map(({ event, rank }) => [event, rank]));
  }

  choose(ordinal: number, count: number): number {
    const rank = this.ranks.get(ordinal) ?? 0;
    if (rank === 0) return 0;
    if (rank < count) {
      this.followed++;
      return rank;
    }
    if (this.tooFew === '') this.tooFew = `event ${ordinal} has ${count - 1} places behind it, not ${rank}`;
    return 0;
  }

  /** Why the run could not take the order, empty when it did: the order belongs to another scenario. */
  get misfit(): string {
    if (this.tooFew !== '') return this.tooFew;
    const left = this.ranks.size - this.followed;
    return left === 0 ? '' : `${left} of ${this.ranks.size} moves found nothing to choose among`;
  }
}

/** The order that a plain run takes; null: the natural one. */
export const listedOrder = ({ explore }: ResolvedScenario): ListedOrder | null =>
  explore === undefined || explore.order.length === 0 ? null : new ListedOrder(explore.order);

/** Options of a simulation in whose window `order` decides. `sim` gives that simulation, once it exists. */
export function windowOptions(
  { fromNs, toNs, events, fixed }: ResolvedExplore,
  order: EventOrder,
  sim: () => Simulation,
): SimulationOptions {
  const isNamed = nameFilter(events);
  const isFixed = nameFilter(fixed);
  const isMovable = (kind: number, target: number): boolean => {
    const running = sim().describe(kind, target);
    const names = [running.kind, running.name];
    return names.some(isNamed) && !names.some(isFixed);
  };
  return {
    queue: (pending, timers) =>
      new EventWindow({ fromNs, toNs, isMovable, order }, pending, timers, new LadderQueue(pending)),
  };
}

/** Whether a name fits one of the patterns, in which `*` stands for any characters. */
function nameFilter(patterns: readonly string[]): (name: string) => boolean {
  const expressions = patterns.map((pattern) => {
    const parts = pattern.split('*').map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&'));
    return new RegExp(`^${parts.join('.*')}$`);
  });
  const known = new Map<string, boolean>();
  return (name) => {
    let fits = known.get(name);
    if (fits === undefined) {
      fits = expressions.some((expression) => expression.test(name));
      known.set(name, fits);
    }
    return fits;
  };
}
