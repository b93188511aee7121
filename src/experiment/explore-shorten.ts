import type { Move } from '../scenario/resolved.ts';

/**
 * Leaves moves out of an order that fails as long as it still fails: first halves, at last single moves. `fails` runs an
 * order and gives the moves that it really took; null: it does not fail, or no more orders are to be run.
 */
export async function shorten(
  moves: readonly Move[],
  fails: (moves: readonly Move[]) => Promise<readonly Move[] | null>,
): Promise<readonly Move[]> {
  let shortest = moves;
  for (let length = Math.ceil(moves.length / 2); ; length = Math.ceil(length / 2)) {
    for (let at = 0; at < shortest.length; ) {
      const rest = [...shortest.slice(0, at), ...shortest.slice(at + length)];
      const taken = await fails(rest);
      if (taken !== null && taken.length < shortest.length) shortest = taken;
      else at += length;
    }
    if (length <= 1) return shortest;
  }
}
