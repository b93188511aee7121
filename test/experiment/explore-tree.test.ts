import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { following, RecordedOrder } from '../../src/experiment/explore-order.ts';
import { shorten } from '../../src/experiment/explore-shorten.ts';
import { OrderTree } from '../../src/experiment/explore-tree.ts';
import { EventWindow } from '../../src/kernel/event-window.ts';
import { LadderQueue } from '../../src/kernel/ladder-queue.ts';
import { Simulation } from '../../src/kernel/simulation.ts';
import { NEVER } from '../../src/kernel/time.ts';

/** Event `n` is scheduled by event `parents[n]`, or is there from the beginning (−1). */
type Forest = readonly number[];

const forests: fc.Arbitrary<Forest> = fc
  .array(fc.nat(), { minLength: 1, maxLength: 6 })
  .map((draws) => draws.map((draw, at) => (draw % (at + 1)) - 1));

/** Runs the forest in one order; returns the events as they ran. */
function run(forest: Forest, order: RecordedOrder): number[] {
  const sim: Simulation = new Simulation({
    queue: (events, timers) =>
      new EventWindow(
        { fromNs: 0, toNs: 1_000, isMovable: () => true, order },
        events,
        timers,
        new LadderQueue(events),
      ),
  });
  const ran: number[] = [];
  const kind = sim.defineEvent('event', (at) => {
    ran.push(at);
    forest.forEach((parent, child) => {
      if (parent === at) sim.post(10, 0, kind, child, 0);
    });
  });
  forest.forEach((parent, at) => {
    if (parent < 0) sim.at(at, 0, kind, at, 0);
  });
  sim.run(NEVER);
  return ran;
}

/** Orders of the events of a forest in which parents come before children: n! / product of the sizes of all subtrees. */
function orderCount(forest: Forest): number {
  const sizes = forest.map(() => 1);
  for (let at = forest.length - 1; at >= 0; at--) if (forest[at] >= 0) sizes[forest[at]] += sizes[at];
  let orders = 1;
  sizes.forEach((size, at) => {
    orders *= (at + 1) / size;
  });
  return Math.round(orders);
}

function everyOrder(
  forest: Forest,
  capacity: number,
): { texts: string[]; lengths: number[]; tree: OrderTree } {
  const tree = new OrderTree(capacity);
  const texts: string[] = [];
  const lengths: number[] = [];
  for (let moves: ReturnType<OrderTree['next']> = []; moves !== null; moves = tree.next()) {
    const order = new RecordedOrder(following(moves));
    texts.push(run(forest, order).join(' '));
    lengths.push(moves.length);
    expect(order.moves).toEqual(moves);
    tree.grow(order.choices);
  }
  return { texts, lengths, tree };
}

describe('the tree of orders', () => {
  it('has each order once, and none in which something runs before its cause', () => {
    fc.assert(
      fc.property(forests, (forest) => {
        const { texts, tree } = everyOrder(forest, 1_000);
        expect(new Set(texts).size).toBe(texts.length);
        expect(texts.length).toBe(orderCount(forest));
        expect(tree.isComplete).toBe(true);
      }),
    );
  });

  it('has those with fewer moves first', () => {
    fc.assert(
      fc.property(forests, (forest) => {
        const { lengths } = everyOrder(forest, 1_000);
        expect(lengths).toEqual(lengths.toSorted((a, b) => a - b));
      }),
    );
  });

  it('ends where its capacity ends', () => {
    const { texts, tree } = everyOrder([-1, -1, -1, -1], 10);
    expect(texts).toHaveLength(10);
    expect(tree.isComplete).toBe(false);
  });
});

describe('shortening an order', () => {
  it('leaves exactly the moves that matter, wherever they are', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.integer({ min: 1, max: 40 }), { maxLength: 24 }),
        fc.nat(),
        async (all, pick) => {
          const events = all.toSorted((a, b) => a - b);
          const needed = events.filter((_, at) => ((pick >> (at % 8)) & 1) === 1 && at % 5 === 0);
          const moves = events.map((event) => ({ event, rank: 1 }));
          const short = await shorten(moves, async (tried) =>
            needed.every((event) => tried.some((move) => move.event === event)) ? tried : null,
          );
          expect(short.map(({ event }) => event)).toEqual(needed);
        },
      ),
    );
  });
});
