import type { ChangedValue } from './changed-values.ts';
import type { TieTrial } from './tie-audit.ts';

/** How much the order of ties is worth to one kind of figures, over all orders that were tried. */
export interface Dependence {
  /** Figures that came out another way in any order. */
  readonly figures: number;
  /** The one that changed most in proportion to the larger of its two values; null: none changed. */
  readonly largest: { readonly change: ChangedValue; readonly share: number } | null;
}

/** `changesOf` picks counts, statistics or verdicts of a trial. */
export function dependence(
  trials: readonly TieTrial[],
  changesOf: (trial: TieTrial) => readonly ChangedValue[],
): Dependence {
  const changes = trials.flatMap(changesOf);
  const figures = new Set(changes.map(({ path }) => path)).size;
  let largest: Dependence['largest'] = null;
  for (const change of changes) {
    const share = shareOf(change);
    if (largest === null || share > largest.share) largest = { change, share };
  }
  return { figures, largest };
}

/** 0 to 1, and 2 for values of different sign; what is no number, or is missing in one order, has changed altogether. */
export function shareOf({ left, right }: ChangedValue): number {
  const [one, other] = [left, right].map((value) => (value === null ? Number.NaN : Number(value)));
  const larger = Math.max(Math.abs(one!), Math.abs(other!));
  if (Number.isNaN(larger)) return 1;
  return Math.abs(one! - other!) / larger;
}
