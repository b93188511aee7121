import { RandomStreams, type Stream } from '../kernel/random.ts';
import type { SimulationOptions } from '../kernel/simulation.ts';
import { type TieOrder, TieQueue, type TieWitness } from '../kernel/tie-queue.ts';

/** First scheduled, first run: what every run does that is not asked for another order. */
const FIFO: TieOrder = { choose: () => 0 };
const LIFO: TieOrder = { choose: (count) => count - 1 };

/** Any order is as likely as the others. The draws are none of the run's: they move nothing else in it. */
class Shuffled implements TieOrder {
  private readonly stream: Stream;

  constructor(seed: string) {
    this.stream = new RandomStreams(seed).stream('ties');
  }

  choose(count: number): number {
    return Math.floor(this.stream.uniform() * count);
  }
}

/** An order of events of equal time and priority by its name: `fifo`, `lifo`, `shuffle:SEED`; null: no such order. */
export function tieOrder(name: string): TieOrder | null {
  if (name === 'fifo') return FIFO;
  if (name === 'lifo') return LIFO;
  const [, seed] = /^shuffle:(.+)$/.exec(name) ?? [];
  return seed === undefined ? null : new Shuffled(seed);
}

/** Options of a simulation that takes such events in this order. */
export const tieOptions = (order: TieOrder, witness: TieWitness | null = null): SimulationOptions => ({
  queue: (events, timers) => new TieQueue(order, events, timers, witness),
});

/** The same for what a scenario was told by the command line; nothing, and the kernel's own queue, otherwise. */
export function scenarioTies({ ties }: { readonly ties?: string }): SimulationOptions {
  const order = ties === undefined ? null : tieOrder(ties);
  return order === null ? {} : tieOptions(order);
}
