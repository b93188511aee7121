import type { Move } from '../scenario/resolved.ts';
import type { Choice } from './explore-order.ts';

/** An order that is to be run: what its parent did, and one move more. */
interface Branch {
  readonly parent: Branch | null;
  readonly move: Move;
}

/**
 * All orders there are, those with fewer moves first. Each run shows at which events there was a choice; behind its last
 * move every other choice is an order of its own. So each order comes once, and the first that fails has the fewest moves.
 *
 *   natural order ─► one move ─► two moves ─► …
 */
export class OrderTree {
  /** False when there are more orders than the tree was to hold. */
  isComplete = true;
  private readonly capacity: number;
  private waiting: Branch[] = [];
  private taken = 0;
  private total = 1;
  private current: Branch | null = null;

  /** `capacity`: orders, the natural one among them, beyond which nobody will ask. */
  constructor(capacity: number) {
    this.capacity = capacity;
  }

  /** Moves of the next order to run; null when all have been run. The natural order is run before the first call. */
  next(): readonly Move[] | null {
    if (this.taken === this.waiting.length) return null;
    this.current = this.waiting[this.taken++];
    const moves: Move[] = [];
    for (let branch: Branch | null = this.current; branch !== null; branch = branch.parent) {
      moves.push(branch.move);
    }
    return moves.reverse();
  }

  /** Adds the orders that the run just made leads to. */
  grow(choices: readonly Choice[]): void {
    const parent = this.current;
    const last = parent?.move.event ?? 0;
    for (const { event, count } of choices) {
      if (event <= last) continue;
      for (let rank = 1; rank < count; rank++) {
        if (this.total === this.capacity) {
          this.isComplete = false;
          return;
        }
        this.total++;
        this.waiting.push({ parent, move: { event, rank } });
      }
    }
  }
}
